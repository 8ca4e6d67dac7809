"""The job ledger: work that was promised, in the transaction that promised it.

Jobs carry ids only and re-read the database; they are right when run twice, late or out of order.
The ledger is the queue (docs/adr/0001).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Index, case, column, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.ids import new_id
from hosting.runtime.records import KEEP, LedgerRecord

PERSON, BULK = "person", "bulk"
"""The two lanes: what a person waits for, and everything else. Others are nobody's to wait for."""

_MERGEABLE = (column("state") == "waiting") & column("key").is_not(None)


class Job(LedgerRecord):
    """One piece of promised work; `for_tenant_id` is 0 for the platform's own.

    waiting -> running -> done, or back to waiting (retry, lease lost), or failed.
    """

    __tablename__ = "job"
    tenant_rights = KEEP
    __table_args__ = (
        Index(
            "uq_job_waiting",
            "for_tenant_id",
            "kind",
            "key",
            unique=True,
            sqlite_where=_MERGEABLE,
            postgresql_where=_MERGEABLE,
        ),
        Index("ix_job_state_lane_run_at", "state", "lane", "run_at"),
    )

    kind: Mapped[str]
    key: Mapped[str | None]
    lane: Mapped[str] = mapped_column(default=PERSON)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting")
    run_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class TenantTurn(LedgerRecord):
    """When a tenant was last served in a lane; the one served longest ago is next."""

    __tablename__ = "tenant_turn"
    __table_args__ = (Index("uq_tenant_turn", "for_tenant_id", "lane", unique=True),)

    lane: Mapped[str]
    served_at: Mapped[datetime]


def enqueue(
    connection: Connection,
    *,
    kind: str,
    tenant_id: int,
    key: str | None,
    lane: str,
    run_at: datetime | None,
    payload: dict[str, Any],
) -> None:
    """Insert a waiting job, or take it into the waiting one of the same tenant, kind and key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Job).values(
        id=new_id(),
        for_tenant_id=tenant_id,
        kind=kind,
        key=key,
        lane=lane,
        payload=payload,
        run_at=run_at or now(),
    )
    if key is not None:
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["for_tenant_id", "kind", "key"],
            index_where=_MERGEABLE,
            set_={
                "run_at": case((Job.run_at < new.run_at, Job.run_at), else_=new.run_at),
                "lane": case((new.lane == PERSON, PERSON), else_=Job.lane),
            },
        )
    connection.execute(statement)


def claim(session: Session, lanes: tuple[str, ...], *, lease_seconds: int) -> Job | None:
    """Take the next due job: lanes in the order given, within a lane the tenant served longest ago.

    Flushes; the lease stands when the caller's transaction commits. A job whose lease ran out
    counts as due.
    """
    for lane in lanes:
        if (job := _next_of_lane(session, lane)) is not None:
            job.state = "running"
            job.attempts += 1
            job.lease_token = new_id()
            job.lease_until = now() + timedelta(seconds=lease_seconds)
            _note_turn(session, job.for_tenant_id, lane)
            session.flush()
            return job
    return None


def is_any_due(session: Session, lanes: tuple[str, ...]) -> bool:
    """Whether there is a job to claim."""
    due = select(Job.id).where(Job.lane.in_(lanes), _is_due()).limit(1)
    return session.scalar(due) is not None


def _is_due() -> ColumnElement[bool]:
    return or_(
        (Job.state == "waiting") & (Job.run_at <= now()),
        (Job.state == "running") & (Job.lease_until < now()),
    )


def _next_of_lane(session: Session, lane: str) -> Job | None:
    turn = (
        select(TenantTurn.served_at)
        .where(TenantTurn.for_tenant_id == Job.for_tenant_id, TenantTurn.lane == lane)
        .scalar_subquery()
    )
    return session.scalars(
        select(Job)
        .where(Job.lane == lane, _is_due())
        .order_by(func.coalesce(turn, _LONG_AGO), Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    ).first()


_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _note_turn(session: Session, tenant_id: int, lane: str) -> None:
    noted = session.execute(
        update(TenantTurn)
        .where(TenantTurn.for_tenant_id == tenant_id, TenantTurn.lane == lane)
        .values(served_at=now())
    )
    if not noted.rowcount:  # type: ignore[attr-defined]  # CursorResult, typed as Result
        session.add(TenantTurn(for_tenant_id=tenant_id, lane=lane, served_at=now()))


def extend_lease(session: Session, job_id: int, token: int, *, lease_seconds: int) -> bool:
    """Prolong a running job's lease; False when another worker has taken it meanwhile."""
    extended = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_token == token, Job.state == "running")
        .values(lease_until=now() + timedelta(seconds=lease_seconds))
    )
    return bool(extended.rowcount)  # type: ignore[attr-defined]  # CursorResult, typed as Result


def finish(session: Session, job_id: int, token: int) -> None:
    """Close a job, unless another worker holds it by now."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_token == token)
        .values(state="done", finished_at=now(), lease_until=None, last_error="")
    )


def give_back(session: Session, job_id: int, token: int, *, error: str, limit: int) -> None:
    """Return a failed job for a later try (1 s, 4 s, 16 s … 5 min), or mark it failed for good.

    Where a job with the same key waits already, that one stands for both.
    """
    job = session.get(Job, job_id)
    if job is None or job.lease_token != token or job.state != "running":
        return
    job.last_error = error[:4000]
    job.lease_until = None
    if job.attempts >= limit:
        job.state, job.finished_at = "failed", now()
    elif _has_successor(session, job):
        job.state, job.finished_at = "done", now()
    else:
        job.state = "waiting"
        job.run_at = now() + timedelta(seconds=min(4 ** (job.attempts - 1), 300))


def _has_successor(session: Session, job: Job) -> bool:
    if job.key is None:
        return False
    return (
        session.scalar(
            select(Job.id).where(
                Job.for_tenant_id == job.for_tenant_id,
                Job.kind == job.kind,
                Job.key == job.key,
                Job.state == "waiting",
            )
        )
        is not None
    )


def hurry(session: Session, kinds: Collection[str]) -> bool:
    """Make waiting jobs of these kinds due at once; whether there were any that were not."""
    hurried = session.execute(
        update(Job)
        .where(Job.kind.in_(kinds), Job.state == "waiting", Job.run_at > now())
        .values(run_at=now()),
        execution_options={"synchronize_session": False},
    )
    return bool(hurried.rowcount)  # type: ignore[attr-defined]  # CursorResult, typed as Result


def outstanding(session: Session, lanes: tuple[str, ...]) -> tuple[int, int]:
    """How many jobs of these lanes are due now, and how many are being run."""
    count = select(func.count()).select_from(Job).where(Job.lane.in_(lanes))
    due = session.scalar(count.where(Job.state == "waiting", Job.run_at <= now()))
    running = session.scalar(count.where(Job.state == "running"))
    return due or 0, running or 0
