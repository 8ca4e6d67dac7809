"""Bringing a site's copy at an edge to what readers see here.

Usually by the entries since the bookmark that the edge keeps; else by comparing all that stands.
May be killed anywhere and run again: the bookmark moves last, and entries may be brought twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from hosting.publishing.blobs import BlobStore, open_store
from hosting.publishing.changesets import Entry, in_safe_order
from hosting.publishing.edges.alarm import sound_alarm
from hosting.publishing.edges.bodies import Bodies, SourceLost
from hosting.publishing.edges.edge import Edge, Turn, Wanted
from hosting.publishing.edges.late import bring_late, late_copies_here
from hosting.publishing.edges.reading import Bookmark, Reader, Reading
from hosting.publishing.edges.targets import Target
from hosting.publishing.lock import SiteLock, locks_folder, site_lock
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.repairing import entry_of
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime

log = logging.getLogger(__name__)

SLICE = 400
"""Addresses that are brought between two looks at what was published meanwhile."""

_ROUNDS = 3
_PATIENCE_SECONDS = 120.0


@dataclass
class Synced:
    """What was done to a site's copy. `number` is the link it has come to, 0: nothing is public.

    `mended` are addresses where something was missing, altered or foreign, of a copy that should
    have been whole.
    """

    number: int = 0
    written: int = 0
    removed: int = 0
    mended: list[str] = field(default_factory=list)
    compared: bool = False
    busy: bool = False

    def count(self, entries: Sequence[Entry]) -> None:
        """Add entries that were brought."""
        writes = sum(entry.is_write for entry in entries)
        self.written += writes
        self.removed += len(entries) - writes


@dataclass(frozen=True)
class Copying:
    """A site, and the edge that its copy is at."""

    runtime: Runtime
    tenant_id: int
    site_id: int
    target: Target
    edge: Edge

    @property
    def lock_name(self) -> str:
        """The lock of whoever changes this copy."""
        return f"{self.target.lock}-{self.site_id}"


def sync_site(copying: Copying, *, compare: bool = False, late: bool = False) -> Synced:
    """Bring one site's copy up to date; `compare` all that stands there, too; `late` copies last.

    Opens its own sessions. The result is `busy` while somebody else is at it. Raises Unavailable
    where the edge, the signer or the chain does not let us.
    """
    store = open_store(copying.runtime.settings)
    suspects: set[str] = set()
    with copying.edge.answering():
        if compare:
            # The long look, while changes are brought by others.
            suspects = _Site(copying, store, _no_lock).suspects()
        folder = locks_folder(copying.runtime.settings.home)
        with site_lock(folder, copying.lock_name) as lock:
            if lock is None:
                return Synced(busy=True)
            site = _Site(copying, store, lock.beat)
            site.work()
            if compare:
                site.mend(suspects)
            if compare or late:
                site.bring_late()
    sound_alarm(
        copying.runtime, copying.tenant_id, copying.site_id, copying.edge.name, site.synced.mended
    )
    return site.synced


def sync_patiently(copying: Copying, *, compare: bool = False, late: bool = False) -> Synced:
    """The same, after whoever is at it has ended; Unavailable when he does not."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (synced := sync_site(copying, compare=compare, late=late)).busy:
        if time.monotonic() > deadline:
            raise Unavailable(
                "edge_busy",
                N_("边缘节点“{edge}”正在同步中，请稍后再试"),
                edge=copying.edge.name,
            )
        time.sleep(0.1)
    return synced


@contextmanager
def exclusive(copying: Copying) -> Iterator[SiteLock]:
    """Hold a copy for the block; Unavailable while somebody else is at it."""
    with site_lock(locks_folder(copying.runtime.settings.home), copying.lock_name) as lock:
        if lock is None:
            raise Unavailable(
                "edge_busy",
                N_("边缘节点“{edge}”正在同步中，请稍后再试"),
                edge=copying.edge.name,
            )
        yield lock


def _no_lock() -> None:
    """Who only looks holds nothing up."""


class _StatedAnew(Exception):
    """Readers were switched to another tree while we brought this one."""


class _Site:
    """One site's copy, in the hands of whoever holds its lock."""

    def __init__(self, copying: Copying, store: BlobStore, beat: Callable[[], None]) -> None:
        self._copying = copying
        self._edge = copying.edge
        self._site_id = copying.site_id
        self._store = store
        self._beat = beat
        runtime = copying.runtime
        self._folder = PublicFolder(runtime.settings.home).site(copying.site_id)
        signer = open_signer(runtime.settings)
        self._reader = Reader(runtime, copying.tenant_id, copying.site_id, store, signer)
        self.synced = Synced()

    def suspects(self) -> set[str]:
        """What seems wrong in a copy that should be whole; nothing where it is not there yet."""
        kept = Bookmark.of_text(self._edge.bookmark(self._site_id))
        reading = self._reader.whole()
        tree = reading.chain.tree
        is_to_come = kept is None and reading.bookmark is not None
        if is_to_come or not self._edge.takes_changes(self._site_id, tree, ()):
            return set()
        return self._edge.wrong(self._wanted(reading), self._beat)

    def work(self) -> None:
        """Bring what is new."""
        self._edge.clear(self._site_id)
        while True:
            text = self._edge.bookmark(self._site_id)
            reading = self._read(text)
            if text is not None and reading.is_whole:
                log.warning("edge %s, site %s: all is compared", self._edge.name, self._site_id)
            if reading.bookmark is None:
                return
            try:
                self._bring(reading)
            except _StatedAnew:
                continue
            self.synced.number = reading.bookmark.number
            if reading.bookmark.text() != text:
                turn = self._turn(reading)
                self._edge.keep_bookmark(self._site_id, reading.bookmark.text(), turn)
            return

    def mend(self, suspects: set[str]) -> None:
        """Put right what is wrong indeed, in a copy that has come as far as it can."""
        self.synced.compared = True
        for _ in range(_ROUNDS):
            if not suspects:
                return
            reading = self._reader.whole()
            wanted = self._wanted(reading)
            wrong = self._edge.confirmed(wanted, suspects)
            if not wrong:
                return
            self.synced.mended += sorted(wrong - set(self.synced.mended))
            self._edge.evict(wanted, wrong)
            self._apply(reading, self._entries(reading, wrong))
            # What was taken away may have taken others with it.
            suspects = self._edge.wrong(wanted, self._beat)

    def bring_late(self) -> None:
        """Bring late copies; where something was published meanwhile they follow after it."""
        reading = self._reader.whole()
        if reading.bookmark is not None and reading.bookmark.number == self.synced.number:
            bring_late(self._edge, self._wanted(reading), self._turn(reading))

    def _bring(self, reading: Reading) -> None:
        if reading.is_whole:
            self._bring_whole(reading)
        elif reading.changes:
            self._apply(reading, list(reading.changes.values()))

    def _read(self, text: bytes | None) -> Reading:
        """What is new; the whole where the copy is not one that changes can be brought into."""
        reading = self._reader.since(Bookmark.of_text(text))
        changes, tree = list(reading.changes.values()), reading.chain.tree
        if reading.is_whole or self._edge.takes_changes(self._site_id, tree, changes):
            return reading
        return self._reader.whole()

    def _bring_whole(self, reading: Reading) -> None:
        """Bring all that differs, look whether it is whole, then let readers see it."""
        wanted = self._wanted(reading)
        for _ in range(_ROUNDS):
            wrong = self._edge.wrong(wanted, self._beat)
            if not wrong:
                break
            self._edge.evict(wanted, wrong)
            self._bring_slices(reading, wrong)
        self._edge.show(self._site_id, reading.chain.tree, self._beat)

    def _bring_slices(self, reading: Reading, addresses: set[str]) -> None:
        """Newer links are looked for between the slices: what they withdraw goes at once."""
        waiting = self._entries(reading, addresses)
        while waiting:
            self._apply(reading, waiting[:SLICE])
            waiting = waiting[SLICE:]
            if newer := self._catch_up(reading):
                paths = {entry.path for entry in waiting} | newer
                waiting = self._entries(reading, paths)

    def _catch_up(self, reading: Reading) -> set[str]:
        """Read on; the addresses that changed."""
        newer = self._reader.on(reading)
        if newer.is_whole:
            raise _StatedAnew
        reading.bookmark = newer.bookmark
        withdrawn = [entry for entry in newer.changes.values() if not entry.is_write]
        if withdrawn:
            live = self._edge.live(self._site_id)
            self._apply(reading, withdrawn, tree=live)
        return set(newer.changes)

    def _apply(
        self, reading: Reading, entries: Sequence[Entry], *, tree: int | None = None
    ) -> None:
        """Bring entries; where the bytes of one are lost, those that take away all the same."""
        tree = reading.chain.tree if tree is None else tree
        body, turn = self._body(reading), self._turn(reading)
        try:
            self._edge.apply(self._site_id, tree, entries, body, turn)
        except SourceLost:
            withdrawn = [entry for entry in entries if not entry.is_write]
            self._edge.apply(self._site_id, tree, withdrawn, body, turn)
            raise
        self.synced.count(entries)

    def _entries(self, reading: Reading, addresses: Iterable[str]) -> list[Entry]:
        """What is to be done at addresses, in the safe order."""
        standing = reading.chain.standing
        return list(in_safe_order([entry_of(path, standing.get(path)) for path in addresses]))

    def _wanted(self, reading: Reading) -> Wanted:
        chain = reading.chain
        late = late_copies_here(self._folder.tree(chain.tree))
        return Wanted(self._site_id, chain.tree, chain.standing, self._body(reading), late)

    def _body(self, reading: Reading) -> Bodies:
        tree = self._folder.tree(reading.chain.tree)
        return Bodies(self._store, self._copying.tenant_id, tree)

    def _turn(self, reading: Reading) -> Turn:
        number = reading.bookmark.number if reading.bookmark else 0
        return Turn(number, self._reader.newest, self._beat)
