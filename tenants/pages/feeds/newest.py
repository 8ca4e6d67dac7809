"""The newest items of columns and of a site, read for many feeds at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.pages.entries import beginning
from tenants.review.models import Issue, Slot
from tenants.review.slots import newest_slots, tallies

LENGTH = 20
"""Entries of a feed."""

_DEPTH = 2 * LENGTH
"""Newest slots of each column that are looked at: what a feed costs does not grow with its column,
and in a column of which half the newest were withdrawn it is still full."""

_BEGINNING = 200


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item with the facts of its live edition; `column_id` is its home column.

    `beginning` are the first words of its text where it has no summary.
    """

    item_id: int
    edition_id: int
    column_id: int
    path: str
    listed_on: date
    number: int
    published_at: datetime
    issued_at: datetime
    original_date: date | None
    title: str
    summary: str
    source_name: str
    author: str
    beginning: str = ""


def newest_of_columns(
    session: WalledSession, column_ids: Sequence[int]
) -> dict[int, list[NewItem]]:
    """What each column's first page begins with, the newest first; three queries for hundreds."""
    found: dict[int, list[NewItem]] = defaultdict(list)
    for newest in _newest(session, column_ids):
        rows = session.execute(newest.order_by(Slot.column_id, Slot.number.desc()))
        for column_id, _, *facts in rows:
            if len(found[column_id]) < LENGTH:
                found[column_id].append(NewItem(*facts))
    texts = _beginnings(session, [each for new in found.values() for each in new])
    return {
        column_id: sorted((_begun(each, texts) for each in new), key=_age, reverse=True)
        for column_id, new in found.items()
    }


def newest_of_all(session: WalledSession, column_ids: Sequence[int]) -> list[NewItem]:
    """The newest of all these columns by date, each in its home column alone; three queries."""
    found: list[tuple[int, NewItem]] = []
    for newest in _newest(session, column_ids):
        rows = session.execute(
            newest.where(Item.column_id == Slot.column_id)
            .order_by(Slot.date.desc(), Slot.id.desc())
            .limit(LENGTH)
        )
        found += [(slot_id, NewItem(*facts)) for _, slot_id, *facts in rows]
    found.sort(key=lambda each: (each[1].listed_on, each[0]), reverse=True)
    new = [each for _, each in found[:LENGTH]]
    texts = _beginnings(session, new)
    return [_begun(each, texts) for each in new]


def _age(new: NewItem) -> tuple[date, int]:
    return new.listed_on, new.number


def _begun(new: NewItem, texts: dict[int, str]) -> NewItem:
    return replace(new, beginning=texts.get(new.edition_id, ""))


def _beginnings(session: WalledSession, new: Sequence[NewItem]) -> dict[int, str]:
    """The first words of those that have no summary, by edition."""
    ids = [each.edition_id for each in new if not each.summary]
    rows = session.execute(select(Edition.id, Edition.body_text).where(Edition.id.in_(ids)))
    return {row[0]: beginning(row[1], _BEGINNING) for row in rows}


def _newest(
    session: WalledSession, column_ids: Sequence[int]
) -> Iterator[Select[*tuple[Any, ...]]]:
    """The newest slots of columns with what is public there; a question for hundreds of columns."""
    given = {column_id: tally.slots for column_id, tally in tallies(session, column_ids).items()}
    for some in newest_slots(given, _DEPTH):
        yield _public().where(some)


def _public() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Slot.column_id,
            Slot.id,
            Item.id,
            Edition.id,
            Item.column_id,
            Item.path,
            Slot.date,
            Slot.number,
            Item.published_at,
            Issue.issued_at,
            Edition.original_date,
            Edition.title,
            Edition.summary,
            Edition.source_name,
            Edition.author,
        )
        .join(Item, (Item.tenant_id == Slot.tenant_id) & (Item.id == Slot.item_id))
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.live_edition_id))
        .join(Issue, (Issue.tenant_id == Edition.tenant_id) & (Issue.edition_id == Edition.id))
        .where(Slot.is_shown)
    )
