"""Where a site's publishing stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from hosting.directory.models import Site, Tenant
from hosting.publishing.changesets import CLOSED, OPEN
from hosting.publishing.models import BuildFailure, ChangeSet, PublicPage, StaleMark
from hosting.publishing.stale import FOLLOW_SECONDS, FOLLOWING
from hosting.runtime.clock import now
from hosting.runtime.session import WalledSession

_ATTEMPTS = 8
"""A page that failed so often is not tried again until something that it shows changes."""


@dataclass(frozen=True)
class PublishedSite:
    """One site of a tenant, as far as publishing it goes."""

    tenant_id: int
    tenant_code: str
    site_id: int
    main_host: str


@dataclass
class SiteStatus:
    """What is public, what waits, and what could not be made."""

    host: str
    pages: int = 0
    gone: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    waiting_since: datetime | None = None
    unfinished: list[int] = field(default_factory=list)
    last_change_set: int | None = None
    last_published_at: datetime | None = None
    failures: list[dict[str, Any]] = field(default_factory=list)


def sites(session: WalledSession, code: str | None = None) -> Sequence[PublishedSite]:
    """All sites of the platform, or of one tenant, by tenant code. For platform sessions."""
    statement = (
        select(Tenant.id, Tenant.code, Site.id, Site.main_host)
        .join(Site, Site.tenant_id == Tenant.id)
        .order_by(Tenant.code, Site.id)
    )
    if code is not None:
        statement = statement.where(Tenant.code == code)
    return [PublishedSite(*row) for row in session.execute(statement)]


def watched_sites(session: WalledSession) -> dict[int, int]:
    """Tenant by site, but for closed tenants, whose trees may be on their way out.

    For platform sessions.
    """
    rows = session.execute(
        select(Site.id, Site.tenant_id)
        .join(Tenant, Tenant.id == Site.tenant_id)
        .where(Tenant.state != "closed")
        .order_by(Site.id)
    )
    return {row[0]: row[1] for row in rows}


def site_status(
    session: WalledSession, site_id: int, host: str, *, tenant_id: int | None = None
) -> SiteStatus:
    """Where a site stands. A platform session names the tenant, with which the keys begin."""
    here = partial(_of_site, site_id, tenant_id)
    status = SiteStatus(host)
    pages = select(func.count()).select_from(PublicPage).where(here(PublicPage))
    status.pages = session.scalar(pages.where(PublicPage.digest.is_not(None))) or 0
    status.gone = session.scalar(pages.where(PublicPage.digest.is_(None))) or 0
    _add_waiting(session, here(StaleMark), status)
    _add_change_sets(session, here(ChangeSet), status)
    failures = session.scalars(
        select(BuildFailure).where(here(BuildFailure)).order_by(BuildFailure.key)
    )
    status.failures = [
        {
            "key": failure.key,
            "reason": failure.reason,
            "attempts": failure.attempts,
            "failed_at": failure.failed_at,
        }
        for failure in failures
    ]
    return status


def _of_site(
    site_id: int,
    tenant_id: int | None,
    model: type[PublicPage | StaleMark | ChangeSet | BuildFailure],
) -> ColumnElement[bool]:
    is_here = model.site_id == site_id
    return is_here if tenant_id is None else and_(model.tenant_id == tenant_id, is_here)


def _add_waiting(session: WalledSession, here: ColumnElement[bool], status: SiteStatus) -> None:
    rows = session.execute(
        select(StaleMark.lane, func.count(), func.min(StaleMark.marked_at))
        .where(here)
        .group_by(StaleMark.lane)
    ).all()
    status.waiting = {lane: count for lane, count, _ in rows}
    status.waiting_since = min((since for _, _, since in rows), default=None)


def _add_change_sets(session: WalledSession, here: ColumnElement[bool], status: SiteStatus) -> None:
    status.unfinished = list(
        session.scalars(
            select(ChangeSet.number).where(here, ChangeSet.state == OPEN).order_by(ChangeSet.number)
        )
    )
    last = session.execute(
        select(ChangeSet.number, ChangeSet.closed_at)
        .where(here, ChangeSet.state == CLOSED)
        .order_by(ChangeSet.number.desc())
        .limit(1)
    ).first()
    if last is not None:
        status.last_change_set, status.last_published_at = last


def pages_standing(
    session: WalledSession, key: str, tenant_ids: Iterable[int]
) -> set[tuple[int, int]]:
    """(tenant, site) of these tenants where a page of this key is public. For platform sessions."""
    rows = session.execute(
        select(PublicPage.tenant_id, PublicPage.site_id).where(
            PublicPage.tenant_id.in_(list(tenant_ids)),
            PublicPage.key == key,
            PublicPage.digest.is_not(None),
        )
    )
    return {(row[0], row[1]) for row in rows}


def unfinished_sites(session: WalledSession, *, older_seconds: int) -> set[tuple[int, int]]:
    """(tenant, site) where something has waited or been open so long. For platform sessions."""
    before = now() - timedelta(seconds=older_seconds)
    marked = select(StaleMark.tenant_id, StaleMark.site_id).where(StaleMark.marked_at < before)
    begun = select(ChangeSet.tenant_id, ChangeSet.site_id).where(
        ChangeSet.state == OPEN, ChangeSet.recorded_at < before
    )
    rows = [*session.execute(marked.distinct()), *session.execute(begun.distinct())]
    return {(row[0], row[1]) for row in rows}


def followers_due_at(session: WalledSession, site_id: int) -> datetime | None:
    """When the pages of a site that follow and wait now are due to be made; None: none waits."""
    oldest = session.scalar(
        select(func.min(StaleMark.marked_at)).where(
            StaleMark.site_id == site_id, StaleMark.lane == FOLLOWING
        )
    )
    return None if oldest is None else oldest + timedelta(seconds=FOLLOW_SECONDS)


def failed_sites(session: WalledSession) -> set[tuple[int, int]]:
    """(tenant, site) with pages that are worth another try. For platform sessions."""
    rows = session.execute(
        select(BuildFailure.tenant_id, BuildFailure.site_id)
        .where(BuildFailure.attempts < _ATTEMPTS)
        .distinct()
    )
    return {(row[0], row[1]) for row in rows}


def keys_to_retry(session: WalledSession, site_id: int) -> Sequence[str]:
    """The failed pages that are worth another try."""
    return session.scalars(
        select(BuildFailure.key).where(
            BuildFailure.site_id == site_id, BuildFailure.attempts < _ATTEMPTS
        )
    ).all()
