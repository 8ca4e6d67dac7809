"""Changing what was said of a tenant when it was opened. Need a platform session."""

from __future__ import annotations

from datetime import date
from typing import Any

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
    """Give a tenant another name; its sites and their texts follow where they bore the old one.

    Columns and items stay as they are: their words are the tenant's own, and reviewed.

    Records TenantRenamed, and SiteChanged for the site.
    """
    if problems := name_problems(name, short_name):
        raise Invalid("wrong_name", N_("租户未更名："), problems=problems)
    old_name, tenant.name = tenant.name, name.strip()
    session.record(TenantRenamed(tenant.id, old_name, tenant.name), by=by)
    for site in session.scalars(select(Site).where(Site.tenant_id == tenant.id)):
        if site.name == old_name:
            site.name = tenant.name
        if site.sponsor == old_name:
            site.sponsor = tenant.name
        if short_name.strip() and site.is_main:
            site.short_name = short_name.strip()
        site.layout = {**site.layout, "texts": _renamed(site.layout, old_name, tenant.name)}
        session.record(SiteChanged(tenant.id, site.id), by=by)
    return tenant


def _renamed(layout: dict[str, Any], old: str, new: str) -> dict[str, str]:
    return {key: text.replace(old, new) for key, text in layout.get("texts", {}).items()}


def open_history(session: WalledSession, tenant: Tenant, *, until: date, by: Actor) -> None:
    """Let content dated before a day go public under a migration order. Records HistoryOpened."""
    tenant.history_until = until
    session.record(HistoryOpened(tenant.id, until.isoformat()), by=by)
