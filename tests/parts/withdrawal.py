"""A county's site with an item that stands wherever an item can stand, and its withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from hosting.directory.queries import main_site
from hosting.publishing.blobs import open_store
from hosting.publishing.redirects import add_redirects
from hosting.publishing.tree import PublicFolder
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Work, drain
from parts.office import ADMIN, EDITOR, ISSUER, Desk, office
from parts.platform import Place
from parts.workplace import PDF, picture
from tenants.content.facts import Attachment
from tenants.content.models import Edition
from tenants.content.queries import editions_of, item
from tenants.media.models import Asset
from tenants.media.operations import StoredFile, store_asset
from tenants.receipts.jobs import check_withdrawal
from tenants.receipts.operations import ask_again
from tenants.receipts.queries import WithdrawalProof, proof_of_item
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.queries import columns_of
from tenants.sites.rules import ColumnFacts

T = TypeVar("T")

TITLE = "关于公布防汛责任人名单的通知"
OLD_ADDRESS = "/news/show.asp?id=8"
# Where it is asked how much time has passed since a withdrawal.
_CLOCKS = ("tenants.receipts.operations", "tenants.receipts.queries")


def put_checks_off(monkeypatch: pytest.MonkeyPatch, seconds: int = 3600) -> None:
    """Have checks run when a test says so, however long publishing takes on a busy machine."""
    monkeypatch.setattr("tenants.receipts.operations._FIRST_SECONDS", seconds)


@dataclass
class County:
    """The site, what is done at its desk, and its tree; `item_id` is to be withdrawn."""

    runtime: Runtime
    place: Place
    monkeypatch: pytest.MonkeyPatch
    item_id: int = 0
    path: str = ""

    @property
    def tree(self) -> Path:
        """The files that readers see."""
        folder = PublicFolder(self.runtime.settings.home).site(self.place.site_id)
        return folder.current.resolve()

    def do(self, work: Callable[[Desk], T]) -> T:
        """Something at the desk; nothing is published by it."""
        with office(self.runtime, self.place) as desk:
            return work(desk)

    def open(self) -> None:
        """Publish a site in which an item with two files is shown in two columns and linked to."""
        put_checks_off(self.monkeypatch)
        self.do(self._lay_out)
        public = self.do(self._issue)
        self.item_id = public.item_id
        self.path = self.do(lambda desk: item(desk.session, public.item_id).path)
        self.do(lambda desk: self._issue_others(desk))
        self.do(
            lambda desk: add_redirects(desk.session, desk.site_id, [(OLD_ADDRESS, self.path, 301)])
        )
        self.publish()

    def _lay_out(self, desk: Desk) -> None:
        """A home page with the notices, and a subsite."""
        town = ColumnPlan(
            ColumnFacts("柳林镇", "llz", kind="subsite"),
            (ColumnPlan(ColumnFacts("镇内公告", "gg", column_type="工作动态")),),
        )
        site = main_site(desk.session)
        create_columns(desk.session, site, [town], by=ADMIN)
        notices = {"kind": "notices", "columns": [desk.columns[0].id], "items": 6}
        site.layout = {"home": [notices]}
        desk.session.record(SiteChanged(desk.session.tenant_id, desk.site_id))

    def _issue(self, desk: Desk) -> Edition:
        image = self.keep(desk, "现场.png", picture(), "image/png")
        shared = self.keep(desk, "公用.pdf", PDF + b"shared", "application/pdf")
        own = self.keep(desk, "名单.pdf", PDF, "application/pdf")
        shown = {each.path: each.id for each in columns_of(desk.session, desk.site_id)}
        written = desk.write(
            TITLE,
            body_html=f'<p>各镇：名单如下。</p><p><img src="{image.path}" alt="现场"></p>',
            extra_column_ids=(shown["/zcwj/"], shown["/llz/gg/"]),
            attachments=(Attachment(own.id, "名单"), Attachment(shared.id, "公用表")),
        )
        desk.pass_all(written)
        return written

    def _issue_others(self, desk: Desk) -> None:
        shared = self.keep(desk, "公用.pdf", PDF + b"shared", "application/pdf")
        desk.pass_all(desk.write("另一则通知", attachments=(Attachment(shared.id, "公用表"),)))
        link = f'<p>见<a href="{self.path}">前次通知</a>。</p>'
        desk.pass_all(desk.write("补充通知", body_html=link))

    def keep(self, desk: Desk, name: str, data: bytes, kind: str) -> Asset:
        """A file in the library, with its bytes."""
        digest = open_store(self.runtime.settings).put(self.place.tenant_id, data)
        return store_asset(desk.session, StoredFile(digest, name, kind, len(data)), by=EDITOR)

    def withdraw(self) -> None:
        """Withdraw the item; nothing is published by it."""
        self.do(lambda desk: withdraw(desk.session, self.item_id, reason="名单有误", by=ISSUER))

    def reissue(self) -> None:
        """Write, sign and issue the item anew; nothing is published by it."""

        def again(desk: Desk) -> None:
            last = editions_of(desk.session, self.item_id)[0]
            desk.pass_all(desk.change(last, body_html="<p>更正后的名单。</p>"))

        self.do(again)

    def publish(self) -> None:
        """Do all that is due, feeds and sitemaps included."""
        drain(self.runtime, seconds=60)

    def check(self) -> None:
        """Run the check, whether its job is due or not."""
        check_withdrawal(Work(self.runtime, self.place.tenant_id), item_id=self.item_id)

    def ask_again(self) -> None:
        """Have an issuer ask for a new check."""
        self.do(lambda desk: ask_again(desk.session, self.item_id, by=ISSUER))

    def proof(self) -> WithdrawalProof:
        """What is known of the withdrawal."""
        with self.runtime.tenant_session(self.place.tenant_id, reading=True) as session:
            return proof_of_item(session, self.item_id)

    def put_clock_forward(self, seconds: float) -> None:
        """For whoever waits with a check."""
        when = now() + timedelta(seconds=seconds)
        for module in _CLOCKS:
            self.monkeypatch.setattr(f"{module}.now", lambda: when)
