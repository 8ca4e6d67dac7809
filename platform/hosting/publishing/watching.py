"""Seeing at once when somebody changes a public tree, and undoing it.

The kernel tells what changes (inotify). Our own publishing changes trees, too, and its rows follow
its files by moments: only what stays wrong is looked at with the site's lock held. What the kernel
does not tell (its queue is full, the watcher was down) the sweep finds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from hosting.publishing.comparing import address_of, files_in, problems_at
from hosting.publishing.looker import Looker
from hosting.publishing.models import PublicPage
from hosting.publishing.queries import watched_sites
from hosting.publishing.shared import mend_shared
from hosting.publishing.standing import IN_LIMIT, slices, standing_by_path
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import mend_addresses, verify_site
from hosting.runtime.errors import Refusal
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

log = logging.getLogger(__name__)

_SETTLE_SECONDS = 0.5
"""A change set's rows follow its files in less, but for large ones, which hold the lock."""

_LOOK_SECONDS = 0.2

_KINDS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]

LINK = "/"
"""In the place of an address: the link that says which tree readers see."""


class Watcher:
    """Watches all trees, host links and notices of a HOME until told to stop."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._public = PublicFolder(runtime.settings.home)
        self._told: SimpleQueue[str] = SimpleQueue()
        # What was told and not yet looked at.
        self._changed: set[str] = set()
        self._is_away = False
        # Site -> address -> since when it seems wrong.
        self._wrong: dict[int, dict[str, float]] = {}

    def run(self, stop: threading.Event, *, ready: Callable[[], None] = lambda: None) -> None:
        """Look at what changes until `stop` is set; `ready` is called when the kernel watches.

        Raises OSError where the kernel watches no more folders.
        """
        self._public.sites.mkdir(parents=True, exist_ok=True)
        observer = Observer()
        observer.schedule(
            _Handler(self._told), str(self._public.root), recursive=True, event_filter=_KINDS
        )
        observer.start()
        try:
            ready()
            while not stop.is_set():
                self._try()
        finally:
            observer.stop()
            observer.join()

    def _try(self) -> None:
        """A step; what cannot be looked at now is looked at again, and said once."""
        try:
            self.step()
        except (Refusal, SQLAlchemyError):
            if not self._is_away:
                log.exception("what changed cannot be looked at yet; it is tried again and again")
            self._is_away = True
            time.sleep(_LOOK_SECONDS)
        else:
            self._is_away = False

    def step(self) -> None:
        """Take what was told, look at it, and put right what stays wrong."""
        self._take()
        if any(self._is_shared(path) for path in self._changed):
            mend_shared(self._runtime)
        changed = self._by_site()
        sites = changed.keys() | self._wrong.keys()
        known = self._known() if sites else {}
        for site_id in sorted(sites):
            if site_id in known:
                place = _Place(self._runtime, known[site_id], site_id)
                self._attend(place, changed.get(site_id, set()))
            else:
                self._wrong.pop(site_id, None)
        self._changed.clear()

    def _take(self) -> None:
        """Paths that changed; waits a moment for the first, and takes what came by then."""
        try:
            self._changed.add(self._told.get(timeout=_LOOK_SECONDS))
        except Empty:
            return
        time.sleep(_LOOK_SECONDS / 4)
        while not self._told.empty():
            self._changed.add(self._told.get())

    def _is_shared(self, path: str) -> bool:
        """Whether it is a host link or a notice, and no name that these have on their way."""
        parent, _, name = path.rpartition("/")
        notices = str(self._public.notices)
        is_link = parent == str(self._public.hosts) and not name.startswith(".")
        is_folder = path in (str(self._public.hosts), notices)
        is_notice = path.startswith(f"{notices}/") and not name.endswith(".new")
        return is_link or is_folder or is_notice

    def _by_site(self) -> dict[int, set[str]]:
        """What changed in the folder of each site, as paths from there."""
        found: dict[int, set[str]] = {}
        start = f"{self._public.sites}/"
        for path in self._changed:
            site, _, rest = path.removeprefix(start).partition("/")
            if path.startswith(start) and site.isdecimal():
                found.setdefault(int(site), set()).add(rest)
        return found

    def _known(self) -> dict[int, int]:
        with self._runtime.platform_session(reason="watching trees", reading=True) as session:
            return watched_sites(session)

    def _attend(self, place: _Place, changed: set[str]) -> None:
        """Look at a site again, and mend what has seemed wrong for a while.

        While somebody publishes it nothing is mended: what is wrong then is looked at again.
        """
        before = self._wrong.get(place.site_id, {})
        since = time.monotonic()
        wrong = {
            address: before.get(address, since)
            for address in place.seem_wrong(place.addresses(changed) | before.keys())
        }
        ripe = {address for address, at in wrong.items() if at < since - _SETTLE_SECONDS}
        if ripe and place.mend(ripe):
            wrong = {address: at for address, at in wrong.items() if address not in ripe}
        self._wrong[place.site_id] = wrong
        if not wrong:
            del self._wrong[place.site_id]


class _Place:
    """A site's folder, as the watcher looks at it."""

    def __init__(self, runtime: Runtime, tenant_id: int, site_id: int) -> None:
        self._runtime = runtime
        self._tenant_id = tenant_id
        self.site_id = site_id
        folder = PublicFolder(runtime.settings.home).site(site_id)
        self._number = folder.current_number() or 0
        self._tree = folder.tree(self._number)

    def addresses(self, changed: Iterable[str]) -> set[str]:
        """Addresses that may be other than they were; trees that nobody reads have none."""
        found: set[str] = set()
        start = f"trees/{self._number}/"
        for rest in changed:
            if rest == "current":
                found.add(LINK)
            elif rest.startswith(start):
                found |= self._below(f"/{rest.removeprefix(start)}")
        return found

    def _below(self, name: str) -> set[str]:
        """The address of a file; of a folder, those of all files in it and all that should be."""
        path, address = self._tree / name[1:], address_of(name)
        if path.is_dir() and not path.is_symlink():
            here = {address_of(name + file) for file in files_in(path)}
            return here | self._standing_below(address)
        if path.is_symlink() or path.exists():
            return {address}
        return {address} | self._standing_below(address)

    def _standing_below(self, address: str) -> set[str]:
        below = address.rstrip("/") + "/"
        # "0" follows "/": all paths that begin with it.
        is_below = PublicPage.path.between(below, below[:-1] + "0")
        with self._reading() as session:
            return set(
                session.scalars(
                    select(PublicPage.path).where(PublicPage.site_id == self.site_id, is_below)
                )
            )

    def seem_wrong(self, addresses: Iterable[str]) -> Iterator[str]:
        """Those where tree and rows differ now. A link that changed is for the lock to judge."""
        for some in slices(sorted(addresses), IN_LIMIT):
            with self._reading() as session:
                rows = standing_by_path(session, self.site_id, some)
            for address in some:
                if address == LINK or any(problems_at(self._tree, address, rows.get(address))):
                    yield address

    def mend(self, addresses: set[str]) -> bool:
        """Put right what is wrong there indeed; False while somebody holds the site."""
        asked = addresses - {LINK}
        return mend_addresses(self._runtime, self._tenant_id, self.site_id, asked) is not None

    def _reading(self) -> AbstractContextManager[WalledSession]:
        return self._runtime.tenant_session(self._tenant_id, reading=True)


def sweep(runtime: Runtime, stop: threading.Event, *, every_seconds: int) -> None:
    """Verify and repair all sites and what they share, again and again, until `stop` is set.

    Pauses as long as it worked, so that it takes half of a processor at most.
    """
    with Looker(runtime.settings, stop) as looker:
        while not stop.is_set():
            began = time.monotonic()
            _sweep_shared(runtime)
            with runtime.platform_session(reason="sweeping trees", reading=True) as session:
                known = watched_sites(session)
            for site_id, tenant_id in known.items():
                if stop.wait(_swept(runtime, looker, tenant_id, site_id)):
                    return
            stop.wait(max(0.0, began + every_seconds - time.monotonic()))


def _sweep_shared(runtime: Runtime) -> None:
    try:
        mend_shared(runtime)
    except (Refusal, SQLAlchemyError):
        log.exception("host links and notices cannot be looked at now")


def _swept(runtime: Runtime, looker: Looker, tenant_id: int, site_id: int) -> float:
    """Have one site looked at, and put it right where something is wrong; the seconds it took."""
    began = time.monotonic()
    try:
        if not looker.is_in_order(tenant_id, site_id):
            # A site that is being published seems wrong all the while; others must not wait for it.
            verify_site(runtime, tenant_id, site_id, repair=True, patient=False)
    except (Refusal, SQLAlchemyError):
        log.exception("site %s cannot be verified now", site_id)
    return time.monotonic() - began


class _Handler(FileSystemEventHandler):
    """Hands on the paths, in whichever thread it is called."""

    def __init__(self, told: SimpleQueue[str]) -> None:
        self._told = told

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Both ends of a move."""
        for path in (str(event.src_path), str(event.dest_path)):
            if path:
                self._told.put(path)
