"""Places in lists: given out once, shown or hidden.

Counters are locked in one order: columns by id, then the register, then the audit trail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from hosting.runtime.ids import new_id
from hosting.runtime.session import WalledSession, ensure_rows, insert_many
from tenants.review.models import ColumnTally, Slot

Wanted = dict[int, tuple[date, frozenset[int]]]
"""Item id -> (date in lists, columns that show it)."""


def place_in_lists(session: WalledSession, wanted: Wanted) -> list[list[int]]:
    """Give each item its slot in each of its columns, and hide it in those it left.

    Items take numbers in the order given. Returns [column id, slot number] of all that changed.
    """
    have = _slots_of(session, wanted)
    columns = {column for _, shown in wanted.values() for column in shown}
    columns |= {slot.column_id for slots in have.values() for slot in slots.values()}
    tallies = locked_tallies(session, columns)
    changed: list[list[int]] = []
    new_rows: list[dict[str, object]] = []
    for item_id, (when, shown) in wanted.items():
        slots = have.get(item_id, {})
        for column_id in sorted(shown | slots.keys()):
            tally, slot = tallies[column_id], slots.get(column_id)
            if slot is None:
                tally.slots += 1
                tally.shown += 1
                new_rows.append(_row(column_id, tally.slots, item_id, when))
                changed.append([column_id, tally.slots])
            else:
                _adjust(slot, tally, when, is_shown=column_id in shown)
                changed.append([column_id, slot.number])
            if column_id in shown and (tally.latest is None or tally.latest < when):
                tally.latest = when
    insert_many(session, Slot, new_rows)
    return changed


def hide_in_lists(session: WalledSession, item_id: int) -> list[list[int]]:
    """Take an item out of all lists, its slots staying empty; [column id, slot number] each."""
    slots = _slots_of(session, [item_id]).get(item_id, {})
    tallies = locked_tallies(session, set(slots))
    for slot in slots.values():
        _adjust(slot, tallies[slot.column_id], slot.date, is_shown=False)
    return [[slot.column_id, slot.number] for slot in slots.values()]


def _row(column_id: int, number: int, item_id: int, when: date) -> dict[str, object]:
    return {
        "id": new_id(),
        "column_id": column_id,
        "number": number,
        "item_id": item_id,
        "date": when,
    }


def _adjust(slot: Slot, tally: ColumnTally, when: date, *, is_shown: bool) -> None:
    tally.shown += int(is_shown) - int(slot.is_shown)
    slot.is_shown = is_shown
    slot.date = when


def _slots_of(session: WalledSession, item_ids: Iterable[int]) -> dict[int, dict[int, Slot]]:
    found: dict[int, dict[int, Slot]] = defaultdict(dict)
    for slot in session.scalars(select(Slot).where(Slot.item_id.in_(list(item_ids)))):
        found[slot.item_id][slot.column_id] = slot
    return found


def locked_tallies(session: WalledSession, column_ids: set[int]) -> dict[int, ColumnTally]:
    """The counters of columns by id, made where missing, locked in one order."""
    ids: Sequence[int] = sorted(column_ids)
    ensure_rows(session, ColumnTally, [{"id": each, "slots": 0, "shown": 0} for each in ids])
    rows = session.scalars(
        select(ColumnTally)
        .where(ColumnTally.id.in_(ids))
        .order_by(ColumnTally.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}
