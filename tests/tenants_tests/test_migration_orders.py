"""An order over many items is listed, signed and carried out in parts, right at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from hosting.directory.models import Tenant
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from parts.office import EDITOR, ISSUER, Desk, office
from parts.platform import Place
from parts.refusals import refused
from tenants.content.importing import ImportedItem, import_items
from tenants.content.models import Edition, Item
from tenants.content.writing import clean_facts
from tenants.review import ordering
from tenants.review.models import (
    LISTING,
    PROPOSED,
    Issue,
    MigrationOrder,
    MigrationOrderLine,
    Slot,
)
from tenants.review.operations.renumbering import Renumbering
from tenants.review.ordering import Order, carry_out, issue_order, propose_order

DAYS = [date(2015, 1, 1) + timedelta(days=n * 37 % 11) for n in range(11)]


class Killed(BaseException):
    """The process ends here."""


class SmallParts:
    """Two rows a part; the process may be killed before a part."""

    kill_before: int | None = None

    def __init__(self, runtime: Runtime) -> None:
        self.size = 2
        self._parts = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._parts += 1
        if self._parts == self.kill_before:
            raise Killed
        yield


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "Pace", SmallParts)
    monkeypatch.setattr(SmallParts, "kill_before", None)


@pytest.fixture
def history(each_runtime: Runtime, river: Place) -> Runtime:
    """Old items as drafts of a run, in no order of their dates, and time to bring them in."""
    with office(each_runtime, river) as desk:
        _bring(desk, "run", DAYS)
    with each_runtime.platform_session(reason="test") as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == river.tenant_id)).one()
        tenant.history_until = date(2020, 1, 1)
    return each_runtime


def _bring(desk: Desk, run: str, days: list[date]) -> None:
    rows = [
        ImportedItem(
            f"{run}-{n}",
            clean_facts(desk.facts(f"旧闻{n}", original_date=day, original_date_source="原网站")),
        )
        for n, day in enumerate(days)
    ]
    import_items(desk.session, desk.site_id, rows, run=run, by=EDITOR)


def proposed(runtime: Runtime, place: Place, run: str = "run") -> Order:
    return propose_order(runtime, place.tenant_id, run=run, reason="历史内容迁入", by=EDITOR)


def signed(runtime: Runtime, place: Place, run: str = "run") -> Order:
    order = proposed(runtime, place, run)
    return issue_order(runtime, place.tenant_id, order.id, digest=order.digest, by=ISSUER)


def carried_out(runtime: Runtime, place: Place, order: Order) -> None:
    def open_session(*, reading: bool = False) -> object:
        return runtime.tenant_session(place.tenant_id, reading=reading)

    carry_out(runtime, open_session, order.id)  # type: ignore[arg-type]  # a context manager


def slots(runtime: Runtime, place: Place) -> list[tuple[int, date]]:
    """Numbers and dates of the first column's list, by number."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        rows = session.execute(select(Slot.number, Slot.date).order_by(Slot.number))
        return [(row[0], row[1]) for row in rows]


def test_a_listing_that_was_killed_can_be_issued_by_nobody_and_is_taken_up_again(
    history: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmallParts, "kill_before", 4)
    with pytest.raises(Killed):
        proposed(history, river)
    monkeypatch.setattr(SmallParts, "kill_before", None)
    with history.tenant_session(river.tenant_id, reading=True) as session:
        left = session.scalars(select(MigrationOrder)).one()
        written = session.scalar(select(func.count(MigrationOrderLine.id))) or 0

    assert left.state == LISTING
    assert 0 < written < len(DAYS)
    with refused("order_not_open"):
        issue_order(history, river.tenant_id, left.id, digest=left.digest, by=ISSUER)

    order = proposed(history, river)

    with history.tenant_session(river.tenant_id, reading=True) as session:
        (kept,) = session.scalars(select(MigrationOrder)).all()
        assert (kept.id, kept.state, kept.lines) == (order.id, PROPOSED, len(DAYS))
        assert session.scalar(select(func.count(MigrationOrderLine.id))) == len(DAYS)


def test_a_line_that_was_slipped_in_before_the_signature_stops_it(
    history: Runtime, river: Place
) -> None:
    order = proposed(history, river)
    _slip_in(history, river, order)

    with refused("changed_since_seen"):
        issue_order(history, river.tenant_id, order.id, digest=order.digest, by=ISSUER)


def test_a_line_that_was_slipped_in_after_the_signature_lets_nothing_out(
    history: Runtime, river: Place
) -> None:
    order = signed(history, river)
    _slip_in(history, river, order)

    with refused("changed_since_seen"):
        carried_out(history, river, order)

    with history.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count(Issue.id))) == 0


def _slip_in(runtime: Runtime, place: Place, order: Order) -> None:
    with office(runtime, place) as desk:
        edition = desk.write("夹带的稿件", original_date=DAYS[0], original_date_source="无")
        desk.session.add(
            MigrationOrderLine(
                order_id=order.id,
                serial=order.lines + 1,
                item_id=edition.item_id,
                edition_id=edition.id,
                digest=edition.digest,
                origin="slipped-in",
                original_date=DAYS[0],
            )
        )


@pytest.mark.parametrize("kill_before", range(1, 13))
def test_killed_before_any_part_and_taken_up_again_the_lists_stand_by_date(
    history: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch, kill_before: int
) -> None:
    with office(history, river) as desk:
        _bring(desk, "later", [date(2014, 6, 1), date(2016, 6, 1)])
    first = signed(history, river)
    carried_out(history, river, first)
    second = signed(history, river, "later")

    monkeypatch.setattr(SmallParts, "kill_before", kill_before)
    try:
        carried_out(history, river, second)
    except Killed:
        numbers = [number for number, _ in slots(history, river)]
        assert numbers == list(range(1, len(numbers) + 1)), "each slot has a number of its own"
    monkeypatch.setattr(SmallParts, "kill_before", None)
    carried_out(history, river, second)

    found = slots(history, river)
    assert [number for number, _ in found] == list(range(1, len(DAYS) + 3))
    assert [day for _, day in found] == sorted(day for _, day in found)


def test_what_a_person_issues_while_a_list_is_put_in_order_keeps_its_place(
    history: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office(history, river) as desk:
        _bring(desk, "later", [date(2014, 6, 1)])
    carried_out(history, river, signed(history, river))
    order = signed(history, river, "later")
    plan = ordering.plan_renumbering

    def plan_and_let_somebody_issue(session: WalledSession, column_id: int) -> Renumbering:
        planned = plan(session, column_id)
        with office(history, river) as desk:
            desk.pass_all(desk.write("今天的通知"))
        return planned

    monkeypatch.setattr(ordering, "plan_renumbering", plan_and_let_somebody_issue)
    carried_out(history, river, order)

    found = slots(history, river)
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    assert [day for _, day in found] == sorted(day for _, day in found)
    with history.tenant_session(river.tenant_id, reading=True) as session:
        newest = session.scalars(
            select(Edition.title)
            .join(
                Item, (Item.tenant_id == Edition.tenant_id) & (Item.live_edition_id == Edition.id)
            )
            .join(Slot, (Slot.tenant_id == Item.tenant_id) & (Slot.item_id == Item.id))
            .order_by(Slot.number.desc())
        ).first()
    assert newest == "今天的通知"
