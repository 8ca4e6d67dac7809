"""Carrying a deletion out in small steps; killed after any of them, it goes on where it was.

Each step of rows is one transaction with its count, so the report adds up. Nothing remembers which
steps are done: a part that has nothing left is passed over.
"""

from __future__ import annotations

from hosting.runtime.clock import now
from hosting.runtime.erasing import (
    Erasing,
    Erasure,
    RowErasure,
    ThingErasure,
    erased_tables,
    erasures,
    left_over,
    stop_jobs,
)
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from provisioning.deletion.models import DONE, RUNNING, TenantDeletion
from provisioning.deletion.operations import end_deletion
from provisioning.deletion.queries import deletion

_REASON = "tenant deletion"
_THINGS_A_STEP = 200
# What was begun before the tenant's jobs were dropped may still write a row; more rounds find it.
_ROUNDS = 3


def carry_out(runtime: Runtime, deletion_id: int) -> None:
    """Bring a deletion to its end; opens its own sessions.

    Unavailable while somebody still works for the tenant or reads the database's file.
    """
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        found = deletion(session, deletion_id)
    if found.state == RUNNING:
        _Run(runtime, found).erase()
    if found.state != DONE:
        _scrub(runtime, deletion_id)


def _scrub(runtime: Runtime, deletion_id: int) -> None:
    if not runtime.database.scrub():
        raise Unavailable("database_in_use", N_("数据库正被读取，稍后继续"))
    with runtime.platform_session(reason=_REASON) as session:
        found = deletion(session, deletion_id)
        found.state, found.finished_at = DONE, now()


class _Run:
    """One run over all parts of a tenant."""

    def __init__(self, runtime: Runtime, found: TenantDeletion) -> None:
        self._runtime = runtime
        self._id = found.id
        self._erasing = Erasing(
            runtime, found.subject_id, tuple(found.site_ids), tuple(found.hosts)
        )

    def erase(self) -> None:
        """All parts, and then the tenant itself."""
        for _ in range(_ROUNDS):
            self._stop_jobs()
            for erasure in erasures(self._runtime.areas):
                self._rows(erasure) if isinstance(erasure, RowErasure) else self._things(erasure)
            if self._end():
                return
        raise Unavailable("tenant_busy", N_("仍有任务在为该租户写入，稍后继续"))

    def _stop_jobs(self) -> None:
        with self._runtime.platform_session(reason=_REASON) as session:
            running = stop_jobs(session, self._erasing.tenant_id)
        if running:
            raise Unavailable("tenant_busy", N_("仍有任务在为该租户写入，稍后继续"))

    def _rows(self, erasure: RowErasure) -> None:
        pace = Pace(self._runtime)
        count = 1
        while count:
            with pace.transaction(), self._runtime.platform_session(reason=_REASON) as session:
                count = erasure.remove(session, self._erasing.tenant_id, pace.size)
                self._note(session, erasure, count)

    def _things(self, erasure: ThingErasure) -> None:
        while count := erasure.remove(self._erasing, _THINGS_A_STEP):
            with self._runtime.platform_session(reason=_REASON) as session:
                self._note(session, erasure, count)

    def _note(self, session: WalledSession, erasure: Erasure, count: int) -> None:
        """Add to the report; also what is in hand, for whoever watches."""
        if not count:
            return
        found = deletion(session, self._id)
        found.step = erasure.label
        found.removed = {
            **found.removed,
            erasure.label: found.removed.get(erasure.label, 0) + count,
        }

    def _end(self) -> bool:
        """Remove the tenant itself; False where rows came meanwhile."""
        with self._runtime.platform_session(reason=_REASON) as session:
            found = deletion(session, self._id)
            if left_over(session, found.subject_id, erased_tables(self._runtime.areas)):
                return False
            if found.state == RUNNING:
                end_deletion(session, found)
            return True
