"""The home page's wanted services lead to their guides, once these have addresses."""

from __future__ import annotations

from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.clock import today
from hosting.runtime.runtime import Runtime
from provisioning.demo.municipality import TenantPlan
from provisioning.demo.pieces import pieces_of
from provisioning.demo.writing import Office
from tenants.content.models import Item
from tenants.sites.events import SiteChanged


def lead_services_to_guides(runtime: Runtime, plan: TenantPlan, office: Office) -> None:
    """Put the guides' addresses into the site's layout; nothing happens where they stand there."""
    guides = {p.key: p.service for p in pieces_of(plan, today()) if p.service}
    with runtime.tenant_session(office.tenant_id) as session:
        rows = session.execute(
            select(Item.external_id, Item.path).where(Item.external_id.in_(guides))
        )
        addresses = {guides[str(key)]: path for key, path in rows}
        site = session.scalars(select(Site).where(Site.id == office.site_id)).one()
        services = [
            {**each, "address": addresses.get(each["name"], each["address"])}
            for each in site.layout["services"]
        ]
        if services != site.layout["services"]:
            site.layout = {**site.layout, "services": services}
            session.record(SiteChanged(office.tenant_id, office.site_id), by=office.editor)
