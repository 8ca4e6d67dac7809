"""Two offices full of work on SQLite, kept for all tests of a file: what one has, the other has."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hosting.console.application import create_console
from hosting.runtime.records import Base, LedgerRecord, PlatformRecord, TenantRecord
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.security.audit_key import make_audit_key
from hosting.security.models import Account, Membership, SignIn
from hosting.security.roles import PLATFORM_ROLES
from parts.city_hall import CityHall
from parts.county_work import fill
from parts.page_forms import PageForm
from parts.people import Browser
from parts.platform import HILL, RIVER, Place, make_home
from parts.workplace import Office, bench_of, grow_columns, staff
from provisioning.deletion.models import TenantDeletion
from tenants.content.models import Edition, Item
from tenants.media.models import Asset
from tenants.receipts.models import WithdrawalCheck
from tenants.review.models import RepostAcceptance
from tenants.sites.models import CityNotice, Column

# What stands in an address by this name is an id of this class.
KINDS: dict[str, type[TenantRecord]] = {
    "item_id": Item,
    "edition_id": Edition,
    "asset_id": Asset,
    "column_id": Column,
    "acceptance_id": RepostAcceptance,
}
CITY_KINDS: dict[str, type[PlatformRecord | LedgerRecord]] = {
    "account_id": Account,
    "membership_id": Membership,
    "sign_in_id": SignIn,
    "deletion_id": TenantDeletion,
    "notice_id": CityNotice,
}
NOTHING = 777_777_777_777_777_777
"""An id of the right size that nothing has."""


@dataclass(frozen=True)
class Work:
    """One piece of the county's work: where it is, and what a person has seen of it."""

    item_id: int
    edition_id: int
    digest: str


@dataclass
class Offices:
    """A county and a department with work in every state, and the city above them."""

    runtime: Runtime
    app: Flask
    county: Office
    department: Office
    hall: CityHall
    work: dict[str, Work]
    signed_in: dict[str, Browser] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def ids(self, name: str, place: Place) -> Sequence[int]:
        """What a tenant has of a kind, or of the city's kinds whatever there is."""
        with self.runtime.platform_session(reason="test", reading=True) as session:
            if name in CITY_KINDS:
                return session.scalars(select(CITY_KINDS[name].id)).all()
            kind = KINDS[name]
            return session.scalars(
                select(kind.id).where(kind.tenant_id == place.tenant_id).order_by(kind.id)
            ).all()

    def browser(self, who: str) -> Browser:
        """A browser of the county's person with this role, or the city's; signed in once."""
        if who not in self.signed_in:
            office = self.hall if who.replace("_", "-") in self.hall.ids else self.county
            self.signed_in[who] = office.browser(who)
        return self.signed_in[who]

    def token(self, who: str) -> str:
        """A form's token of theirs."""
        if who not in self.tokens:
            self.tokens[who] = self.browser(who).form_token("/account")
        return self.tokens[who]

    def endpoint(self, form: PageForm) -> str:
        """Which view answers a form."""
        method = form.method.upper()
        return str(self.app.url_map.bind("", "/").match(form.path, method=method)[0])

    def send(self, who: str, form: PageForm, said: dict[str, str]) -> TestResponse:
        """Somebody's form, as it was found but for what is said; lists get one value."""
        browser = self.browser(who)
        if form.method == "get":
            fields = {**dict(form.fields), **said}
            return browser.get(f"{form.path}?{urlencode(fields)}")
        data = MultiDict([each for each in form.fields if each[0] not in said])
        data.update(said)
        data["csrf_token"] = self.token(who)
        answer = browser.client.post(
            form.action, data=data, base_url=browser.host, environ_base=browser.environ
        )
        # What is said once is said here, and on none of the pages that are compared.
        browser.get("/account")
        return answer

    def rows(self, place: Place) -> dict[str, list[tuple[object, ...]]]:
        """All that is kept of a tenant, by table; the trail apart, which notes refusals."""
        kept = {}
        for table in Base.metadata.sorted_tables:
            if "tenant_id" in table.c and not table.name.startswith("audit_"):
                with self.runtime.platform_session(reason="test", reading=True) as session:
                    mine = select(table).where(table.c.tenant_id == place.tenant_id)
                    kept[table.name] = [tuple(row) for row in session.execute(mine)]
        return kept


@contextmanager
def open_offices(folder: Path, template: Path, *, with_work: bool = True) -> Iterator[Offices]:
    """The two in a folder of their own, full of work or with people and columns alone."""
    home = make_home(folder)
    shutil.copy(template, home / "jiyue.sqlite3")
    runtime = Runtime.open(Settings(home=home, host_cache_seconds=0))
    try:
        yield _settled(runtime, with_work)
    finally:
        runtime.close()


def _settled(runtime: Runtime, with_work: bool) -> Offices:
    make_audit_key(runtime.settings)
    app = create_console(runtime)
    hall = CityHall(runtime, app)
    for role in PLATFORM_ROLES:
        hall.hire(role.replace("_", "-"), role)
    county, department = (_office(runtime, app, place) for place in (RIVER, HILL))
    work = _do_work(county) if with_work else {}
    if with_work:
        _do_work(department)
    return Offices(runtime, app, county, department, hall, work)


def _office(runtime: Runtime, app: Flask, place: Place) -> Office:
    office = Office(runtime, app, place, staff(runtime, place))
    with runtime.tenant_session(place.tenant_id) as session:
        grow_columns(session, office.actors["tenant_admin"])
    return office


def _do_work(office: Office) -> dict[str, Work]:
    with bench_of(office) as bench:
        made = fill(bench)
    with office.runtime.platform_session(reason="test") as session:
        # What was withdrawn was so before there were receipts: one can be asked for.
        mine = WithdrawalCheck.tenant_id == office.place.tenant_id
        session.execute(delete(WithdrawalCheck).where(mine))
    return {name: Work(each.item_id, each.id, each.digest) for name, each in made.items()}


def ids_in(rule: Rule) -> list[str]:
    """The names of ids in an address."""
    return sorted(rule.arguments & (KINDS.keys() | CITY_KINDS.keys()))
