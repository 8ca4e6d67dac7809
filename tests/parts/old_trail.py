"""A trail with rows that are older than it is kept, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from hosting.runtime import clock
from hosting.runtime.events import Event
from hosting.runtime.runtime import Runtime
from hosting.security import audit
from hosting.security.audit import AuditEntry
from hosting.security.audit_keeping import Pruned, prune
from hosting.security.audit_key import make_audit_key
from hosting.security.audit_verification import verify
from parts.platform import Place

OLD = timedelta(days=500)


@dataclass(frozen=True)
class OldBellRung(Event):
    """Something that happens in these tests."""

    bell_id: int


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`at(ago)` lets the trail believe that it is so long ago."""
    return lambda ago: monkeypatch.setattr(audit, "now", lambda: clock.now() - ago)


def ring(runtime: Runtime, tenant_id: int, *bells: int) -> None:
    with runtime.tenant_session(tenant_id) as session:
        for bell in bells:
            session.record(OldBellRung(tenant_id, bell))


@pytest.fixture
def aged(
    each_runtime: Runtime, river: Place, hill: Place, at: Callable[[timedelta], None]
) -> Runtime:
    """The county's chain with three old rows and two young ones, the department's with one old."""
    make_audit_key(each_runtime.settings)
    at(OLD)
    ring(each_runtime, river.tenant_id, 1, 2, 3)
    ring(each_runtime, hill.tenant_id, 1)
    at(timedelta())
    ring(each_runtime, river.tenant_id, 4, 5)
    return each_runtime


def cut(runtime: Runtime) -> Pruned:
    return prune(runtime, before=clock.now() - timedelta(days=400))


def left(runtime: Runtime, tenant_id: int) -> list[int]:
    with runtime.platform_session(reason="test", reading=True) as session:
        return list(
            session.scalars(
                select(AuditEntry.sequence)
                .where(AuditEntry.for_tenant_id == tenant_id)
                .order_by(AuditEntry.sequence)
            )
        )


def faults(runtime: Runtime) -> list[tuple[int, int, str]]:
    with runtime.platform_session(reason="test", reading=True) as session:
        found = verify(session, runtime.settings).faults
    return [(each.for_tenant_id, each.sequence, each.kind) for each in found]
