"""Putting a column's slots in the order of their dates, part by part: what an import ends with.

Each part exchanges the numbers of a few slots among themselves, so that every slot has a number of
its own at any moment and nothing is lost where somebody issues meanwhile or the work is killed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from hosting.runtime.session import WalledSession
from tenants.review.events import ColumnRenumbered
from tenants.review.models import MigrationOrderLine, Slot
from tenants.review.operations.slots import locked_tallies


@dataclass(frozen=True)
class Renumbering:
    """The slots of a column that stand at another's number: (slot id, number it shall have)."""

    column_id: int
    slots: int
    moves: Sequence[tuple[int, int]]


def columns_of_order(session: WalledSession, order_id: int) -> list[int]:
    """The columns in whose lists an order's items stand; for a reading session."""
    ordered = select(MigrationOrderLine.item_id).where(MigrationOrderLine.order_id == order_id)
    return sorted(
        session.scalars(select(Slot.column_id).where(Slot.item_id.in_(ordered)).distinct())
    )


def plan_renumbering(session: WalledSession, column_id: int) -> Renumbering:
    """What must move for the slots to stand in the order of their dates; for a reading session."""
    rows = session.execute(
        select(Slot.id, Slot.number, Slot.date).where(Slot.column_id == column_id)
    ).all()
    by_date = sorted(rows, key=lambda row: (row.date, row.number))
    numbers = sorted(row.number for row in rows)
    wanted = zip(by_date, numbers, strict=True)
    moves = [(row.id, number) for row, number in wanted if row.number != number]
    return Renumbering(column_id, len(rows), moves)


def renumber_part(
    session: WalledSession, plan: Renumbering, part: Sequence[tuple[int, int]]
) -> None:
    """Let these slots have their numbers; those that had them take the numbers that become free."""
    locked_tallies(session, {plan.column_id})
    wanted = dict(part)
    touched = session.scalars(
        select(Slot).where(
            Slot.column_id == plan.column_id,
            or_(Slot.id.in_(wanted), Slot.number.in_(wanted.values())),
        )
    ).all()
    free = sorted({each.number for each in touched} - set(wanted.values()))
    others = sorted((e for e in touched if e.id not in wanted), key=lambda slot: slot.number)
    numbers = wanted | {e.id: number for e, number in zip(others, free, strict=False)}
    # By way of negative numbers: two slots must not share a number even for a moment.
    for each in touched:
        each.number = -numbers[each.id]
    session.flush()
    for each in touched:
        each.number = numbers[each.id]
    session.flush()


def close_renumbering(session: WalledSession, plan: Renumbering) -> None:
    """Say that a column's list is in order: records ColumnRenumbered, also when no slot moved.

    What an order brought comes into lists, feeds and sitemaps by this event alone.
    """
    session.record(ColumnRenumbered(session.tenant_id, plan.column_id, plan.slots))
