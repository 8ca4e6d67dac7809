"""Changing what was said of a tenant when it was opened. Need a platform session."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hosting.directory.models import Site, Tenant
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from provisioning.events import HistoryOpened, TenantRenamed
from provisioning.onboarding.opening import name_problems
from tenants.sites.events import SiteChanged


def rename(
    session: WalledSession, tenant: Tenant, *, name: str, short_name: str = "", by: Actor
) -> Tenant:
    """Give a tenant another name; its main site follows where it bore the tenant's.

    Records TenantRenamed, and SiteChanged for the site.
    """
    if problems := name_problems(name, short_name):
        raise Invalid("wrong_name", N_("租户未更名："), problems=problems)
    old_name, tenant.name = tenant.name, name.strip()
    session.record(TenantRenamed(tenant.id, old_name, tenant.name, by.account_id), by=by)
    for site in session.scalars(select(Site).where(Site.tenant_id == tenant.id)):
        if site.name == old_name:
            site.name = tenant.name
        if site.sponsor == old_name:
            site.sponsor = tenant.name
        if short_name.strip():
            site.short_name = short_name.strip()
        session.record(SiteChanged(tenant.id, site.id), by=by)
    return tenant


def open_history(session: WalledSession, tenant: Tenant, *, until: date, by: Actor) -> None:
    """Let content dated before a day go public under a migration order. Records HistoryOpened."""
    tenant.history_until = until
    session.record(HistoryOpened(tenant.id, until.isoformat(), by.account_id), by=by)
