"""What publishing has of a tenant outside the database: links, trees, evidence, blobs."""

from __future__ import annotations

from pathlib import Path

from hosting.directory.queries import forget_hosts
from hosting.publishing.blobs import open_store
from hosting.publishing.edges.rounds import discard_copy, opened
from hosting.publishing.edges.syncing import Copying
from hosting.publishing.edges.targets import configured
from hosting.publishing.files import Files
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.lock import locks_folder, publish_lock, rebuild_lock, site_lock
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.models import (
    BuildFailure,
    ChangeSet,
    PageDependency,
    PublicPage,
    Redirect,
    StaleMark,
)
from hosting.publishing.tree import PublicFolder, discard_some
from hosting.runtime.erasing import Erasing, ThingErasure, rows_of
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_


def remove_links(erasing: Erasing, _most: int) -> int:
    """The links of its hosts, cached lookups, and what stood in a link's place."""
    files, home = Files(), erasing.runtime.settings.home
    hosts = PublicFolder(home).hosts
    bound = bind_hosts(erasing.runtime, erasing.hosts)
    forget_hosts(erasing.runtime, erasing.hosts)
    evidence = home / "quarantine" / "hosts"
    for host in erasing.hosts:
        files.remove(str(hosts / f".{host}.new"))
        for found in evidence.glob(f"*/{host}"):
            _remove_whole(files, found)
    return len(bound.removed)


def _remove_whole(files: Files, path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        while discard_some(files, path, 1_000):
            pass
    else:
        files.remove(str(path))
    files.remove_folder(str(path.parent))


def remove_trees(erasing: Erasing, most: int) -> int:
    """Files of its sites: trees, those aside, staging, what a repair put into quarantine.

    The signer forgets where their chains end. Unavailable while a publisher is at work on one.
    """
    settings, count = erasing.runtime.settings, 0
    for site_id in erasing.site_ids:
        if count < most:
            count += _remove_site(settings.home, site_id, most - count)
            open_signer(settings).forget(erasing.tenant_id, site_id)
    return count


def _remove_site(home: Path, site_id: int, most: int) -> int:
    files, locks = Files(), locks_folder(home)
    names = (publish_lock(site_id), rebuild_lock(site_id))
    with site_lock(locks, names[0]) as publishing, site_lock(locks, names[1]) as rebuilding:
        if publishing is None or rebuilding is None:
            raise Unavailable("site_busy", N_("网站正在发布，稍后继续"))
        count = discard_some(files, PublicFolder(home).site(site_id).root, most)
        if count < most:
            count += discard_some(files, home / "quarantine" / str(site_id), most - count)
        if count < most:
            for name in names:
                files.remove(str(locks / name))
    return count


def remove_copies(erasing: Erasing, most: int) -> int:
    """Its sites' copies at every edge; Unavailable while one is away or at work."""
    runtime, count = erasing.runtime, 0
    for target in configured(runtime.settings):
        edge = opened(runtime, target)
        for site_id in erasing.site_ids:
            copying = Copying(runtime, erasing.tenant_id, site_id, target, edge)
            if count < most:
                count += discard_copy(copying, most - count)
    return count


def remove_blobs(erasing: Erasing, most: int) -> int:
    """Its blobs, in whichever store."""
    return open_store(erasing.runtime.settings).discard(erasing.tenant_id, most)


ERASES = (
    rows_of(
        N_("网页和跳转"),
        StaleMark,
        PageDependency,
        BuildFailure,
        ChangeSet,
        PublicPage,
        Redirect,
    ),
    ThingErasure(N_("域名指向"), remove_links),
    ThingErasure(N_("公开网页文件"), remove_trees),
    ThingErasure(N_("边缘副本"), remove_copies),
    ThingErasure(N_("存储的文件"), remove_blobs),
)
