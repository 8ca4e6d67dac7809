"""Promising that edges will follow: the jobs of the ledger, in the transaction that makes them due.

Each edge has lanes of its own, and a loop of the worker for each: an edge that hangs holds up no
other edge, and nothing that people wait for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hosting.runtime.clock import now
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings

SYNC_COPY, COMPARE_COPY = "sync_copy", "compare_copy"
"""One site's copy at one edge is brought up to date; all of it is compared and put right."""

BRING_LATE = "bring_late"
"""The late copies of a site's pages are brought, once they are made here."""

LOOK_AT_EDGE, COMPARE_EDGE = "look_at_edge", "compare_edge"
"""The same for all that lies at an edge, by way of the jobs above."""

_BUSY_SECONDS = 2


def quick_lane(edge: str) -> str:
    """The lane of what was published or withdrawn a moment ago."""
    return f"edge:{edge}"


def slow_lane(edge: str) -> str:
    """The lane of comparing everything."""
    return f"edge:{edge}:compare"


def edge_lanes(settings: Settings) -> list[tuple[str, ...]]:
    """The lanes of each loop that a worker has for edges."""
    names = list(settings.edge_addresses)
    quick = [(quick_lane(name),) for name in names]
    return [*quick, *((quick_lane(name), slow_lane(name)) for name in names)]


def promise_copy(
    session: WalledSession, edges: Iterable[str], site_id: int, *, tenant_id: int | None = None
) -> None:
    """Have a site's copies brought up to date. A platform session names the tenant."""
    for edge in edges:
        _promise(session, SYNC_COPY, quick_lane(edge), edge, site_id, tenant_id)


def promise_late(session: WalledSession, edges: Iterable[str], site_id: int) -> None:
    """Have late copies brought."""
    for edge in edges:
        _promise(session, BRING_LATE, slow_lane(edge), edge, site_id, None)


def promise_comparison(session: WalledSession, edge: str, site_id: int, *, tenant_id: int) -> None:
    """Have a site's copy compared."""
    _promise(session, COMPARE_COPY, slow_lane(edge), edge, site_id, tenant_id)


def put_off_copy(session: WalledSession, edge: str, site_id: int) -> None:
    """Come again in a moment: who is at it may have looked before there was something new."""
    run_at = now() + timedelta(seconds=_BUSY_SECONDS)
    _promise(session, SYNC_COPY, quick_lane(edge), edge, site_id, None, run_at)


def put_off_late(session: WalledSession, edge: str, site_id: int) -> None:
    """The same for late copies."""
    run_at = now() + timedelta(seconds=_BUSY_SECONDS)
    _promise(session, BRING_LATE, slow_lane(edge), edge, site_id, None, run_at)


def _promise(
    session: WalledSession,
    kind: str,
    lane: str,
    edge: str,
    site_id: int,
    tenant_id: int | None,
    run_at: datetime | None = None,
) -> None:
    session.enqueue(
        kind,
        key=f"{edge}:{site_id}",
        lane=lane,
        run_at=run_at,
        tenant_id=tenant_id,
        site_id=site_id,
        edge=edge,
    )


def promise_looks(session: WalledSession, edges: Iterable[str]) -> None:
    """Have each edge looked at: its hosts, and whatever is behind."""
    for edge in edges:
        session.enqueue(LOOK_AT_EDGE, key=edge, lane=quick_lane(edge), edge=edge)


def promise_comparisons(session: WalledSession, edges: Iterable[str]) -> None:
    """Have all that lies at each edge compared."""
    for edge in edges:
        session.enqueue(COMPARE_EDGE, key=edge, lane=slow_lane(edge), edge=edge)
