"""Seeing at once when somebody changes a public tree, and undoing it.

The kernel tells what changes (inotify). Our own publishing changes trees, too, and its rows follow
its files by moments: only what stays wrong is looked at with the site's lock held. What the kernel
does not tell (its queue is full, the watcher was down) the sweep finds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue

from sqlalchemy import or_, select
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

from hosting.directory.models import Site
from hosting.publishing.comparing import address_of, files_in, problems_at
from hosting.publishing.hosts import bind_hosts, host_findings
from hosting.publishing.models import PublicPage
from hosting.publishing.queries import PublishedSite, sites
from hosting.publishing.standing import IN_LIMIT, slices, standing_by_path
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import verify_addresses, verify_site
from hosting.runtime.errors import Refusal
from hosting.runtime.runtime import Runtime

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
    """Watches all trees and host links of a HOME until told to stop."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._public = PublicFolder(runtime.settings.home)
        self._told: SimpleQueue[str] = SimpleQueue()
        # (site, address) -> since when it seems wrong.
        self._wrong: dict[tuple[int, str], float] = {}
        self._tenants: dict[int, int] = {}

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
        """A step; what cannot be looked at now seems wrong still and is looked at again."""
        try:
            self.step()
        except (Refusal, SQLAlchemyError):
            log.exception("what changed cannot be looked at yet")
            time.sleep(_LOOK_SECONDS)

    def step(self) -> None:
        """Take what was told, look at it, and put right what stays wrong."""
        changed = self._take()
        if any(self._is_host(path) for path in changed):
            self._mend_hosts()
        for site_id, addresses in self._by_site(changed).items():
            self._look(site_id, addresses)
        self._mend()

    def _take(self) -> set[str]:
        """Paths that changed; waits a moment for the first, and takes what came by then."""
        try:
            paths = {self._told.get(timeout=_LOOK_SECONDS)}
        except Empty:
            return set()
        time.sleep(_LOOK_SECONDS / 4)
        while not self._told.empty():
            paths.add(self._told.get())
        return paths

    def _is_host(self, path: str) -> bool:
        parent, _, name = path.rpartition("/")
        return parent == str(self._public.hosts) and not name.startswith(".")

    def _mend_hosts(self) -> None:
        for finding in host_findings(self._runtime):
            log.error("host link %s is %s", finding.path, finding.problem)
            bind_hosts(self._runtime)

    def _by_site(self, paths: Iterable[str]) -> Mapping[int, set[str]]:
        """Addresses that may be other than they were, with those that seemed wrong before."""
        found: dict[int, set[str]] = {}
        for site_id, address in self._wrong:
            found.setdefault(site_id, set()).add(address)
        for path in paths:
            site_id, addresses = self._addresses(path)
            if addresses:
                found.setdefault(site_id, set()).update(addresses)
        return found

    def _addresses(self, path: str) -> tuple[int, set[str]]:
        site, _, rest = path.removeprefix(f"{self._public.sites}/").partition("/")
        if not site.isdecimal() or not path.startswith(f"{self._public.sites}/"):
            return 0, set()
        folder = self._public.site(int(site))
        if rest == "current":
            return int(site), {LINK}
        tree = f"trees/{folder.current_number()}/"
        if not rest.startswith(tree):
            return 0, set()
        return int(site), self._below(int(site), Path(path), f"/{rest.removeprefix(tree)}")

    def _below(self, site_id: int, path: Path, name: str) -> set[str]:
        """The address of a file; of a folder, those of all files in it and all that should be."""
        address = address_of(name)
        if path.is_dir() and not path.is_symlink():
            here = {address_of(name + file) for file in files_in(path)}
            return here | self._standing_below(site_id, address)
        if path.is_symlink() or path.exists():
            return {address}
        return {address} | self._standing_below(site_id, address)

    def _standing_below(self, site_id: int, address: str) -> set[str]:
        below = address.rstrip("/") + "/"
        # "0" follows "/": all paths that begin with it.
        is_below = PublicPage.path.between(below, below[:-1] + "0")
        with self._runtime.tenant_session(self._tenant_of(site_id), reading=True) as session:
            return set(
                session.scalars(
                    select(PublicPage.path).where(
                        PublicPage.site_id == site_id, or_(PublicPage.path == address, is_below)
                    )
                )
            )

    def _look(self, site_id: int, addresses: set[str]) -> None:
        """Remember what seems wrong, and forget what no longer does."""
        folder = self._public.site(site_id)
        tree = folder.tree(folder.current_number() or 0)
        for some in slices(sorted(addresses), IN_LIMIT):
            with self._runtime.tenant_session(self._tenant_of(site_id), reading=True) as session:
                rows = standing_by_path(session, site_id, some)
            for address in some:
                if address == LINK or any(problems_at(tree, address, rows.get(address))):
                    self._wrong.setdefault((site_id, address), time.monotonic())
                else:
                    self._wrong.pop((site_id, address), None)

    def _mend(self) -> None:
        """Verify, with the lock held, what has seemed wrong for a while."""
        before = time.monotonic() - _SETTLE_SECONDS
        ripe: dict[int, set[str]] = {}
        for (site_id, address), since in self._wrong.items():
            if since < before:
                ripe.setdefault(site_id, set()).add(address)
        for site_id, addresses in ripe.items():
            tenant_id = self._tenant_of(site_id)
            verify_addresses(self._runtime, tenant_id, site_id, addresses - {LINK})
            for address in addresses:
                del self._wrong[site_id, address]

    def _tenant_of(self, site_id: int) -> int:
        if site_id not in self._tenants:
            with self._runtime.platform_session(reason="watching trees", reading=True) as session:
                found = session.scalar(select(Site.tenant_id).where(Site.id == site_id))
            self._tenants[site_id] = found or 0
        return self._tenants[site_id]


def sweep(runtime: Runtime, stop: threading.Event, *, every_seconds: int) -> None:
    """Verify and repair all sites, again and again, until `stop` is set.

    Pauses as long as it worked, so that it takes half of a processor at most.
    """
    while not stop.is_set():
        began = time.monotonic()
        with runtime.platform_session(reason="sweeping trees", reading=True) as session:
            known = sites(session)
        for site in known:
            if stop.wait(_swept(runtime, site)):
                return
        stop.wait(max(0.0, began + every_seconds - time.monotonic()))


def _swept(runtime: Runtime, site: PublishedSite) -> float:
    """Verify one site; the seconds it took."""
    began = time.monotonic()
    try:
        verify_site(runtime, site.tenant_id, site.site_id, repair=True)
    except (Refusal, SQLAlchemyError):
        log.exception("site %s cannot be verified now", site.site_id)
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
