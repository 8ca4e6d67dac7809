"""How far a page has come on its way to readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import and_, func, or_, select

from hosting.directory.asking import Asker
from hosting.publishing.changesets import current_tree
from hosting.publishing.comparing import problem_with
from hosting.publishing.edges.asking import AtEdge, page_at_edges
from hosting.publishing.models import BuildFailure, StaleMark
from hosting.publishing.paths import INDEX
from hosting.publishing.stale import KEY, NAME
from hosting.publishing.standing import Standing, names_used, standing_by_path
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import Unavailable
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

ABSENT, WAITING, FAILED, RENDERED, IN_TREE, READ, GONE = (
    "absent",
    "waiting",
    "failed",
    "rendered",
    "in_tree",
    "read",
    "gone",
)
"""Nobody knows such a page; it has yet to be made; it could not be; its row says it was made; its
file stands in the tree; a reader gets it; a reader is told that it is gone."""


@dataclass(frozen=True)
class PageWay:
    """What the rows say of a page: what stands, since when it is to be made anew, what failed."""

    standing: Standing | None
    waits_since: datetime | None
    failure: BuildFailure | None


@dataclass(frozen=True)
class Whereabouts:
    """A page on its way. `stage` is the furthest point that it has reached as it should be now.

    `status` is what the site answered to a reader, None where it was not asked or was silent.
    `edges` tells of each edge whether what stands here is there, too.
    """

    host: str
    path: str
    key: str
    stage: str
    waits_since: datetime | None
    failure: str
    attempts: int
    rendered_at: datetime | None
    digest: str | None
    in_tree: bool
    status: int | None
    edges: list[AtEdge] = field(default_factory=list)


def page_way(session: WalledSession, site_id: int, path: str, *, key: str = "") -> PageWay:
    """The rows of the page at a path; `key` finds the marks of one that never stood there."""
    standing = standing_by_path(session, site_id, [path]).get(path)
    key = standing.key if standing else key
    used = names_used(session, [standing.page]).get(standing.page, set()) if standing else set()
    concerns = or_(
        and_(StaleMark.kind == KEY, StaleMark.subject == key),
        and_(StaleMark.kind == NAME, StaleMark.subject.in_(used)),
    )
    waits_since = session.scalar(
        select(func.min(StaleMark.marked_at)).where(StaleMark.site_id == site_id, concerns)
    )
    failure = session.scalars(
        select(BuildFailure).where(BuildFailure.site_id == site_id, BuildFailure.key == key)
    ).first()
    return PageWay(standing, waits_since, failure)


def whereabouts(
    runtime: Runtime, tenant_id: int, site_id: int, host: str, path: str
) -> Whereabouts:
    """Follow a page from its rows to a reader; asks the site, through the gateway where one is set.

    `path` as readers write it: `/zwgk/` means its index page.
    """
    file = path + INDEX if path.endswith("/") else path
    with runtime.tenant_session(tenant_id, reading=True) as session:
        way = page_way(session, site_id, file)
        tree = (
            PublicFolder(runtime.settings.home).site(site_id).tree(current_tree(session, site_id))
        )
    standing, failure = way.standing, way.failure
    in_tree = standing is not None and problem_with(tree, standing) is None
    status = _status(runtime, host, path)
    return Whereabouts(
        host=host,
        path=path,
        key=standing.key if standing else "",
        stage=_stage(way, in_tree=in_tree, status=status),
        waits_since=way.waits_since,
        failure=failure.reason if failure else "",
        attempts=failure.attempts if failure else 0,
        rendered_at=standing.stood_at if standing else None,
        digest=standing.digest if standing else None,
        in_tree=in_tree,
        status=status,
        edges=page_at_edges(runtime, tenant_id, site_id, file, standing),
    )


def _stage(way: PageWay, *, in_tree: bool, status: int | None) -> str:
    if way.failure is not None:
        return FAILED
    if way.waits_since is not None:
        return WAITING
    if way.standing is None:
        return ABSENT
    if not in_tree:
        return RENDERED
    if way.standing.digest is None:
        return GONE
    return READ if status == HTTPStatus.OK else IN_TREE


def _status(runtime: Runtime, host: str, path: str) -> int | None:
    try:
        return Asker(runtime).ask(host, path).status
    except Unavailable:
        return None
