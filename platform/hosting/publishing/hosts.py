"""Host names and the folders that servers find under them.

The directory says which host is whose; a link in `public/hosts` says it to the servers, as soon as
the directory's change is committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from hosting.directory.events import HostsChanged
from hosting.directory.models import OPEN, Domain, Site, Tenant
from hosting.directory.queries import forget_hosts
from hosting.publishing.comparing import ALTERED, FOREIGN, MISSING, Finding
from hosting.publishing.evidence import evidence_folder, move_to_evidence
from hosting.publishing.files import Files
from hosting.publishing.lock import locks_folder, waiting_lock
from hosting.publishing.notices import CLOSED, SUSPENDED, write_notices
from hosting.publishing.tree import PublicFolder, replace_link
from hosting.runtime.events import OutboxEvent, event_name
from hosting.runtime.jobs import PERSON, Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

BIND_HOST = "bind_host"
_REASON = "host links"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


@dataclass
class Bound:
    """What was done to the host links."""

    linked: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def follow(session: WalledSession, happened: HostsChanged) -> None:
    """Have the links of the hosts brought in line once the transaction is committed."""
    for host in happened.hosts:
        session.enqueue(BIND_HOST, key=host, lane=PERSON, host=host)


def bind_hosts(
    runtime: Runtime, hosts: Iterable[str] | None = None, *, files: Files | None = None
) -> Bound:
    """Bring the links of some hosts, or of all, in line with the directory; safe to repeat.

    Opens its own session, so call it from an edge. A host of a suspended or closed tenant shows a
    notice, a host that nobody has any more shows nothing.
    """
    asked = None if hosts is None else list(hosts)
    home = runtime.settings.home
    # Whoever read the directory earlier must not undo what whoever reads it later does.
    with waiting_lock(locks_folder(home), "hosts"):
        bound = HostLinks(files or Files(), home).bind(shown_by_hosts(runtime, asked), asked)
    forget_hosts(runtime, [*bound.linked, *bound.removed])
    return bound


def host_findings(runtime: Runtime) -> list[Finding]:
    """Links that lead elsewhere than the directory says, or that nobody ordered.

    What the directory says since a moment ago, and a job is yet to link, is none. The caller holds
    the lock of the links.
    """
    public = PublicFolder(runtime.settings.home)
    # Before the links: a job that ends meanwhile has linked by then.
    awaited = _awaited(runtime)
    wanted = {host: _target(shown) for host, shown in shown_by_hosts(runtime).items()}
    there = {path.name: path for path in _entries(public.hosts)}
    found = [Finding(f"/hosts/{host}", MISSING) for host in wanted if host not in there]
    for name, path in there.items():
        if name not in wanted:
            found.append(Finding(f"/hosts/{name}", FOREIGN))
        elif not path.is_symlink() or str(path.readlink()) != wanted[name]:
            found.append(Finding(f"/hosts/{name}", ALTERED))
    return sorted(each for each in found if each.path.rpartition("/")[2] not in awaited)


def _awaited(runtime: Runtime) -> set[str]:
    """Hosts whose links a job is yet to make, or an event is yet to ask for."""
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        events = session.scalars(
            select(OutboxEvent).where(OutboxEvent.name == event_name(HostsChanged))
        )
        told = {host for event in events for host in event.facts["hosts"]}
        keys = session.scalars(
            select(Job.key).where(Job.kind == BIND_HOST, Job.state.in_(("waiting", "running")))
        )
        return told | {key for key in keys if key is not None}


class HostLinks:
    """The host links below a HOME, or below an edge's folder that is laid out like one."""

    def __init__(self, files: Files, home: Path) -> None:
        self._files = files
        self._home = home
        self._public = PublicFolder(home)
        self._bound = Bound()

    def bind(self, wanted: dict[str, int | str], asked: list[str] | None) -> Bound:
        """Link what is wanted; of the hosts asked for (None: of all) remove what is not."""
        if any(isinstance(shown, str) for shown in wanted.values()):
            write_notices(self._files, self._public)
        self._files.make_folder(str(self._public.hosts))
        for host, shown in wanted.items():
            self._link(host, shown)
        known = [path.name for path in _entries(self._public.hosts)] if asked is None else asked
        for name in known:
            if name not in wanted:
                self._remove(name)
        return self._bound

    def _link(self, host: str, shown: int | str) -> None:
        if isinstance(shown, int):
            self._public.site(shown).begin(self._files)
        path = self._public.hosts / host
        self._set_aside(path)
        replace_link(self._files, _target(shown), path)
        self._bound.linked.append(host)

    def _remove(self, name: str) -> None:
        path = self._public.hosts / name
        if path.parent != self._public.hosts or not (path.is_symlink() or path.exists()):
            return
        self._set_aside(path)
        self._files.remove(str(path))
        self._bound.removed.append(name)

    def _set_aside(self, path: Path) -> None:
        """Links are ours; a file or folder in their place is not, and is kept as evidence."""
        if path.is_symlink() or not path.exists():
            return
        evidence = evidence_folder(self._home, "hosts")
        move_to_evidence(self._files, self._public.hosts, f"/{path.name}", evidence)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _target(shown: int | str) -> str:
    return f"../notices/{shown}" if isinstance(shown, str) else f"../sites/{shown}/current"


def shown_by_hosts(runtime: Runtime, hosts: list[str] | None = None) -> dict[str, int | str]:
    """What each host shows, or each of some: a site, by its id, or a notice, by its name."""
    statement = (
        select(Domain.host, Domain.site_id, Tenant, Site.state)
        .join(Tenant, Tenant.id == Domain.for_tenant_id)
        .join(Site, (Site.tenant_id == Domain.for_tenant_id) & (Site.id == Domain.site_id))
    )
    if hosts is not None:
        statement = statement.where(Domain.host.in_(hosts))
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        rows = session.execute(statement).all()
    # A name that is none must not become a path.
    return {
        host: _shown(site_id, tenant, state)
        for host, site_id, tenant, state in rows
        if _NAME.fullmatch(host)
    }


def _shown(site_id: int, tenant: Tenant, site_state: str) -> int | str:
    if tenant.is_serving:
        return site_id if site_state == OPEN else CLOSED
    return CLOSED if tenant.state == "closed" else SUSPENDED
