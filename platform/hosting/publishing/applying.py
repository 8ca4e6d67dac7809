"""Bringing a change set into a tree.

May be killed at any file operation and run again: each page is old or new, and what was staged is
written afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from hosting.publishing.changesets import GONE_MARK, Entry, in_safe_order
from hosting.publishing.copies import Copies, packed
from hosting.publishing.files import Files
from hosting.publishing.tree import SiteFolder, TreeWriter, discard

Bodies = Callable[[Entry], bytes]
"""The bytes that belong to an entry."""


def apply(
    files: Files,
    folder: SiteFolder,
    tree: int,
    entries: Sequence[Entry],
    bodies: Bodies,
    *,
    copies: Copies | None = None,
    also: Iterable[str] = (),
    beat: Callable[[], None],
) -> None:
    """Stage all, sync, put in place in the safe order, sync.

    `copies` are compressed copies that are at hand, those of the other pages are made here. `also`
    are folders of what the pages rest on, the blobs: synced with them.

    The first sync makes sure that a name never comes to stand for bytes that a power loss takes
    away; the second that all of it has happened before anyone is told so.
    """
    writer = TreeWriter(files, folder.staging, folder.tree(tree))
    discard(files, folder.staging)
    ordered = list(in_safe_order(entries))
    for entry, body, copy in _with_copies(ordered, bodies, copies or {}):
        writer.stage(entry.path, body, copy, mtime=entry.at)
        beat()
    writer.sync(also)
    _put_in_place(writer, ordered)
    writer.sync()
    discard(files, folder.staging)


def _with_copies(
    ordered: Sequence[Entry], bodies: Bodies, copies: Copies
) -> Iterator[tuple[Entry, bytes, bytes | None]]:
    """What is to be written with its compressed copy."""
    written = {entry.path: bodies(entry) for entry in ordered if entry.is_write}
    made = packed({path: body for path, body in written.items() if path not in copies})
    for entry in ordered:
        if entry.is_write:
            path = entry.path
            yield entry, written[path], made[path] if path in made else copies[path]


def _put_in_place(writer: TreeWriter, ordered: Sequence[Entry]) -> None:
    for entry in ordered:
        if entry.is_write:
            writer.place(entry.path)
        elif entry.new == GONE_MARK:
            # The marker first: a reader gets the page or "gone", never "not found".
            writer.mark_gone(entry.path)
    for entry in ordered:
        if entry.new == GONE_MARK:
            writer.remove(entry.path)
        elif entry.new is None:
            writer.forget(entry.path)
