"""The worker: relays events to their subscribers, runs jobs, keeps the timetable.

Kill it at any point: events are claimed and marked in the transaction of their handlers, jobs come
back when their lease runs out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime import jobs
from hosting.runtime.clock import now
from hosting.runtime.errors import Refusal
from hosting.runtime.events import OutboxEvent
from hosting.runtime.jobs import BULK, PERSON, Job
from hosting.runtime.records import PLATFORM_ID, LedgerRecord
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

log = logging.getLogger(__name__)

_REASON = "worker"
_LOOK_SECONDS = 1.0
_EVENTS_A_STEP = 500
_PATIENCE = timedelta(seconds=5)


class TimetableEntry(LedgerRecord):
    """When a recurring platform job is due next."""

    __tablename__ = "timetable_entry"

    kind: Mapped[str] = mapped_column(unique=True)
    next_at: Mapped[datetime]


@dataclass(frozen=True)
class Work:
    """What a job gets beside its ids."""

    runtime: Runtime
    tenant_id: int

    def session(self, *, reading: bool = False) -> AbstractContextManager[WalledSession]:
        """A session of the job's tenant (the platform's own jobs see all)."""
        if self.tenant_id == PLATFORM_ID:
            return self.runtime.platform_session(reason=_REASON, reading=reading)
        return self.runtime.tenant_session(self.tenant_id, reading=reading)


class Worker:
    """One loop over some lanes. `run` ends when `stop` is called, after the job in hand."""

    def __init__(self, runtime: Runtime, lanes: tuple[str, ...] = (PERSON, BULK)) -> None:
        self._runtime = runtime
        self._lanes = lanes
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to."""
        return self._stopping.is_set()

    def run(self) -> None:
        """Work until stopped; look every second even when nobody rings."""
        while not self._stopping.is_set():
            if not self.step():
                self._runtime.doorbell.wait(_LOOK_SECONDS)

    def step(self) -> bool:
        """Start what the timetable asks for, relay events, run one job; whether any was done.

        Events come first, so that jobs which merge find all that there is to do.
        """
        kept = keep_timetable(self._runtime)
        relayed = relay_events(self._runtime)
        return self._run_job() or relayed or kept

    def _run_job(self) -> bool:
        lease = self._runtime.settings.job_lease_seconds
        # Whoever only looks must not take the turn to write from those who have something to do.
        with self._runtime.platform_session(reason=_REASON, reading=True) as session:
            if not jobs.is_any_due(session, self._lanes):
                return False
        with self._runtime.platform_session(reason=_REASON) as session:
            job = jobs.claim(session, self._lanes, lease_seconds=lease)
        if job is None:
            return False
        with _kept_lease(self._runtime, job):
            error = _attempt(self._runtime, job)
        assert job.lease_token is not None
        with self._runtime.platform_session(reason=_REASON) as session:
            if error is None:
                jobs.finish(session, job.id, job.lease_token)
            else:
                limit = self._runtime.settings.job_attempts
                jobs.give_back(session, job.id, job.lease_token, error=error, limit=limit)
        return True


def loops(runtime: Runtime) -> list[Worker]:
    """The loops of a worker: the first does what people wait for alone, the next also the rest.

    So nobody's click waits behind anybody's bulk. What areas leave to lanes of their own holds up
    neither. Each has a runtime of its own, whose bell it waits at.
    """
    own = (each for area in runtime.areas for each in area.lanes(runtime.settings))
    lanes = ((PERSON,), (PERSON, BULK), *own)
    return [Worker(Runtime.open(runtime.settings, runtime.areas), each) for each in lanes]


def drain(runtime: Runtime, *, seconds: float = 3600) -> None:
    """Do all that is due, here, and wait for what other workers have in hand.

    What commands call before they exit; jobs that are due later are left alone, save those that
    are put off only so that several become one, and so are those of any third lane that its area
    does not have drained.
    """
    lanes = (PERSON, BULK, *(lane for area in runtime.areas for lane in area.drained))
    worker = Worker(runtime, lanes)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if worker.step():
            continue
        with runtime.platform_session(reason=_REASON, reading=True) as session:
            due, running = jobs.outstanding(session, lanes)
            waiting = session.scalar(
                select(OutboxEvent.id)
                .where(OutboxEvent.state == "new", OutboxEvent.try_at <= now())
                .limit(1)
            )
        if not due and not running and waiting is None and not _hurry(runtime):
            return
        time.sleep(0.02)


def _hurry(runtime: Runtime) -> bool:
    """Have done what jobs gather; whether any waited."""
    kinds = [job.kind for job in runtime.jobs.values() if job.gathers]
    if not kinds:
        return False
    with runtime.platform_session(reason=_REASON) as session:
        return jobs.hurry(session, kinds)


def relay_events(runtime: Runtime) -> bool:
    """Hand out the events that wait, at most so many before the next job; whether there was any.

    Leaves them to whoever is at it, unless they wait for too long: he may have been stopped.
    """
    handed_out = 0
    while handed_out < _EVENTS_A_STEP:
        with runtime.database.relay.taken() as is_ours:
            if not relay_event(runtime, older=timedelta(0) if is_ours else _PATIENCE):
                break
        handed_out += 1
    return handed_out > 0


def relay_event(runtime: Runtime, *, older: timedelta = timedelta(0)) -> bool:
    """Hand one recorded event to its later subscribers, exactly once; False when there is none.

    Handlers and the mark are one transaction in a session of the event's tenant. `older` asks for
    one that has waited for so long.
    """
    found = _next_event(runtime, now() - older)
    if found is None:
        return False
    event_id, tenant_id = found
    try:
        with Work(runtime, tenant_id).session() as session:
            _hand_out(runtime, session, event_id)
    except Exception as error:  # the edge of all handlers: one bad event must not stop the rest
        log.exception("event %s could not be handed out", event_id)
        _postpone_event(runtime, event_id, repr(error))
    return True


def _next_event(runtime: Runtime, due_at: datetime) -> tuple[int, int] | None:
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        row = session.execute(
            select(OutboxEvent.id, OutboxEvent.for_tenant_id)
            .where(OutboxEvent.state == "new", OutboxEvent.try_at <= due_at)
            .order_by(OutboxEvent.id)
            .limit(1)
        ).first()
    return None if row is None else (row[0], row[1])


def _hand_out(runtime: Runtime, session: WalledSession, event_id: int) -> None:
    row = session.scalars(
        select(OutboxEvent)
        .where(OutboxEvent.id == event_id, OutboxEvent.state == "new")
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return
    happened = row.event()
    for area in runtime.areas:
        for subscription in area.subscriptions:
            if not subscription.immediate and isinstance(happened, subscription.event):
                subscription.handler(session, happened)
    session.delete(row)


def _postpone_event(runtime: Runtime, event_id: int, error: str) -> None:
    with runtime.platform_session(reason=_REASON) as session:
        row = session.get(OutboxEvent, event_id)
        if row is None:
            return
        row.attempts += 1
        row.last_error = error[:4000]
        row.try_at = now() + timedelta(seconds=min(4**row.attempts, 300))
        if row.attempts >= runtime.settings.job_attempts:
            row.state = "failed"


def keep_timetable(runtime: Runtime) -> bool:
    """Enqueue the recurring jobs that are due; missed turns are made up once."""
    entries = [each for area in runtime.areas for each in area.timetable]
    if not entries or not _is_due(runtime, {each.kind for each in entries}):
        return False
    with runtime.platform_session(reason="timetable") as session:
        known = {row.kind: row for row in session.scalars(select(TimetableEntry))}
        for each in entries:
            row = known.get(each.kind)
            if row is None:
                row = TimetableEntry(kind=each.kind, next_at=now())
                session.add(row)
            if row.next_at <= now():
                session.enqueue(each.kind, key="timetable", lane=BULK)
                row.next_at = now() + timedelta(seconds=each.seconds)
    return True


def _is_due(runtime: Runtime, kinds: set[str]) -> bool:
    with runtime.platform_session(reason="timetable", reading=True) as session:
        rows = session.execute(select(TimetableEntry.kind, TimetableEntry.next_at)).all()
    return {row.kind for row in rows} < kinds or any(
        row.kind in kinds and row.next_at <= now() for row in rows
    )


def _attempt(runtime: Runtime, job: Job) -> str | None:
    """Run a job; None, or what went wrong."""
    kind = runtime.jobs.get(job.kind)
    if kind is None:
        return f"no area runs jobs of the kind {job.kind}"
    try:
        kind.run(Work(runtime, job.for_tenant_id), **job.payload)
    except Refusal as refusal:
        # The sentence may hold a tenant's words; it stands in the tenant's own ledger alone.
        log.warning("job %s (%s) was refused: %s", job.id, job.kind, refusal.code)
        return str(refusal)
    except Exception as error:  # the edge of all jobs: one bad job must not stop the worker
        log.exception("job %s (%s) failed", job.id, job.kind)
        return repr(error)
    return None


@contextmanager
def _kept_lease(runtime: Runtime, job: Job) -> Iterator[None]:
    """Prolong the lease in the background while a job runs."""
    done = threading.Event()
    lease = runtime.settings.job_lease_seconds
    token = job.lease_token
    assert token is not None

    def beat() -> None:
        while not done.wait(lease / 3):
            with runtime.platform_session(reason=_REASON) as session:
                jobs.extend_lease(session, job.id, token, lease_seconds=lease)

    thread = threading.Thread(target=beat, name=f"lease-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
