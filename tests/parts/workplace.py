"""Two offices with people who sign in at the console, and a county with work in every state."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image

from hosting.console.application import create_console
from hosting.directory.queries import main_site
from hosting.publishing.blobs import open_store
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security import operations as security
from hosting.security import passwords, uploads
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.operations import RoleFacts
from parts.people import PASSWORD, Browser
from parts.platform import HILL, RIVER, Place
from tenants.content.banners import BannerFacts, propose_banner
from tenants.content.facts import EditionFacts
from tenants.content.models import Edition
from tenants.content.operations import create_item, save_draft
from tenants.media.models import Asset
from tenants.media.operations import StoredFile, store_asset
from tenants.review.operations.signing import (
    record_secrecy_review,
    sign,
    submit,
)
from tenants.sites.banners import BannerWords
from tenants.sites.models import Column
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.queries import columns_of
from tenants.sites.rules import ColumnFacts

PEOPLE = {
    "contributor": "赵小满",
    "editor": "李晓芸",
    "first_reviewer": "王建国",
    "second_reviewer": "陈秀英",
    "issuer": "周正平",
    "tenant_admin": "孙立新",
}
BASIS = "经对照《中华人民共和国保守国家秘密法》及本单位定密事项，不涉及国家秘密"


@dataclass
class Office:
    """A tenant's people, by role, as actors and as browsers."""

    runtime: Runtime
    app: Flask
    place: Place
    actors: dict[str, Actor] = field(default_factory=dict)

    def browser(self, role: str) -> Browser:
        """A browser in which the person with this role has signed in."""
        browser = Browser(self.app.test_client())
        answer = browser.sign_in(login_of(self.place, role))
        assert answer.status_code == 303, answer.text
        return browser

    def path(self, rest: str) -> str:
        """A path below this tenant."""
        return f"/t/{self.place.code}/{rest}"


def login_of(place: Place, role: str) -> str:
    """The sign-in name of a place's person."""
    return f"{place.code}.{role.replace('_', '-')}"


def staff(runtime: Runtime, place: Place) -> dict[str, Actor]:
    """Accounts for every role of a place."""
    hashed = passwords.hashed(PASSWORD, settings=runtime.settings, login="nobody")
    actors: dict[str, Actor] = {}
    with runtime.platform_session(reason="test") as session:
        for role, name in PEOPLE.items():
            account = security.create_account(
                session,
                login=login_of(place, role),
                name=name,
                password=hashed,
                by=PLATFORM_ACTOR,
            )
            facts = RoleFacts(role, tenant_id=place.tenant_id)
            security.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
            actors[role] = Actor(account.id, name, frozenset({role}))
    return actors


@pytest.fixture
def console(runtime: Runtime) -> Flask:
    """The console with everything that is installed."""
    return create_console(runtime)


@pytest.fixture
def county(runtime: Runtime, console: Flask) -> Office:
    """The county's people, with a small column tree."""
    office = Office(runtime, console, RIVER, staff(runtime, RIVER))
    with runtime.tenant_session(RIVER.tenant_id) as session:
        grow_columns(session, office.actors["tenant_admin"])
    return office


@pytest.fixture
def department(runtime: Runtime, console: Flask) -> Office:
    """The department's people, strangers in the county, with a column tree of their own."""
    office = Office(runtime, console, HILL, staff(runtime, HILL))
    with runtime.tenant_session(HILL.tenant_id) as session:
        grow_columns(session, office.actors["tenant_admin"])
    return office


def grow_columns(session: WalledSession, by: Actor) -> dict[str, Column]:
    """A small tree; columns by their path."""
    plans = [
        ColumnPlan(
            ColumnFacts("政务动态", "zwdt", column_type="工作动态", update_days=14),
            (
                ColumnPlan(ColumnFacts("清河要闻", "qhyw", column_type="工作动态", update_days=14)),
                ColumnPlan(ColumnFacts("部门动态", "bmdt", column_type="工作动态", update_days=14)),
            ),
        ),
        ColumnPlan(ColumnFacts("通知公告", "tzgg", column_type="工作动态", update_days=183)),
        ColumnPlan(
            ColumnFacts("政务公开", "zwgk", column_type="信息公开目录"),
            (
                ColumnPlan(
                    ColumnFacts("政策文件", "zcwj", column_type="政策文件", update_days=183),
                    (
                        ColumnPlan(ColumnFacts("县政府文件", "xzfwj", column_type="政策文件")),
                        ColumnPlan(ColumnFacts("县政府办文件", "xzfbwj", column_type="政策文件")),
                    ),
                ),
                ColumnPlan(ColumnFacts("政策解读", "zcjd", column_type="政策解读")),
            ),
        ),
        ColumnPlan(
            ColumnFacts("柳林镇", "llz", kind="subsite"),
            (ColumnPlan(ColumnFacts("镇务公开", "zwgk", column_type="工作动态")),),
        ),
    ]
    site = main_site(session)
    create_columns(session, site, plans, by=by)
    return {each.path: each for each in columns_of(session, site.id)}


@dataclass
class Bench:
    """A session of one office in which its people write and sign one after another."""

    session: WalledSession
    office: Office
    columns: dict[str, Column]

    @property
    def site_id(self) -> int:
        """The office's site."""
        return self.office.place.site_id

    def actor(self, role: str) -> Actor:
        """The person with a role."""
        return self.office.actors[role]

    def write(
        self, title: str, column: str = "/tzgg/", role: str = "editor", **said: object
    ) -> Edition:
        """A draft."""
        said.setdefault("body_html", f"<p>{title}，现予公布，请遵照执行。</p>")
        facts = EditionFacts(title=title, column_id=self.columns[column].id, **said)  # type: ignore[arg-type]  # as given
        _, draft = create_item(self.session, self.site_id, facts=facts, by=self.actor(role))
        return draft

    def change(self, edition: Edition, **said: object) -> Edition:
        """The item's next draft, with a title and a column at least."""
        said = {"title": edition.title, "column_id": edition.column_id} | said
        facts = EditionFacts(**said)  # type: ignore[arg-type]  # as given
        return save_draft(
            self.session,
            edition.item_id,
            facts=facts,
            expected_digest=None,
            by=self.actor("editor"),
        )

    def banner(self, title: str, **said: str) -> Edition:
        """What the editor would have on top of every page, for six hours; `said` in BannerWords."""
        facts = BannerFacts(BannerWords(title, **said), withdraw_at=now() + timedelta(hours=6))
        site = main_site(self.session)
        return propose_banner(self.session, site, facts=facts, by=self.actor("editor"))

    def hand_in(self, edition: Edition) -> Edition:
        """Submit a draft by whoever wrote it last."""
        writer = edition.written_by[-1]
        by = next(each for each in self.office.actors.values() if each.account_id == writer)
        return submit(self.session, edition.id, digest=edition.digest, by=by)

    def clear(self, edition: Edition) -> None:
        """The secrecy review."""
        record_secrecy_review(
            self.session,
            edition.id,
            outcome="cleared",
            basis=BASIS,
            digest=edition.digest,
            by=self.actor("first_reviewer"),
        )

    def sign(
        self, edition: Edition, stage: str, decision: str = "approve", opinion: str = ""
    ) -> None:
        """One stage by its reviewer."""
        roles = {"first": "first_reviewer", "second": "second_reviewer", "final": "issuer"}
        sign(
            self.session,
            edition.id,
            stage=stage,
            decision=decision,
            digest=edition.digest,
            opinion=opinion,
            by=self.actor(roles[stage]),
        )

    def bring_to(self, edition: Edition, *stages: str) -> Edition:
        """Hand in, clear, and sign these stages."""
        self.hand_in(edition)
        self.clear(edition)
        for stage in stages:
            self.sign(edition, stage)
        return edition

    def publish(self, edition: Edition) -> Edition:
        """All three signatures."""
        return self.bring_to(edition, "first", "second", "final")

    def keep(self, name: str, data: bytes) -> Asset:
        """A file in the library."""
        runtime = self.office.runtime
        checked = uploads.check(name, io.BytesIO(data), limits=runtime.settings)
        digest = open_store(runtime.settings).put(self.office.place.tenant_id, checked.data)
        file = StoredFile(
            digest,
            checked.name,
            checked.content_type,
            checked.size_bytes,
            checked.width,
            checked.height,
        )
        return store_asset(self.session, file, by=self.actor("editor"))


@contextmanager
def bench_of(office: Office) -> Iterator[Bench]:
    """An office's bench; what was done at it is committed when the block returns."""
    with office.runtime.tenant_session(office.place.tenant_id) as session:
        columns = columns_of(session, office.place.site_id)
        yield Bench(session, office, {each.path: each for each in columns})


def picture(width: int = 640, height: int = 400, colour: str = "#7ea8c9") -> bytes:
    """A PNG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
