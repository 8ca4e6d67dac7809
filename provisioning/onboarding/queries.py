"""What can be said of a tenant: for lists, for `show`, for what comes back from opening one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from hosting.directory.models import Site, Tenant
from hosting.directory.queries import hosts_of_site, sites_of_tenant
from hosting.runtime.session import WalledSession
from provisioning.lifecycle.queries import last_step
from tenants.content.models import Item
from tenants.sites.models import OPEN, Column


def tenant_summary(tenant: Tenant) -> dict[str, Any]:
    """A tenant in one line."""
    return {
        "code": tenant.code,
        "name": tenant.name,
        "kind": tenant.kind,
        "state": tenant.state,
        "created_at": tenant.created_at.isoformat(),
    }


def tenant_details(session: WalledSession, tenant: Tenant) -> dict[str, Any]:
    """A tenant with its sites, hosts, size and last step. Needs a platform session."""
    step = last_step(session, tenant.id)
    until = tenant.history_until
    return {
        **tenant_summary(tenant),
        "id": str(tenant.id),
        "sites": site_rows(session, tenant.id),
        "columns": _count(session, Column, tenant.id, Column.state == OPEN),
        "items": _count(session, Item, tenant.id),
        "quotas": tenant.quotas,
        "history_until": until.isoformat() if until else None,
        "last_step": step.facts() if step else None,
    }


def main_site_of(session: WalledSession, tenant_id: int) -> Site:
    """The main site of a tenant, in a platform session."""
    return session.scalars(
        select(Site).where(Site.tenant_id == tenant_id, Site.kind == "main").limit(1)
    ).one()


def site_rows(session: WalledSession, tenant_id: int) -> list[dict[str, Any]]:
    """The sites of a tenant with their hosts, the main one first. Needs a platform session."""
    return [_site(session, site) for site in sites_of_tenant(session, tenant_id)]


def _site(session: WalledSession, site: Site) -> dict[str, Any]:
    return {
        "id": str(site.id),
        "kind": site.kind,
        "state": site.state,
        "name": site.name,
        "locale": site.locale,
        "theme": site.theme,
        "hosts": list(hosts_of_site(session, site.tenant_id, site.id)),
    }


def _count(
    session: WalledSession,
    model: type[Column] | type[Item],
    tenant_id: int,
    *conditions: ColumnElement[bool],
) -> int:
    counted = select(func.count()).select_from(model).where(model.tenant_id == tenant_id)
    return session.scalar(counted.where(*conditions)) or 0
