"""What a tenant amounts to: for lines of a list, for its page, for the question before an act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from hosting.directory.models import Site, Tenant
from hosting.directory.queries import (
    TenantFilter,
    hosts_by_tenant,
    hosts_of_site,
    sites_of_tenant,
    tenant_rows,
)
from hosting.publishing.queries import SiteStatus, pages_standing, site_status
from hosting.runtime.session import WalledSession
from hosting.security.account_queries import member_count
from provisioning.lifecycle.models import TenantStep
from provisioning.lifecycle.queries import steps_of
from provisioning.quotas.queries import item_count, storage_bytes
from tenants.content.models import Item
from tenants.sites.models import OPEN, Column

_HOME = "home:"
"""The key of every site's home page."""


@dataclass(frozen=True)
class Published:
    """How much of a tenant readers can see, and since when the newest of it."""

    items: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class TenantRow:
    """A tenant in a list, told by rows alone: nothing is asked of its site."""

    tenant: Tenant
    hosts: Sequence[str]
    published: Published
    has_home: bool


def tenant_list(
    session: WalledSession,
    narrowed: TenantFilter,
    *,
    sort: str,
    descending: bool,
    offset: int,
    limit: int,
) -> list[TenantRow]:
    """A page of the list; counts are made for its tenants only, because counting items is dear."""
    found = tenant_rows(
        session, narrowed, sort=sort, descending=descending, offset=offset, limit=limit
    )
    ids = [each.id for each in found]
    hosts, published = hosts_by_tenant(session, ids), _published(session, ids)
    homes = _with_home(session, ids)
    return [
        TenantRow(
            each, hosts.get(each.id, ()), published.get(each.id, Published()), each.id in homes
        )
        for each in found
    ]


def _published(session: WalledSession, tenant_ids: Collection[int]) -> dict[int, Published]:
    rows = session.execute(
        select(Item.tenant_id, func.count(), func.max(Item.published_at))
        .where(Item.tenant_id.in_(tenant_ids), Item.live_edition_id.is_not(None))
        .group_by(Item.tenant_id)
    )
    return {row[0]: Published(row[1], row[2]) for row in rows}


def _with_home(session: WalledSession, tenant_ids: Collection[int]) -> set[int]:
    """The tenants whose main site has its home page in the public tree."""
    standing = pages_standing(session, _HOME, tenant_ids)
    rows = session.execute(
        select(Site.tenant_id, Site.id).where(Site.tenant_id.in_(tenant_ids), Site.kind == "main")
    )
    return {row[0] for row in rows if (row[0], row[1]) in standing}


@dataclass(frozen=True)
class Size:
    """What stands or falls with a tenant."""

    hosts: Sequence[str]
    columns: int
    items: int
    people: int


def size_of(session: WalledSession, tenant: Tenant) -> Size:
    """How large a tenant is."""
    columns = select(func.count(Column.id)).where(
        Column.tenant_id == tenant.id, Column.state == OPEN
    )
    return Size(
        hosts_by_tenant(session, [tenant.id]).get(tenant.id, ()),
        session.scalar(columns) or 0,
        item_count(session, tenant.id),
        member_count(session, tenant.id),
    )


@dataclass(frozen=True)
class SiteState:
    """A site with its hosts (the main one first) and where its publishing stands."""

    site: Site
    hosts: Sequence[str]
    status: SiteStatus
    has_home: bool


def sites_of(session: WalledSession, tenant_id: int) -> list[SiteState]:
    """The sites of a tenant, the main one first."""
    homes = pages_standing(session, _HOME, [tenant_id])
    return [
        SiteState(
            site,
            hosts_of_site(session, tenant_id, site.id),
            site_status(session, site.id, site.main_host, tenant_id=tenant_id),
            (tenant_id, site.id) in homes,
        )
        for site in sites_of_tenant(session, tenant_id)
    ]


@dataclass(frozen=True)
class TenantState:
    """All that the city knows of a tenant at a glance."""

    tenant: Tenant
    size: Size
    published: Published
    storage_bytes: int
    sites: Sequence[SiteState]
    steps: Sequence[TenantStep]


def tenant_state(session: WalledSession, tenant: Tenant) -> TenantState:
    """One tenant for its page."""
    published = _published(session, [tenant.id])
    return TenantState(
        tenant,
        size_of(session, tenant),
        published.get(tenant.id, Published()),
        storage_bytes(session, tenant.id),
        sites_of(session, tenant.id),
        steps_of(session, tenant.id),
    )
