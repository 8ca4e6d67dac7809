"""Two sites of a city: what the county signs, the department carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from hosting.publishing.blobs import open_store
from hosting.publishing.tree import PublicFolder
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Work, drain
from hosting.security.actor import Actor
from parts.office import ADMIN, EDITOR, ISSUER, Desk, office
from parts.platform import Place
from parts.withdrawal import put_checks_off
from parts.workplace import PDF, picture
from tenants.content.facts import Attachment
from tenants.content.models import Edition, Item
from tenants.content.queries import edition, editions_of, item
from tenants.media.operations import StoredFile, store_asset
from tenants.reposts.jobs import carry_repost
from tenants.reposts.models import Repost, SentRepost
from tenants.reposts.operations.sending import send
from tenants.reposts.queries import copy_of, sent_row
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    end_acceptance,
    issue_acceptance,
    propose_acceptance,
)
from tenants.review.operations.withdraw import withdraw

T = TypeVar("T")

TITLE = "关于开展秋季征兵工作的通告"
# Nobody of the other office: there they are other accounts.
PROPOSER = Actor(21, "编辑乙", frozenset({"editor"}))
ACCEPTER = Actor(24, "审发乙", frozenset({"issuer"}))


@dataclass
class TwoSites:
    """An origin and a receiver, and what is done at their desks; `settle` does all that is due."""

    runtime: Runtime
    origin: Place
    receiver: Place

    def at(self, place: Place, work: Callable[[Desk], T]) -> T:
        """Something at one of the desks; nothing follows of it yet."""
        with office(self.runtime, place) as desk:
            return work(desk)

    def open(self) -> None:
        """Give both sites their columns and pages."""
        for place in (self.origin, self.receiver):
            self.at(place, lambda desk: desk.columns)
        self.settle()

    def settle(self) -> None:
        """Do all that is due."""
        drain(self.runtime, seconds=60)

    def publish(self, title: str = TITLE, *, column: int = 0, **said: Any) -> int:
        """Write, sign and issue an item at the origin."""

        def issue(desk: Desk) -> int:
            written = desk.write(title, column_id=desk.columns[column].id, **said)
            desk.pass_all(written)
            return written.item_id

        return self.at(self.origin, issue)

    def publish_with_files(self) -> int:
        """The same with an attachment and an image in the text."""

        def files(desk: Desk) -> dict[str, Any]:
            paper = self._keep(desk, "报名表.pdf", PDF, "application/pdf")
            image = self._keep(desk, "流程.png", picture(), "image/png")
            body = f'<p>见<a href="/zcwj/">政策</a>。</p><p><img src="{image.path}" alt="流程"></p>'
            return {"body_html": body, "attachments": (Attachment(paper.id, "报名表"),)}

        return self.publish(**self.at(self.origin, files))

    def _keep(self, desk: Desk, name: str, data: bytes, kind: str) -> Any:
        digest = open_store(self.runtime.settings).put(desk.session.tenant_id, data)
        return store_asset(desk.session, StoredFile(digest, name, kind, len(data)), by=EDITOR)

    def change(self, item_id: int, **said: Any) -> None:
        """Issue the origin's next edition."""

        def issue(desk: Desk) -> None:
            desk.pass_all(desk.change(editions_of(desk.session, item_id)[0], **said))

        self.at(self.origin, issue)

    def withdraw(self, item_id: int, reason: str = "内容有误") -> None:
        """Withdraw it at the origin."""
        self.at(self.origin, lambda desk: withdraw(desk.session, item_id, reason=reason, by=ISSUER))

    def accept(self, *, everything: bool = False) -> int:
        """Accept what the origin publishes in its first column, into the receiver's second."""
        there = self.at(self.origin, lambda desk: desk.columns[0].id)

        def sign(desk: Desk) -> int:
            facts = AcceptanceFacts(
                self.origin.tenant_id, desk.columns[1].id, None if everything else there, "通知公告"
            )
            made = propose_acceptance(desk.session, facts=facts, by=PROPOSER)
            issue_acceptance(desk.session, made.id, digest=made.digest, by=ACCEPTER)
            return made.id

        return self.at(self.receiver, sign)

    def end(self, acceptance_id: int) -> None:
        """End an acceptance."""
        self.at(
            self.receiver,
            lambda desk: end_acceptance(
                desk.session, acceptance_id, reason="另行约定", by=ACCEPTER
            ),
        )

    def send(self, item_id: int) -> None:
        """Have the receiver carry an item."""
        to = [self.receiver.tenant_id]
        self.at(self.origin, lambda desk: send(desk.session, item_id, to=to, by=ISSUER))

    def carry(self, item_id: int, *, at: Place | None = None) -> None:
        """Run a receiver's job, whether anybody promised it or not."""
        work = Work(self.runtime, (at or self.receiver).tenant_id)
        carry_repost(work, origin_tenant_id=self.origin.tenant_id, origin_item_id=item_id)

    def copy(self, item_id: int) -> Repost | None:
        """The copy at the receiver."""
        with self.runtime.tenant_session(self.receiver.tenant_id, reading=True) as session:
            return copy_of(session, self.origin.tenant_id, item_id)

    def copied(self, item_id: int) -> Item:
        """The item at the receiver."""
        copy = self.copy(item_id)
        assert copy is not None
        assert copy.item_id is not None
        with self.runtime.tenant_session(self.receiver.tenant_id, reading=True) as session:
            return item(session, copy.item_id)

    def newest(self, item_id: int) -> Edition:
        """The last edition of the copy."""
        shown = self.copied(item_id)
        with self.runtime.tenant_session(self.receiver.tenant_id, reading=True) as session:
            return editions_of(session, shown.id)[0]

    def live(self, item_id: int) -> Edition | None:
        """The edition of the copy that readers see."""
        shown = self.copied(item_id)
        if shown.live_edition_id is None:
            return None
        with self.runtime.tenant_session(self.receiver.tenant_id, reading=True) as session:
            return edition(session, shown.live_edition_id)

    def sent(self, item_id: int) -> SentRepost | None:
        """What the origin knows of it."""
        with self.runtime.tenant_session(self.origin.tenant_id, reading=True) as session:
            return sent_row(session, item_id, self.receiver.tenant_id)

    def tree(self, place: Place) -> Path:
        """The files that a site's readers see."""
        folder = PublicFolder(self.runtime.settings.home).site(place.site_id)
        return folder.current.resolve()

    def page(self, item_id: int) -> str:
        """The copy's page; empty where there is none."""
        path = self.tree(self.receiver) / self.copied(item_id).path.lstrip("/")
        return path.read_text(encoding="utf-8") if path.is_file() else ""


def two_sites(
    runtime: Runtime, origin: Place, receiver: Place, monkeypatch: pytest.MonkeyPatch
) -> TwoSites:
    """Both opened; receipts of withdrawals are looked for only when a test says so."""
    put_checks_off(monkeypatch)
    sites = TwoSites(runtime, origin, receiver)
    sites.open()
    return sites


__all__ = ["ADMIN", "TITLE", "TwoSites", "two_sites"]
