"""Finding one of a tenant's sites. For platform sessions."""

from __future__ import annotations

from sqlalchemy import select

from hosting.directory.models import Domain, Site, Tenant
from hosting.directory.queries import sites_of_tenant
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from provisioning.onboarding.queries import main_site_of


def site_in(session: WalledSession, tenant: Tenant, locale: str) -> Site:
    """A tenant's site in a language, "" for the main one; NotFound where there is none."""
    if not locale:
        return main_site_of(session, tenant.id)
    sites = sites_of_tenant(session, tenant.id)
    found = next((each for each in sites if each.locale == locale), None)
    if found is None:
        raise NotFound("no_such_site", N_("没有找到这个网站"))
    return found


def site_of_tenants_host(session: WalledSession, tenant: Tenant, host: str) -> Site:
    """The site under one of a tenant's hosts; NotFound where the tenant has no such host."""
    found = session.scalars(
        select(Site)
        .join(Domain, (Domain.for_tenant_id == Site.tenant_id) & (Domain.site_id == Site.id))
        .where(Domain.host == host, Site.tenant_id == tenant.id)
    ).first()
    if found is None:
        raise NotFound("no_such_host", N_("这个租户没有绑定域名“{host}”"), host=host)
    return found
