"""The edges' jobs: tried again by the ledger while an edge is away; nothing else waits for them."""

from __future__ import annotations

from hosting.publishing.edges.promising import (
    promise_comparisons,
    promise_looks,
    put_off_copy,
    put_off_late,
)
from hosting.publishing.edges.rounds import (
    bind_edge,
    bring_copy,
    bring_redirects,
    expel_strangers,
    have_compared,
    have_copied,
    opened,
)
from hosting.publishing.edges.syncing import Copying
from hosting.publishing.edges.targets import Target
from hosting.runtime.worker import Work


def sync_copy(work: Work, *, site_id: int, edge: str) -> None:
    """Bring a site's copy up to date."""
    _bring(work, site_id, edge)


def bring_late(work: Work, *, site_id: int, edge: str) -> None:
    """Bring the late copies of a site's pages."""
    _bring(work, site_id, edge, late=True)


def compare_copy(work: Work, *, site_id: int, edge: str) -> None:
    """Compare all of a site's copy, and put it right."""
    _bring(work, site_id, edge, compare=True)


def _bring(
    work: Work, site_id: int, name: str, *, compare: bool = False, late: bool = False
) -> None:
    target = _target(work, name)
    if target is None:
        return
    edge = opened(work.runtime, target)
    copying = Copying(work.runtime, work.tenant_id, site_id, target, edge)
    synced = bring_copy(copying, compare=compare, late=late)
    if compare:
        bring_redirects(copying)
    if synced.busy:
        with work.session() as session:
            put_off_copy(session, name, site_id)
            if late:
                put_off_late(session, name, site_id)


def look_at_edge(work: Work, *, edge: str) -> None:
    """Bring an edge's hosts in line, and have copied what is behind."""
    target = _target(work, edge)
    if target is None:
        return
    place = opened(work.runtime, target)
    bind_edge(work.runtime, target, place)
    have_copied(work.runtime, place)


def compare_edge(work: Work, *, edge: str) -> None:
    """Take away what is no site's, and have every copy compared."""
    target = _target(work, edge)
    if target is None:
        return
    place = opened(work.runtime, target)
    expel_strangers(work.runtime, place)
    have_compared(work.runtime, place)


def look_at_edges(work: Work) -> None:
    """Have every edge looked at; what was lost or given up is taken up by it."""
    with work.session() as session:
        promise_looks(session, work.runtime.settings.edge_addresses)


def compare_edges(work: Work) -> None:
    """Have all that lies at the edges compared."""
    with work.session() as session:
        promise_comparisons(session, work.runtime.settings.edge_addresses)


def _target(work: Work, name: str) -> Target | None:
    """The edge of this name; None where it was taken out of the settings meanwhile."""
    address = work.runtime.settings.edge_addresses.get(name)
    return None if address is None else Target(name, address)
