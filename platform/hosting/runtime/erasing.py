"""What a tenant's deletion removes, a little at a time; each area declares its part.

Rows go first, those of the upper areas before what they refer to; then what is kept elsewhere.
Every step may be repeated, and ends when it removes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from hosting.runtime.clock import now
from hosting.runtime.events import OutboxEvent
from hosting.runtime.jobs import Job
from hosting.runtime.records import Base, LedgerRecord, TenantRecord
from hosting.runtime.session import WalledSession

if TYPE_CHECKING:
    from hosting.runtime.areas import Area
    from hosting.runtime.runtime import Runtime


@dataclass(frozen=True)
class Erasing:
    """A tenant on its way out: what it had when its deletion began, for its rows may be gone."""

    runtime: Runtime
    tenant_id: int
    site_ids: tuple[int, ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class RowErasure:
    """Rows of a tenant: `remove(session, tenant_id, most)` runs in a platform session.

    It removes at most about so many and returns how many; 0: none is left. `label` is a msgid.
    """

    label: str
    tables: tuple[type[Base], ...]
    remove: Callable[[WalledSession, int, int], int]


@dataclass(frozen=True)
class ThingErasure:
    """What a tenant has outside the database: `remove(erasing, most)`, in no transaction."""

    label: str
    remove: Callable[[Erasing, int], int]


Erasure = RowErasure | ThingErasure


def erasures(areas: Sequence[Area]) -> Iterator[Erasure]:
    """What the areas declare: rows from the top area down, then all else."""
    declared = [each for area in reversed(areas) for each in area.erases]
    yield from (each for each in declared if isinstance(each, RowErasure))
    yield from (each for each in declared if isinstance(each, ThingErasure))


def erased_tables(areas: Sequence[Area]) -> list[type[Base]]:
    """All tables whose rows say that they are a tenant's, and go with it."""
    return [
        table
        for each in erasures(areas)
        if isinstance(each, RowErasure)
        for table in each.tables
        if issubclass(table, TenantRecord | LedgerRecord)
    ]


def rows_of(
    label: str,
    *models: type[Base],
    loosened: Collection[InstrumentedAttribute[Any]] = (),
) -> RowErasure:
    """All rows of a tenant in these tables, in their order.

    `loosened` are references from a table to itself; they are emptied first.
    """

    def remove(session: WalledSession, tenant_id: int, most: int) -> int:
        for column in loosened:
            _loosen(session, column, tenant_id)
        for model in models:
            if count := _remove_some(session, model, tenant_id, most):
                return count
        return 0

    return RowErasure(label, models, remove)


def _loosen(session: WalledSession, column: InstrumentedAttribute[Any], tenant_id: int) -> None:
    model: type[Base] = column.parent.class_
    session.execute(
        update(model)
        .where(_owner(model) == tenant_id, column.is_not(None))
        .values({column.key: None})
        .execution_options(synchronize_session=False)
    )


def _remove_some(session: WalledSession, model: type[Base], tenant_id: int, most: int) -> int:
    owner, key = _owner(model), model.id  # type: ignore[attr-defined]  # every record has one
    ids = session.scalars(select(key).where(owner == tenant_id).limit(most)).all()
    if ids:
        session.execute(
            delete(model)
            .where(owner == tenant_id, key.in_(ids))
            .execution_options(synchronize_session=False)
        )
    return len(ids)


def _owner(model: type[Base]) -> InstrumentedAttribute[int]:
    """The column that says whose row it is."""
    if issubclass(model, TenantRecord):
        return model.tenant_id
    assert issubclass(model, LedgerRecord), model
    return model.for_tenant_id


def left_over(session: WalledSession, tenant_id: int, models: Sequence[type[Base]]) -> list[str]:
    """The tables among these that still have rows of a tenant."""
    return [
        str(model.__tablename__)
        for model in models
        if session.scalar(
            select(func.count()).select_from(model).where(_owner(model) == tenant_id).limit(1)
        )
    ]


def stop_jobs(session: WalledSession, tenant_id: int) -> int:
    """Drop a tenant's promised work and events; how many of its jobs are in some worker's hands."""
    session.execute(delete(OutboxEvent).where(OutboxEvent.for_tenant_id == tenant_id))
    in_hand = (Job.state == "running") & (Job.lease_until >= now())
    session.execute(delete(Job).where(Job.for_tenant_id == tenant_id, ~in_hand))
    running = select(func.count(Job.id)).where(Job.for_tenant_id == tenant_id)
    return session.scalar(running) or 0
