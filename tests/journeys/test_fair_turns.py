"""Who brings ten years of notices in does not keep another tenant's one notice waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.publishing import build
from hosting.publishing.press import Press
from hosting.publishing.tree import PublicFolder
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import drain
from parts.at_work import at_work
from parts.office import EDITOR, ISSUER, office
from parts.platform import Place
from tenants.content.importing import ImportedItem, import_items
from tenants.content.models import Edition
from tenants.content.queries import item
from tenants.content.writing import clean_facts
from tenants.review.operations import order as orders
from tenants.review.ordering import issue_order, propose_order
from tenants.sites.events import SiteChanged

ITEMS = 600
WHEN = (2, 7, 12, 17)
"""After how many turns of bulk work a notice is signed."""

AT_MOST = 25
"""Turns of bulk work that may begin between a signature and the page: they are short, do not rest
where nobody waits for the database, and a page, its lists and the home page take a while on the
same cores. Waiting for its turn behind all would be twice as many."""


@dataclass
class Turns:
    """Counts what bulk work does, part by part, and sees when a page of another's is there."""

    bulk: Place
    single: Place
    tree: PublicFolder
    begun: int = 0
    public: dict[str, int] = field(default_factory=dict)
    seen: threading.Condition = field(default_factory=threading.Condition)

    def begin(self) -> None:
        """A part of the bulk work begins."""
        with self.seen:
            self.begun += 1
            self.seen.notify_all()

    def look(self, paths: list[str]) -> None:
        """Note how many had begun when a page stood in the tree."""
        root = self.tree.site(self.single.site_id).current
        with self.seen:
            for path in paths:
                if path not in self.public and (root / path[1:]).exists():
                    self.public[path] = self.begun
            self.seen.notify_all()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Until something is so; a minute is for ever here."""
        with self.seen:
            assert self.seen.wait_for(is_so, 60), "the worker stands still"


@pytest.fixture
def turns(runtime: Runtime, river: Place, hill: Place, monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Both tenants' first pages are there, and each part of what the worker does is counted."""
    for place in (river, hill):
        with office(runtime, place) as desk:
            desk.session.record(SiteChanged(place.tenant_id, place.site_id))
    drain(runtime, seconds=60)
    turns = Turns(river, hill, PublicFolder(runtime.settings.home))
    publish, part = Press.publish, orders.carry_out_part

    def published(press: Press, plan: build.Plan, **more: object) -> None:
        if press.tenant_id == river.tenant_id:
            turns.begin()
        publish(press, plan, **more)  # type: ignore[arg-type]  # as given
        if press.tenant_id == hill.tenant_id:
            turns.look([entry.path for entry in plan.entries])

    def carried_out(session: WalledSession, order_id: int, *, most: int) -> int:
        turns.begin()
        return part(session, order_id, most=most)

    monkeypatch.setattr(Press, "publish", published)
    monkeypatch.setattr(orders, "carry_out_part", carried_out)
    # Many small turns tell fair from unfair better than two large ones.
    monkeypatch.setattr(build, "BATCH", 10)
    return turns


def bring_history(runtime: Runtime, place: Place) -> None:
    """Old items under an order that is issued; the worker has to carry it out."""
    with runtime.platform_session(reason="test") as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == place.tenant_id)).one()
        tenant.history_until = date(2020, 1, 1)
    with office(runtime, place) as desk:
        rows = [
            ImportedItem(
                f"old-{n}",
                clean_facts(
                    desk.facts(
                        f"旧闻{n}",
                        original_date=date(2005, 1, 1) + timedelta(days=n),
                        original_date_source="原网站",
                    )
                ),
            )
            for n in range(ITEMS)
        ]
        import_items(desk.session, desk.site_id, rows, run="history", by=EDITOR)
    order = propose_order(runtime, place.tenant_id, run="history", reason="历史内容迁入", by=EDITOR)
    issue_order(runtime, place.tenant_id, order.id, digest=order.digest, by=ISSUER)


def signed_twice(runtime: Runtime, place: Place, number: int) -> tuple[int, str]:
    """A notice that waits for the last signature: its edition and its address."""
    with office(runtime, place) as desk:
        draft = desk.write(f"第{number}号通知")
        desk.pass_all(draft, ("first", "second"))
        return draft.id, item(desk.session, draft.item_id).path


def issue(runtime: Runtime, place: Place, edition_id: int) -> None:
    """The last signature."""
    with office(runtime, place) as desk:
        edition = desk.session.scalars(select(Edition).where(Edition.id == edition_id)).one()
        desk.sign(edition, "final", ISSUER)


@pytest.mark.timeout(300)
def test_a_burst_of_imports_leaves_another_tenants_publish_quick(
    runtime: Runtime, river: Place, hill: Place, turns: Turns
) -> None:
    bring_history(runtime, river)
    notices = [signed_twice(runtime, hill, number) for number in range(len(WHEN))]
    waited = []

    with at_work(runtime):
        for begun, (edition_id, path) in zip(WHEN, notices, strict=True):
            turns.wait(lambda begun=begun: turns.begun >= begun)  # type: ignore[misc]  # bound here
            issue(runtime, hill, edition_id)
            signed_at = turns.begun
            turns.wait(lambda path=path: path in turns.public)  # type: ignore[misc]  # bound here
            waited.append(turns.public[path] - signed_at)
        drain(runtime, seconds=120)

    assert turns.begun >= 3 * AT_MOST, "too little bulk work to wait behind"
    assert turns.public[notices[0][1]] < turns.begun - AT_MOST, "the burst was over already"
    assert max(waited) <= AT_MOST, waited
