"""Host names and the folders that servers find under them.

The directory says which host is whose; a link in `public/hosts` says it to the servers, as soon as
the directory's change is committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from hosting.directory.events import HostsChanged
from hosting.directory.models import Domain, Tenant
from hosting.directory.queries import forget_hosts
from hosting.publishing.files import Files
from hosting.publishing.notices import CLOSED, SUSPENDED, write_notices
from hosting.publishing.tree import PublicFolder, replace_link
from hosting.runtime.jobs import PERSON
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
    files = files or Files()
    public = PublicFolder(runtime.settings.home)
    wanted = _wanted(runtime, None if hosts is None else list(hosts))
    if any(isinstance(target, str) for target in wanted.values()):
        write_notices(files, public)
    bound = Bound()
    files.make_folder(str(public.hosts))
    for host, shown in wanted.items():
        _link(files, public, host, shown)
        bound.linked.append(host)
    known = [path.name for path in public.hosts.iterdir()] if hosts is None else list(hosts)
    for host in known:
        if host not in wanted and _NAME.fullmatch(host):
            files.remove(str(public.hosts / host))
            bound.removed.append(host)
    forget_hosts(runtime, [*bound.linked, *bound.removed])
    return bound


def _wanted(runtime: Runtime, hosts: list[str] | None) -> dict[str, int | str]:
    """What each host shows: a site, by its id, or a notice, by its name."""
    statement = select(Domain.host, Domain.site_id, Tenant).join(
        Tenant, Tenant.id == Domain.for_tenant_id
    )
    if hosts is not None:
        statement = statement.where(Domain.host.in_(hosts))
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        rows = session.execute(statement).all()
    # A name that is none must not become a path.
    return {
        host: _shown(site_id, tenant) for host, site_id, tenant in rows if _NAME.fullmatch(host)
    }


def _shown(site_id: int, tenant: Tenant) -> int | str:
    if tenant.is_serving:
        return site_id
    return CLOSED if tenant.state == "closed" else SUSPENDED


def _link(files: Files, public: PublicFolder, host: str, shown: int | str) -> None:
    if isinstance(shown, str):
        replace_link(files, f"../notices/{shown}", public.hosts / host)
        return
    folder = public.site(shown)
    if folder.current_number() is None:
        folder.prepare(files)
    replace_link(files, f"../sites/{shown}/current", public.hosts / host)
