"""A proving ground to be swept: tenants full of canaries, their people, all that they have."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import select

from hosting.console.application import create_console
from hosting.directory.application import HostSwitch, create_application
from hosting.directory.models import Domain, Site, Tenant
from hosting.publishing.models import PublicPage
from hosting.runtime.canaries import Canaries
from hosting.runtime.records import TenantRecord
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.models import Account, Membership, SignIn
from hosting.security.operations import RoleFacts, grant_role
from hosting.security.roles import PLATFORM_ROLES, TENANT_ROLES
from parts.city_hall import CityHall
from parts.people import PASSWORD, Browser
from provisioning.canaries.people import CONFINED, login_of
from provisioning.canaries.seeding import seed_nests
from tenants.content.models import Edition, Item
from tenants.media.models import Asset
from tenants.sites.models import Column

EVERY_ROLE = (*TENANT_ROLES, CONFINED)
EVERYBODY = "everybody"
"""One person who holds every role of a tenant."""

# What stands in an address by this name is an id of this class.
NAMED = {"item_id": Item, "edition_id": Edition, "asset_id": Asset, "column_id": Column}


@dataclass(frozen=True)
class Effort:
    """How many tenants are swept, as whom, and how far.

    `pages` of a crawl, `others` whose things each one asks for, `most` of each kind of them.
    """

    tenants: int
    people: tuple[str, ...]
    pages: int
    others: int
    most: int

    @property
    def is_thorough(self) -> bool:
        """Whether every tenant's people walk everywhere."""
        return self.people == EVERY_ROLE


SMALL = Effort(3, (EVERYBODY,), 25, 1, 1)
LARGE = Effort(10, EVERY_ROLE, 40, 1, 1)


class Heard(logging.Handler):
    """Everything that was logged, at every level, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@dataclass
class Nest:
    """One tenant of the ground, with addresses of what it has."""

    canaries: Canaries
    tenant_id: int
    site_id: int
    hosts: list[str]
    ids: dict[str, list[int]] = field(default_factory=dict)
    media: list[tuple[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.canaries.code

    @property
    def name(self) -> str:
        return self.canaries.word("name")

    @property
    def addresses(self) -> list[str]:
        """Where its pages and files are public."""
        return [*self.paths, *(f"/m/{digest[:32]}/{name}" for digest, name in self.media)]


@dataclass
class Ground:
    """The whole of it."""

    runtime: Runtime
    nests: list[Nest]
    heard: Heard
    temporary: Path
    secrets: set[str] = field(default_factory=set)
    browsers: int = 0

    @cached_property
    def switch(self) -> HostSwitch:
        """The whole web side."""
        return create_application(self.runtime)

    @cached_property
    def hall(self) -> CityHall:
        """The console, with one person for each of the city's roles."""
        hall = CityHall(self.runtime, create_console(self.runtime))
        for role in PLATFORM_ROLES:
            hall.hire(role.replace("_", "-"), role)
        return hall

    def others(self, nest: Nest) -> list[Nest]:
        """Two tenants that are not this one; each is somebody's."""
        place = self.nests.index(nest)
        behind = self.nests[place + 1 :] + self.nests[:place]
        return behind[:2]

    def browser(self, nest: Nest, who: str) -> Browser:
        """A browser in which somebody of a tenant has signed in."""
        if who != EVERYBODY:
            return self.signed_in(login_of(nest.canaries, who))
        login = f"{EVERYBODY}-{nest.code}"
        if login not in self.hall.ids:
            self.employ(login, [(role, nest.tenant_id) for role in TENANT_ROLES])
        return self.signed_in(login)

    def signed_in(self, login: str) -> Browser:
        """A browser in which somebody has signed in; each comes from an address of its own."""
        self.browsers += 1
        browser = Browser(self.hall.app.test_client())
        browser.environ = {"REMOTE_ADDR": f"10.0.{self.browsers // 250}.{1 + self.browsers % 250}"}
        answer = browser.sign_in(login)
        assert answer.status_code == 303, answer.text
        self.secrets.add(browser.token)
        return browser

    def employ(self, login: str, held: Sequence[tuple[str, int]]) -> None:
        """Somebody who holds several roles, each in a tenant."""
        account_id = self.hall.hire(login, *held[0])
        with self.runtime.platform_session(reason="test") as session:
            account = session.get_one(Account, account_id)
            for role, tenant_id in held[1:]:
                facts = RoleFacts(role, tenant_id)
                grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)

    def code_of(self, tenant_id: int) -> set[str]:
        """The code of a tenant, as a set."""
        return {each.code for each in self.nests if each.tenant_id == tenant_id}


@contextmanager
def hearing() -> Iterator[Heard]:
    """Listen to every logger at every level."""
    root, heard = logging.getLogger(), Heard()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        root.setLevel(level)


@contextmanager
def opened(settings: Settings, count: int, temporary: Path) -> Iterator[Ground]:
    """A ground of so many tenants; its temporary files go into a folder of its own."""
    runtime, before = Runtime.open(settings), tempfile.tempdir
    tempfile.tempdir = str(temporary)
    try:
        with hearing() as heard:
            seeded = seed_nests(runtime, count, seed="sweep", password=PASSWORD)
            yield Ground(runtime, [_nest(runtime, each) for each in seeded.nests], heard, temporary)
    finally:
        tempfile.tempdir = before
        runtime.close()


def _nest(runtime: Runtime, canaries: Canaries) -> Nest:
    with runtime.platform_session(reason="test", reading=True) as session:
        tenant_id = session.scalars(select(Tenant.id).where(Tenant.code == canaries.code)).one()
        site_id = session.scalars(select(Site.id).where(Site.tenant_id == tenant_id)).one()
        hosts = session.scalars(select(Domain.host).where(Domain.for_tenant_id == tenant_id)).all()
        nest = Nest(canaries, tenant_id, site_id, list(hosts))
        for name, kind in NAMED.items():
            nest.ids[name] = list(_ids(session, kind, tenant_id))
        held = session.execute(
            select(Membership.id, Membership.account_id).where(
                Membership.for_tenant_id == tenant_id
            )
        ).all()
        nest.ids["membership_id"] = [each[0] for each in held]
        nest.ids["account_id"] = [each[1] for each in held]
        nest.ids["sign_in_id"] = list(
            session.scalars(select(SignIn.id).where(SignIn.account_id.in_(nest.ids["account_id"])))
        )
        files = select(Asset.digest, Asset.name).where(Asset.tenant_id == tenant_id)
        nest.media = [(row[0], row[1]) for row in session.execute(files)]
        pages = select(PublicPage.path).where(PublicPage.tenant_id == tenant_id)
        nest.paths = list(session.scalars(pages))
        return nest


def _ids(session: WalledSession, kind: type[TenantRecord], tenant_id: int) -> Sequence[int]:
    return session.scalars(select(kind.id).where(kind.tenant_id == tenant_id)).all()
