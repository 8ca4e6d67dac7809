"""How far the edges are behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hosting.publishing.edges.edge import Edge
from hosting.publishing.edges.reading import Bookmark
from hosting.publishing.edges.rounds import Round, look_round, opened
from hosting.publishing.edges.targets import Target
from hosting.publishing.queries import PublishedSite
from hosting.runtime.clock import now
from hosting.runtime.errors import Refusal
from hosting.runtime.runtime import Runtime

LATE_SECONDS = 60
"""A copy may be behind for so long."""


@dataclass(frozen=True)
class CopyStatus:
    """One site's copy. `number` is what its bookmark says, `newest` the link it should be at."""

    tenant: str
    host: str
    number: int | None
    newest: int | None
    is_behind: bool
    published_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether it should have come by now."""
        if not self.is_behind or self.published_at is None:
            return self.is_behind
        return now() - self.published_at > timedelta(seconds=LATE_SECONDS)


@dataclass(frozen=True)
class EdgeStatus:
    """One edge; `problem` says why it could not be asked."""

    edge: str
    place: str
    problem: str = ""
    copies: list[CopyStatus] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether it was asked and all its copies are in time."""
        return not self.problem and not any(copy.is_late for copy in self.copies)


def edge_status(runtime: Runtime, target: Target, sites: Sequence[PublishedSite]) -> EdgeStatus:
    """Where an edge stands with these sites; an edge that is away is told, not raised."""
    try:
        edge = opened(runtime, target)
        there = look_round(runtime, edge)
        copies = [_copy(edge, there, site) for site in sites if site.site_id in there.sites]
    except Refusal as refusal:
        return EdgeStatus(target.name, target.place, problem=str(refusal))
    return EdgeStatus(target.name, target.place, copies=copies)


def _copy(edge: Edge, there: Round, site: PublishedSite) -> CopyStatus:
    end = there.ends.get(site.site_id)
    is_behind = there.is_behind(edge, site.site_id)
    newest = end.bookmark.number if end else None
    number = newest
    if is_behind:
        with edge.answering():
            kept = Bookmark.of_text(edge.bookmark(site.site_id))
        number = kept.number if kept else None
    at = end.closed_at if end else None
    return CopyStatus(site.tenant_code, site.main_host, number, newest, is_behind, at)
