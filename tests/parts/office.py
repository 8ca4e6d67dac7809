"""The people of a tenant's office, and a desk at which they write and sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hosting.directory.queries import main_site
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from parts.platform import Place
from tenants.content.banners import BannerFacts, propose_banner
from tenants.content.facts import Attachment, EditionFacts
from tenants.content.models import Edition
from tenants.content.operations import create_item, save_draft
from tenants.media.operations import StoredFile, store_asset
from tenants.review.operations.signing import record_secrecy_review, sign, submit
from tenants.sites.banners import BannerWords
from tenants.sites.models import Column
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.rules import ColumnFacts

EDITOR = Actor(11, "编辑", frozenset({"editor"}))
FIRST = Actor(12, "初审", frozenset({"first_reviewer"}))
SECOND = Actor(13, "审核", frozenset({"second_reviewer"}))
ISSUER = Actor(14, "审发", frozenset({"issuer"}))
ADMIN = Actor(15, "站点管理员", frozenset({"tenant_admin"}))
SIGNERS = {"first": FIRST, "second": SECOND, "final": ISSUER}


@dataclass
class Desk:
    """A session of one tenant with two columns, and what its people do at it."""

    session: WalledSession
    site_id: int
    columns: list[Column]

    def facts(self, title: str, **said: Any) -> EditionFacts:
        """What a draft says where the test does not mind."""
        said.setdefault("body_html", f"<p>{title}的正文。</p>")
        said.setdefault("column_id", self.columns[0].id)
        return EditionFacts(title=title, **said)

    def resolve(self, change: dict[str, Any]) -> dict[str, Any]:
        """Fill in ids that a parameter cannot know."""
        change = dict(change)
        if change.get("extra_column_ids") == "other":
            change["extra_column_ids"] = (self.columns[1].id,)
        if change.get("attachments") == "one":
            file = StoredFile("ab" * 32, "附件1.pdf", "application/pdf", 10)
            asset = store_asset(self.session, file, by=EDITOR)
            change["attachments"] = (Attachment(asset.id, "附件1"),)
        return change

    def write(self, title: str, **said: Any) -> Edition:
        """The editor's draft."""
        _, draft = create_item(
            self.session, self.site_id, facts=self.facts(title, **said), by=EDITOR
        )
        return draft

    def change(self, edition: Edition, **said: Any) -> Edition:
        """The item's next draft, that says what it said and this."""
        return save_draft(
            self.session,
            edition.item_id,
            facts=self.facts(edition.title, column_id=edition.column_id, **said),
            expected_digest=None,
            by=EDITOR,
        )

    def banner(
        self, title: str, *, ends_in: timedelta = timedelta(hours=6), **said: Any
    ) -> Edition:
        """The editor's draft of the site's banner; `said` as in BannerWords, and `publish_at`."""
        begins = said.pop("publish_at", None)
        ends = (begins or now()) + ends_in
        return propose_banner(
            self.session,
            main_site(self.session),
            facts=BannerFacts(BannerWords(title, **said), begins, ends),
            by=EDITOR,
        )

    def clear(self, edition: Edition) -> None:
        """The secrecy review, by the second reviewer."""
        record_secrecy_review(
            self.session,
            edition.id,
            outcome="cleared",
            basis="《保守国家秘密法》第二十七条",
            digest=edition.digest,
            by=SECOND,
        )

    def sign(self, edition: Edition, stage: str, by: Actor) -> None:
        """One approval."""
        sign(
            self.session,
            edition.id,
            stage=stage,
            decision="approve",
            digest=edition.digest,
            by=by,
        )

    def pass_all(
        self, edition: Edition, stages: Sequence[str] = ("first", "second", "final")
    ) -> None:
        """Hand in, clear, and sign these stages."""
        submit(self.session, edition.id, digest=edition.digest, by=EDITOR)
        self.clear(edition)
        for stage in stages:
            self.sign(edition, stage, SIGNERS[stage])


@contextmanager
def office(runtime: Runtime, place: Place) -> Iterator[Desk]:
    """A tenant's desk; what was done at it is committed when the block returns."""
    with runtime.tenant_session(place.tenant_id) as session:
        yield Desk(session, place.site_id, columns_of_office(session))


def columns_of_office(session: WalledSession) -> list[Column]:
    """The office's two columns, made at first use."""
    site = main_site(session)
    in_order = select(Column).where(Column.site_id == site.id).order_by(Column.position, Column.id)
    found = list(session.scalars(in_order))
    if not found:
        plans = [
            ColumnPlan(ColumnFacts("通知公告", "tzgg", column_type="工作动态")),
            ColumnPlan(ColumnFacts("政策文件", "zcwj", column_type="政策文件")),
        ]
        create_columns(session, site, plans, by=ADMIN)
        found = list(session.scalars(in_order))
    return found
