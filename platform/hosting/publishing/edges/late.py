"""Bringing late copies of pages to an edge, once they are made here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hosting.publishing.comparing import read_plainly
from hosting.publishing.compression import LATE_SUFFIX
from hosting.publishing.edges.edge import Edge, Turn, Wanted
from hosting.publishing.repairing import entry_of
from hosting.publishing.standing import slices

_SLICE = 400


def late_copies_here(tree: Path) -> Callable[[str], bytes | None]:
    """The late copy of a page as it lies in a tree: unchecked; None where there is none."""

    def late(path: str) -> bytes | None:
        copy = read_plainly(f"{tree}{path}{LATE_SUFFIX}")
        return copy if isinstance(copy, bytes) else None

    return late


def bring_late(edge: Edge, wanted: Wanted, turn: Turn) -> None:
    """Bring late copies that are here and not there, of what stands at the edge.

    The caller holds the copy's lock, and has brought all that is wanted.
    """
    there = edge.late_copies(wanted.site_id, wanted.tree)
    lacking = (here for path, here in wanted.standing.items() if path + LATE_SUFFIX not in there)
    for some in slices(lacking, _SLICE):
        late = {here.path: copy for here in some if (copy := wanted.late_of(here)) is not None}
        entries = [entry_of(path, wanted.standing[path]) for path in late]
        if entries and edge.takes_changes(wanted.site_id, wanted.tree, entries):
            edge.put_late(wanted.site_id, wanted.tree, entries, late, turn)
