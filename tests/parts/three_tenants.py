"""Three tenants with all their people, what each does, and a small model of what each may do.

After each deed the other tenants are looked at whole: their rows, what their people find, their
register. Nothing of it may have changed, whoever did what with whatever ids.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from hosting.directory.models import Domain, Site, Tenant
from hosting.directory.queries import main_site
from hosting.publishing.blobs import open_store
from hosting.publishing.tree import PublicFolder
from hosting.runtime.records import Base
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WallBreach, WalledSession
from hosting.security import operations as security
from hosting.security import passwords, uploads
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.operations import RoleFacts
from hosting.security.queries import account_by_login, actor_of_login, running_memberships
from parts.people import PASSWORD
from parts.platform import HILL, RIVER, Place
from parts.workplace import PEOPLE, login_of
from tenants.content.facts import Attachment, EditionFacts
from tenants.content.queries import ItemFilter, item_count, item_rows
from tenants.media.models import Asset
from tenants.media.operations import StoredFile, store_asset
from tenants.review.models import Issue
from tenants.search.queries import found
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.queries import columns_of
from tenants.sites.rules import ColumnFacts

LAKE = Place(103, 1103, "lake", "www.lake.gov.cn")
PLACES = {place.code: place for place in (RIVER, HILL, LAKE)}
CITY, STRANGER = "city", "stranger"
"""City staff without a role in the tenant, and somebody who works in the next one."""
EVERYBODY = (*PEOPLE, CITY, STRANGER)

Deed = Callable[[WalledSession, Actor], Any]
# The platform's own ledgers say when whose turn is; everything else stands still.
_OWNERS = {"tenant": "tenant_id", "ledger": "for_tenant_id"}
_NOT_THEIRS = {"tenant_turn"}


def settle_three(runtime: Runtime) -> None:
    """A third tenant, people in all three, two columns in each."""
    with runtime.platform_session(reason="test") as session:
        session.add(Tenant(id=103, code="lake", name="湖滨区", kind="county", state="open"))
        session.add(
            Site(tenant_id=103, id=1103, name="湖滨区", theme="county", main_host=LAKE.host)
        )
        session.add(Domain(host=LAKE.host, for_tenant_id=103, site_id=1103))
    hashed = passwords.hashed(PASSWORD, settings=runtime.settings, login="nobody")
    with runtime.platform_session(reason="test") as session:
        for place in PLACES.values():
            for role in PEOPLE:
                account = security.create_account(
                    session,
                    login=login_of(place, role),
                    name=f"{place.code}{role}",
                    password=hashed,
                    by=PLATFORM_ACTOR,
                )
                facts = RoleFacts(role, tenant_id=place.tenant_id)
                security.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
        city = security.create_account(
            session, login=CITY, name="运维", password=hashed, by=PLATFORM_ACTOR
        )
        security.grant_role(session, city, facts=RoleFacts("ops"), by=PLATFORM_ACTOR)
    for place in PLACES.values():
        with runtime.tenant_session(place.tenant_id) as session:
            plans = [
                ColumnPlan(ColumnFacts(f"{place.code}{slug}", slug, column_type="工作动态"))
                for slug in ("tzgg", "zwdt")
            ]
            create_columns(
                session, main_site(session), plans, by=Actor(1, "", frozenset({"tenant_admin"}))
            )


@dataclass
class Piece:
    """An item as the model knows it: who began it, and who had a hand in its open edition."""

    item_id: int
    begun_by: str
    writers: set[str] = field(default_factory=set)


@dataclass
class Town:
    """A tenant as the model knows it: its people's roles, its items, its files."""

    place: Place
    roles: dict[str, set[str]] = field(
        default_factory=lambda: {role: {role} for role in PEOPLE} | {CITY: set(), STRANGER: set()}
    )
    pieces: list[Piece] = field(default_factory=list)
    assets: list[int] = field(default_factory=list)
    issued: int = 0
    is_quiet: bool = False

    def login(self, person: str) -> str:
        """A person's sign-in name; a stranger's is one of the next tenant's editor."""
        if person == CITY:
            return CITY
        if person == STRANGER:
            codes = list(PLACES)
            after = codes[(codes.index(self.place.code) + 1) % len(codes)]
            return login_of(PLACES[after], "editor")
        return login_of(self.place, person)

    def may_write(self, person: str, piece: Piece | None = None) -> bool:
        """Whether the person may begin an item, or change this one."""
        held = self.roles[person]
        is_own = piece is None or piece.begun_by == person
        return bool(held & {"editor", "tenant_admin"}) or ("contributor" in held and is_own)

    def may_review(self, person: str, piece: Piece, *roles: str) -> bool:
        """Whether one of these roles is theirs and the work is not."""
        return bool(self.roles[person].intersection(roles)) and person not in piece.writers


class World:
    """Three tenants on a running platform, and what each was like after the last deed."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.towns = {code: Town(place) for code, place in PLACES.items()}
        self.numbers = count(1)
        self.seen = {code: self.look_at(code) for code in PLACES}
        self.trees = {code: self.tree_of(code) for code in PLACES}

    def do(self, code: str, person: str, deed: Deed, *, may: bool) -> Any:
        """Let a person act in a tenant; what came of it, or None where it was refused.

        Fails where somebody did what they may not, or where any other tenant is not as it was.
        """
        town = self.towns[code]
        town.is_quiet = False
        result = None
        try:
            with self.runtime.tenant_session(town.place.tenant_id) as session:
                by = actor_of_login(session, town.login(person), town.place.tenant_id)
                result = deed(session, by)
        except _refusals() as refusal:
            result = None
            self.refused = refusal
        assert may or result is None, f"{person} of {code} did what they may not"
        self.check_others(code)
        return result

    def check_others(self, *acting: str) -> None:
        """All but those who act are as they were."""
        for code in PLACES:
            now = self.look_at(code)
            if code not in acting:
                assert now == self.seen[code], f"{code} changed when {acting} acted"
            self.seen[code] = now

    def look_at(self, code: str) -> dict[str, Any]:
        """All that a tenant has and all that its people and readers find."""
        place = PLACES[code]
        looked: dict[str, Any] = {"rows": self._rows(place.tenant_id)}
        with self.runtime.tenant_session(place.tenant_id, reading=True) as session:
            listed = [each.title for _, each in item_rows(session, ItemFilter(), limit=500)]
            looked["list"] = listed
            looked["count"] = item_count(session, ItemFilter())
            looked["search"] = [
                each.title for _, each in found(session, place.site_id, ["号"], page=1)
            ]
            looked["register"] = sorted(session.scalars(select(Issue.number)))
            looked["columns"] = [each.name for each in columns_of(session, place.site_id)]
            looked["files"] = sorted(session.scalars(select(Asset.name)))
        for name in (*listed, *looked["search"], *looked["columns"], *looked["files"]):
            assert code in name, f"{code} sees {name}"
        assert looked["count"] == len(listed)
        assert looked["register"] == list(range(1, len(looked["register"]) + 1))
        return looked

    def _rows(self, tenant_id: int) -> dict[str, list[Any]]:
        rows: dict[str, list[Any]] = {}
        with self.runtime.platform_session(reason="test", reading=True) as session:
            run = session.connection().exec_driver_sql
            for table, owner in _tables():
                query = f'SELECT * FROM "{table}" WHERE {owner} = {tenant_id} ORDER BY id'
                rows[table] = [tuple(map(str, each)) for each in run(query)]
        return rows

    def tree_of(self, code: str) -> dict[str, bytes]:
        """What readers get of a tenant, file by file."""
        site = PublicFolder(self.runtime.settings.home).site(PLACES[code].site_id)
        if not site.current.exists():
            return {}
        tree = site.current.resolve()
        return {
            str(each.relative_to(tree)): each.read_bytes()
            for each in sorted(tree.rglob("*"))
            if each.is_file()
        }

    def title(self, code: str) -> str:
        """A title that says whose it is, never twice the same."""
        return f"{code}的第{next(self.numbers)}号文件"

    def facts(self, session: WalledSession, code: str, **said: Any) -> EditionFacts:
        """What an item of a tenant says."""
        column = columns_of(session, PLACES[code].site_id)[0]
        title = self.title(code)
        said.setdefault("column_id", column.id)
        return EditionFacts(title=title, body_html=f"<p>{title}的正文。</p>", **said)

    def keep(self, session: WalledSession, code: str, by: Actor) -> int:
        """Upload a file; its id."""
        name = f"{code}-{next(self.numbers)}.txt"
        checked = uploads.check(name, io.BytesIO(name.encode()), limits=self.runtime.settings)
        digest = open_store(self.runtime.settings).put(PLACES[code].tenant_id, checked.data)
        file = StoredFile(digest, checked.name, checked.content_type, checked.size_bytes)
        return store_asset(session, file, by=by).id

    def attachment(self, code: str) -> tuple[Attachment, ...]:
        """The last file of a tenant, as an item would show it."""
        kept = self.towns[code].assets
        return (Attachment(kept[-1], "附件"),) if kept else ()

    def change_role(self, code: str, person: str, role: str, *, grant: bool) -> None:
        """The city's security administrator gives a role or takes it away."""
        town, by = self.towns[code], Actor(3, "安全管理员", frozenset({"security_admin"}))
        with self.runtime.platform_session(reason="test") as session:
            account = account_by_login(session, town.login(person))
            if grant:
                facts = RoleFacts(role, tenant_id=town.place.tenant_id)
                security.grant_role(session, account, facts=facts, by=by)
                town.roles[person].add(role)
            else:
                for held in running_memberships(session, account.id):
                    if (held.for_tenant_id, held.role) == (town.place.tenant_id, role):
                        security.end_membership(session, held, by=by)
                town.roles[person].discard(role)
        town.is_quiet = False
        self.check_others(code)

    def close(self) -> None:
        """End it."""
        self.runtime.close()


def _tables() -> Iterator[tuple[str, str]]:
    for mapper in Base.registry.mappers:
        name = str(mapper.local_table.description)
        owner = _OWNERS.get(mapper.class_.wall)
        if owner and name not in _NOT_THEIRS and not mapper.inherits:
            yield name, owner


def _refusals() -> tuple[type[Exception], ...]:
    """What may become of a deed: a refusal, or a wall that it meets."""
    from hosting.runtime.errors import Refusal

    return (Refusal, WallBreach, DatabaseError)
