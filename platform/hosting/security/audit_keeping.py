"""Pruning the trail: rows older than it is kept give way to a signed checkpoint.

The checkpoint is committed first, then its rows are removed a few at a time; killed in between, the
next run removes the rest. Rows that do not follow one another are evidence, and stay.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from hosting.runtime.clock import now
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import audit_fence
from hosting.security.audit import NO_HASH, AuditEntry, AuditHead
from hosting.security.audit_checkpoints import (
    AuditCheckpoint,
    broken,
    checkpoints,
    start_of,
)
from hosting.security.audit_key import audit_key
from hosting.security.audit_verification import is_sound_through

log = logging.getLogger(__name__)

_REASON = "audit keeping"


@dataclass(frozen=True)
class Pruned:
    """How many chains were cut, of how many rows, and the tenants whose old rows had to stay."""

    chains: int
    entries: int
    held_back: tuple[int, ...]


def prune(runtime: Runtime, *, before: datetime) -> Pruned:
    """Prune every chain of its rows older than `before`; opens its own sessions.

    The database itself refuses for rows younger than six months.
    """
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        tenants = session.scalars(select(AuditHead.for_tenant_id)).all()
    chains, entries, held_back = 0, 0, []
    for tenant_id in sorted(tenants):
        with runtime.platform_session(reason=_REASON, reading=True) as session:
            due = _due(session, tenant_id, before, runtime.settings)
        if due.is_held_back:
            held_back.append(tenant_id)
        elif due.checkpoint is not None:
            with runtime.platform_session(reason=_REASON) as session:
                session.add(due.checkpoint)
        removed = _remove_covered(runtime, tenant_id)
        chains, entries = chains + bool(removed), entries + removed
    return Pruned(chains, entries, tuple(held_back))


@dataclass(frozen=True)
class _Due:
    """The checkpoint for a chain's old rows, where it has any and they need not stay."""

    checkpoint: AuditCheckpoint | None = None
    is_held_back: bool = False


def _due(session: WalledSession, tenant_id: int, before: datetime, settings: Settings) -> _Due:
    """What is due for a chain. Hashes all old rows, so that none is signed away unseen."""
    found = checkpoints(session, tenant_id)
    start = start_of(found)
    through = _last_before(session, tenant_id, start.sequence, before)
    if through <= start.sequence:
        return _Due()
    key = audit_key(settings)
    if broken(found, key) or not is_sound_through(session, tenant_id, start, through):
        log.error("old rows of chain %s are not sound and are kept", tenant_id)
        return _Due(is_held_back=True)
    made = _of_rows(session, tenant_id, start.sequence, through)
    made.number = len(found) + 1
    made.previous_hash = found[-1].hash if found else NO_HASH
    made.sign(key)
    return _Due(made)


def _last_before(session: WalledSession, tenant_id: int, behind: int, before: datetime) -> int:
    """The last number of the chain before its first row that is not old yet."""
    rows = select(AuditEntry.sequence).where(
        AuditEntry.for_tenant_id == tenant_id, AuditEntry.sequence > behind
    )
    young = rows.where(AuditEntry.happened_at >= before).order_by(AuditEntry.sequence).limit(1)
    if (first := session.scalar(young)) is not None:
        return first - 1
    return session.scalar(rows.order_by(AuditEntry.sequence.desc()).limit(1)) or behind


def _of_rows(session: WalledSession, tenant_id: int, behind: int, through: int) -> AuditCheckpoint:
    """A checkpoint with the facts of these rows, not yet placed and signed."""
    rows = (
        AuditEntry.for_tenant_id == tenant_id,
        AuditEntry.sequence > behind,
        AuditEntry.sequence <= through,
    )
    count, first_at, last_at = session.execute(
        select(
            func.count(AuditEntry.id),
            func.min(AuditEntry.happened_at),
            func.max(AuditEntry.happened_at),
        ).where(*rows)
    ).one()
    last_hash = session.scalars(
        select(AuditEntry.hash).where(*rows, AuditEntry.sequence == through)
    )
    return AuditCheckpoint(
        for_tenant_id=tenant_id,
        through_sequence=through,
        through_hash=last_hash.one(),
        entries=count,
        first_at=first_at,
        last_at=last_at,
        made_at=now(),
    )


def _remove_covered(runtime: Runtime, tenant_id: int) -> int:
    """Remove the rows that the chain's checkpoints cover; how many there were."""
    pace, removed = Pace(runtime), 0
    while True:
        with pace.transaction(), runtime.platform_session(reason=_REASON) as session:
            count = (
                _remove_by_owner(session, tenant_id, pace.size)
                if runtime.settings.is_postgresql
                else _remove(session, tenant_id, pace.size)
            )
        removed += count
        if not count:
            return removed


def _remove_by_owner(session: WalledSession, tenant_id: int, most: int) -> int:
    """PostgreSQL: by the owner's function, for no other role may delete here."""
    pruned = getattr(func, audit_fence.PRUNE)(tenant_id, most)
    return session.scalar(select(pruned)) or 0


def _remove(session: WalledSession, tenant_id: int, most: int) -> int:
    through = start_of(checkpoints(session, tenant_id)).sequence
    old = AuditEntry.happened_at < now() - timedelta(days=audit_fence.SHORTEST_DAYS)
    ids = session.scalars(
        select(AuditEntry.id)
        .where(AuditEntry.for_tenant_id == tenant_id, AuditEntry.sequence <= through, old)
        .order_by(AuditEntry.sequence)
        .limit(most)
    ).all()
    if ids:
        session.execute(delete(AuditEntry).where(AuditEntry.id.in_(ids)))
    return len(ids)
