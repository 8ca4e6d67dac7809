"""Publishing's jobs."""

from __future__ import annotations

from hosting.publishing import packing
from hosting.publishing.blobs import DiskBlobs, open_store
from hosting.publishing.build import build_site
from hosting.publishing.edges.promising import promise_late
from hosting.publishing.edges.rounds import have_looked
from hosting.publishing.files import Files
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.queries import failed_sites, keys_to_retry, unfinished_sites, watched_sites
from hosting.publishing.shared import mend_shared
from hosting.publishing.stale import PUBLISH_FOLLOWING, changed, promise_packing, put_off
from hosting.publishing.tree import PublicFolder
from hosting.runtime.jobs import BULK
from hosting.runtime.worker import Work

_OVERDUE_SECONDS = 30


def publish_site(work: Work, *, site_id: int) -> None:
    """Publish what is stale in a site."""
    build_site(work.runtime, work.tenant_id, site_id)


def publish_following(work: Work, *, site_id: int) -> None:
    """Publish all that is stale in a site, what follows included."""
    report = build_site(work.runtime, work.tenant_id, site_id, following=True)
    if report.busy:
        # Who holds the site may end before what was marked last is due.
        with work.session() as session:
            put_off(session, site_id, (), BULK)


def pack_site(work: Work, *, site_id: int) -> None:
    """Make late copies of a site's pages for a while; the edges get them, too."""
    packed = packing.pack_site(work.runtime, work.tenant_id, site_id)
    with work.session() as session:
        if packed.made:
            promise_late(session, work.runtime.settings.edge_addresses, site_id)
        if packed.again_seconds:
            promise_packing(session, site_id, seconds=packed.again_seconds)


def pack_sites(work: Work) -> None:
    """Have late copies made that nobody promised: after an update, or when one was removed."""
    with work.session() as session:
        for site_id, tenant_id in watched_sites(session).items():
            promise_packing(session, site_id, tenant_id=tenant_id)


def bind_host(work: Work, *, host: str) -> None:
    """Bring one host's link in line with the directory."""
    bind_hosts(work.runtime, [host])
    have_looked(work.runtime)


def sweep_publishing(work: Work) -> None:
    """Take up what was left: marks whose job got lost, change sets of dead publishers, links.

    Clears away what nobody reads any more.
    """
    with work.session() as session:
        for tenant_id, site_id in unfinished_sites(session, older_seconds=_OVERDUE_SECONDS):
            session.enqueue(
                PUBLISH_FOLLOWING,
                key=str(site_id),
                lane=BULK,
                tenant_id=tenant_id,
                site_id=site_id,
            )
    mend_shared(work.runtime)
    PublicFolder(work.runtime.settings.home).clear_discarded(Files())
    store = open_store(work.runtime.settings)
    if isinstance(store, DiskBlobs):
        store.sweep()


def retry_failed_pages(work: Work) -> None:
    """Try again the pages that could not be rendered."""
    with work.session(reading=True) as session:
        found = failed_sites(session)
    for tenant_id, site_id in sorted(found):
        with work.runtime.tenant_session(tenant_id) as session:
            changed(session, site_id, (), keys_to_retry(session, site_id), lane=BULK)
