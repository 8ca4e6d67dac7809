"""Going round an edge: whose it is, its hosts, and which of its copies are behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hosting.publishing.edges.edge import Edge
from hosting.publishing.edges.promising import promise_comparison, promise_copy, promise_looks
from hosting.publishing.edges.reading import End, ends
from hosting.publishing.edges.redirect_map import redirect_map
from hosting.publishing.edges.syncing import (
    Copying,
    Synced,
    exclusive,
    sync_patiently,
    sync_site,
)
from hosting.publishing.edges.targets import Target, open_edge
from hosting.publishing.files import Files
from hosting.publishing.hosts import shown_by_hosts
from hosting.publishing.lock import locks_folder, waiting_lock
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.queries import PublishedSite, sites, watched_sites
from hosting.runtime.runtime import Runtime

_REASON = "edges"
_AT_ONCE = 1_000
_ALL = 1 << 40


@dataclass(frozen=True)
class Round:
    """What is known of an edge and of what it should hold.

    `sites` is tenant by site; `shown` what each host shows; `states` what the edge tells of its
    bookmarks.
    """

    sites: Mapping[int, int]
    shown: Mapping[str, int | str]
    ends: Mapping[int, End]
    states: Mapping[int, str] = field(default_factory=dict)

    def is_shown(self, site_id: int) -> bool:
        """Whether any host shows the site."""
        return site_id in self.shown.values()

    def is_behind(self, edge: Edge, site_id: int) -> bool:
        """Whether the site's copy is not what it should be, by its bookmark."""
        if edge.is_open and not self.is_shown(site_id):
            return site_id in self.states
        end = self.ends.get(site_id)
        return end is not None and not end.is_at(self.states.get(site_id, ""))

    def behind(self, edge: Edge) -> dict[int, int]:
        """Tenant by site, of all that are behind."""
        return {s: tenant for s, tenant in self.sites.items() if self.is_behind(edge, s)}


def opened(
    runtime: Runtime, target: Target, *, may_begin: bool = False, files: Files | None = None
) -> Edge:
    """The edge, after it was seen to be ours; see `Edge.claim`."""
    edge = open_edge(target, files)
    with edge.answering():
        edge.claim(open_signer(runtime.settings).key().public, may_begin=may_begin)
    return edge


def look_round(runtime: Runtime, edge: Edge) -> Round:
    """Where an edge stands. One short look at the database, one at the edge."""
    shown = shown_by_hosts(runtime)
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        known, wanted = watched_sites(session), ends(session)
    with edge.answering():
        return Round(known, shown, wanted, edge.bookmarks())


def published_sites(runtime: Runtime, code: str | None = None) -> Sequence[PublishedSite]:
    """All sites of the platform, or of one tenant."""
    with runtime.platform_session(reason=_REASON, reading=True) as session:
        return sites(session, code)


def have_looked(runtime: Runtime) -> None:
    """Promise that every edge is looked at soon: what a host shows has changed.

    No job of one tenant's: an edge's hosts are everybody's.
    """
    with runtime.platform_session(reason=_REASON) as session:
        promise_looks(session, runtime.settings.edge_addresses)


def have_copied(runtime: Runtime, edge: Edge) -> None:
    """Promise that all copies which are behind are brought up to date."""
    behind = look_round(runtime, edge).behind(edge)
    with runtime.platform_session(reason=_REASON) as session:
        for site_id, tenant_id in behind.items():
            promise_copy(session, [edge.name], site_id, tenant_id=tenant_id)


def have_compared(runtime: Runtime, edge: Edge) -> None:
    """Promise that all copies are compared."""
    known = look_round(runtime, edge).sites
    with runtime.platform_session(reason=_REASON) as session:
        for site_id, tenant_id in known.items():
            promise_comparison(session, edge.name, site_id, tenant_id=tenant_id)


def bind_edge(runtime: Runtime, target: Target, edge: Edge) -> None:
    """Make the hosts at an edge show what they show here; sites that have no copy yet wait."""
    with waiting_lock(locks_folder(runtime.settings.home), f"{target.lock}-hosts"):
        shown = shown_by_hosts(runtime)
        with edge.answering():
            copied = edge.bookmarks()
            edge.bind({h: s for h, s in shown.items() if isinstance(s, str) or s in copied})


def expel_strangers(runtime: Runtime, edge: Edge) -> list[str]:
    """Take away folders that are no site's; their names."""
    known = {site.site_id for site in published_sites(runtime)}
    with edge.answering():
        return edge.expel(known)


def bring_copy(
    copying: Copying, *, compare: bool = False, late: bool = False, patient: bool = False
) -> Synced:
    """Bring a site's copy up to date, or remove it from where nobody may read it any more.

    See `sync_site`; who is `patient` waits for whoever is at it.
    """
    shown = shown_by_hosts(copying.runtime).values()
    if copying.edge.is_open and copying.site_id not in shown:
        return Synced(removed=discard_copy(copying))
    sync = sync_patiently if patient else sync_site
    return sync(copying, compare=compare, late=late)


def bring_redirects(copying: Copying) -> None:
    """Keep the site's old addresses at the edge, for its gateway to read."""
    shown = shown_by_hosts(copying.runtime)
    hosts = sorted(host for host, what in shown.items() if what == copying.site_id)
    with copying.runtime.tenant_session(copying.tenant_id, reading=True) as session:
        lines = redirect_map(session, copying.site_id, hosts)
    with copying.edge.answering():
        copying.edge.keep_redirects(copying.site_id, lines)


def discard_copy(copying: Copying, most: int = _ALL) -> int:
    """Remove at most so many files of a site at an edge; how many."""
    count = 0
    with exclusive(copying) as lock, copying.edge.answering():
        while count < most:
            some = copying.edge.discard(copying.site_id, min(most - count, _AT_ONCE))
            if not some:
                return count
            count += some
            lock.beat()
    return count
