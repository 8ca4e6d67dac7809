"""Asking the edges themselves what readers get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hosting.publishing.blobs import open_store
from hosting.publishing.edges.reading import Bookmark, Reader
from hosting.publishing.edges.rounds import opened
from hosting.publishing.edges.targets import configured
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.standing import Standing
from hosting.runtime.errors import Refusal
from hosting.runtime.runtime import Runtime


@dataclass(frozen=True)
class AtEdge:
    """One page at one edge. `problem` says why the edge could not be asked.

    `number` is the link that the site's copy has come to, if its bookmark names a genuine one.
    """

    edge: str
    number: int | None = None
    is_there: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Left:
    """Those of some addresses at which an edge still has a page; all unknown with a `problem`."""

    edge: str
    addresses: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether the edge was asked and has none of them."""
        return not self.addresses and not self.problem


def page_at_edges(
    runtime: Runtime, tenant_id: int, site_id: int, path: str, standing: Standing | None
) -> list[AtEdge]:
    """Where the page that stands at a path has come to, at each edge; asks all of them.

    Where nothing stands, `is_there` means that nothing stands at the edge, too.
    """
    settings = runtime.settings
    found = []
    for target in configured(settings):
        try:
            edge = opened(runtime, target)
            with edge.answering():
                kept = Bookmark.of_text(edge.bookmark(site_id))
                is_there = (
                    edge.holds(site_id, standing) if standing else not edge.left(site_id, [path])
                )
            reader = Reader(
                runtime, tenant_id, site_id, open_store(settings), open_signer(settings)
            )
            found.append(AtEdge(target.name, reader.number_of(kept), is_there))
        except Refusal as refusal:
            found.append(AtEdge(target.name, problem=str(refusal)))
    return found


def addresses_left(
    runtime: Runtime, site_id: int, addresses: Sequence[str], *, only: str = ""
) -> list[Left]:
    """Which of a site's addresses still have a page, at each edge, or at the `only` one asked.

    `addresses` are paths of files: `/art/1.html`, `/zwgk/index.html`.
    """
    found = []
    targets = configured(runtime.settings)
    for target in (each for each in targets if only in ("", each.name)):
        try:
            edge = opened(runtime, target)
            with edge.answering():
                found.append(Left(target.name, edge.left(site_id, addresses)))
        except Refusal as refusal:
            found.append(Left(target.name, problem=str(refusal)))
    return found
