"""Slots of columns: what stands in their lists, counted and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import defer

from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.review.models import ColumnTally, Slot

_COLUMNS_AT_ONCE = 200
"""SQLite takes an expression of a thousand parts at most."""

_WITHDRAWN_AMONG = 2
"""So many withdrawn ones among the newest of a column cost no query of their own."""

_WITHOUT_TEXT = (defer(Edition.body_html), defer(Edition.body_text))


def tallies(session: WalledSession, column_ids: Sequence[int]) -> dict[int, ColumnTally]:
    """Counters of those of the columns in which anything was issued."""
    rows = session.scalars(select(ColumnTally).where(ColumnTally.id.in_(column_ids)))
    return {row.id: row for row in rows}


def home_slots(session: WalledSession, item_ids: Iterable[int]) -> Sequence[tuple[int, int, int]]:
    """(item id, column id, slot number) of items' slots in their home columns."""
    rows = session.execute(
        select(Item.id, Slot.column_id, Slot.number)
        .join(
            Slot,
            (Slot.tenant_id == Item.tenant_id)
            & (Slot.item_id == Item.id)
            & (Slot.column_id == Item.column_id),
        )
        .where(Item.id.in_(list(item_ids)))
    )
    return [(row[0], row[1], row[2]) for row in rows]


def slots_between(
    session: WalledSession, column_id: int, first: int, last: int
) -> Sequence[tuple[Slot, Item, Edition]]:
    """The shown slots of a range with their live editions: newest date first, then newest slot."""
    rows = session.execute(
        select(Slot, Item, Edition)
        .join(Item, (Item.tenant_id == Slot.tenant_id) & (Item.id == Slot.item_id))
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id),
        )
        .where(Slot.column_id == column_id, Slot.number.between(first, last), Slot.is_shown)
        .order_by(Slot.date.desc(), Slot.number.desc())
        .options(*_WITHOUT_TEXT)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def newest_of(
    session: WalledSession, column_id: int, *, limit: int
) -> Sequence[tuple[Slot, Item, Edition]]:
    """The newest shown slots of a column with their live editions, by date among themselves."""
    rows = session.execute(
        select(Slot, Item, Edition)
        .join(Item, (Item.tenant_id == Slot.tenant_id) & (Item.id == Slot.item_id))
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id),
        )
        .where(Slot.column_id == column_id, Slot.is_shown)
        .order_by(Slot.number.desc())
        .limit(limit)
        .options(*_WITHOUT_TEXT)
    )
    found = [(row[0], row[1], row[2]) for row in rows]
    return sorted(found, key=lambda each: (each[0].date, each[0].number), reverse=True)


def newest_slots(slots: Mapping[int, int], depth: int) -> Iterator[ColumnElement[bool]]:
    """Of columns that have given out so many slots the newest `depth`; a condition for hundreds.

    Bounds as numbers: joined to the tallies SQLite reads all slots of a column.
    """
    given = [(column_id, count - depth) for column_id, count in slots.items() if count]
    for first in range(0, len(given), _COLUMNS_AT_ONCE):
        yield or_(
            *(
                (Slot.column_id == column_id) & (Slot.number > bound)
                for column_id, bound in given[first : first + _COLUMNS_AT_ONCE]
            )
        )


def newest_of_each(
    session: WalledSession, slots: Mapping[int, int], *, limit: int
) -> dict[int, Sequence[tuple[Slot, Item, Edition]]]:
    """The same for several columns at once; `slots` are those that each has given out.

    A query for hundreds, and one more for each column of whose newest many were withdrawn.
    """
    depth = limit + _WITHDRAWN_AMONG
    shown = (
        select(Slot, Item, Edition)
        .join(Item, (Item.tenant_id == Slot.tenant_id) & (Item.id == Slot.item_id))
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id),
        )
        .where(Slot.is_shown)
        .options(*_WITHOUT_TEXT)
    )
    rows = [
        row for some in newest_slots(slots, depth) for row in session.execute(shown.where(some))
    ]
    found: dict[int, list[tuple[Slot, Item, Edition]]] = {each: [] for each in slots}
    for slot, item, edition in sorted(rows, key=lambda row: row[0].number, reverse=True):
        found[slot.column_id].append((slot, item, edition))
    return {
        column_id: newest_of(session, column_id, limit=limit)
        if len(lines) < limit and slots[column_id] > depth
        else sorted(lines[:limit], key=lambda each: (each[0].date, each[0].number), reverse=True)
        for column_id, lines in found.items()
    }
