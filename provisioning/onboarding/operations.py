"""Opening a tenant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.exc import IntegrityError

from hosting.directory.models import Tenant
from hosting.directory.operations import add_site, add_tenant
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from provisioning.blueprints.blueprint import Blueprint, ColumnPlan
from provisioning.blueprints.vocabulary import UPDATE_CLASSES
from provisioning.events import TenantOpened
from provisioning.onboarding.opening import CheckedOpening
from tenants.sites.events import SiteChanged
from tenants.sites.models import Column
from tenants.sites.operations.growing import ColumnPlan as SitePlan
from tenants.sites.operations.growing import create_columns
from tenants.sites.rules import ColumnFacts


def open_tenant(session: WalledSession, checked: CheckedOpening, *, by: Actor) -> Tenant:
    """Open a tenant: its row, main site, hosts, standard columns and home page, all or nothing.

    Needs a platform session. Conflict where somebody took its code or a host since the check.
    Flushes; records ColumnsCreated, HostsChanged, SiteChanged and TenantOpened.
    """
    opening, plan = checked.opening, checked.opening.plan
    try:
        tenant = add_tenant(
            session,
            code=opening.code,
            name=opening.name.strip(),
            kind=opening.kind,
            state="open",
            history_until=opening.history_end,
        )
        site = add_site(session, tenant, hosts=checked.hosts, **_site_facts(checked, plan))
    except IntegrityError as error:
        raise Conflict("taken_meanwhile", N_("代码或域名刚刚被他人占用，请重新核对")) from error
    columns = create_columns(session, site, column_tree(plan.columns), by=by)
    site.layout = layout_of(plan, columns)
    session.record(SiteChanged(tenant.id, site.id), by=by)
    session.record(
        TenantOpened(tenant.id, opening.code, opening.kind, plan.code, site.id),
        by=by,
    )
    return tenant


def column_tree(plans: Sequence[ColumnPlan], above: str | None = None) -> list[SitePlan]:
    """A blueprint's flat list of columns as the tree that the column operations take."""
    return [
        SitePlan(column_facts(plan), tuple(column_tree(plans, plan.path)))
        for plan in plans
        if plan.parent_path == above
    ]


def column_facts(plan: ColumnPlan) -> ColumnFacts:
    """A blueprint's column as a person would say it."""
    return ColumnFacts(
        name=plan.name,
        slug=plan.slug,
        description=plan.description,
        # The label's value is a list with commas (网页标签规范, ColumnKeywords).
        keywords=",".join(plan.keywords),
        column_type=plan.column_type,
        update_class=plan.update_class,
        update_days=UPDATE_CLASSES[plan.update_class].window_days,
    )


def layout_of(plan: Blueprint, columns: Iterable[Column]) -> dict[str, object]:
    """The home page as a site keeps it; columns by their ids, which outlive paths and names."""
    ids = {column.path: str(column.id) for column in columns}
    return {
        "texts": plan.texts,
        "home": [
            {
                "kind": block.kind,
                "title": block.title,
                "columns": [ids[path] for path in block.columns],
                "items": block.items,
            }
            for block in plan.home
        ],
        "services": [
            {
                "name": service.name,
                "icon": service.icon,
                "audience": service.audience,
                "address": service.address,
            }
            for service in plan.services
        ],
    }


def _site_facts(checked: CheckedOpening, plan: Blueprint) -> dict[str, object]:
    opening = checked.opening
    return {
        "name": opening.name.strip(),
        "short_name": opening.called,
        "theme": plan.theme,
        "sponsor": opening.name.strip(),
        **opening.site_facts,
    }
