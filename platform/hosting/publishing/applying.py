"""Bringing a change set into a tree.

May be killed at any file operation and run again: each page is old or new, and what was staged is
written afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from hosting.publishing.changesets import GONE_MARK, Entry, in_safe_order
from hosting.publishing.compression import compressed
from hosting.publishing.files import Files
from hosting.publishing.tree import SiteFolder, TreeWriter, discard

_COMPRESSORS = 2

Bodies = Callable[[Entry], bytes]
"""The bytes that belong to an entry."""


def apply(
    files: Files,
    folder: SiteFolder,
    tree: int,
    entries: Sequence[Entry],
    bodies: Bodies,
    *,
    beat: Callable[[], None],
) -> None:
    """Stage all, sync, put in place in the safe order, sync.

    The first sync makes sure that a name never comes to stand for bytes that a power loss takes
    away; the second that all of it has happened before anyone is told so.
    """
    writer = TreeWriter(files, folder.staging, folder.tree(tree))
    discard(files, folder.staging)
    ordered = list(in_safe_order(entries))
    for entry, body, copy in _with_copies(ordered, bodies):
        writer.stage(entry.path, body, copy, mtime=entry.at)
        beat()
    writer.sync()
    _put_in_place(writer, ordered)
    writer.sync()
    discard(files, folder.staging)


def _with_copies(
    ordered: Sequence[Entry], bodies: Bodies
) -> Iterator[tuple[Entry, bytes, bytes | None]]:
    """What is to be written with its compressed copy; compressing goes ahead in other threads."""
    written = [entry for entry in ordered if entry.is_write]

    def pressed(entry: Entry) -> tuple[Entry, bytes, bytes | None]:
        body = bodies(entry)
        return entry, body, compressed(entry.path, body)

    with ThreadPoolExecutor(_COMPRESSORS, "compress") as pool:
        yield from pool.map(pressed, written)


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
