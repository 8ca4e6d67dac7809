"""The sample municipality in order: tenants, people, items, signatures, wanted services.

Each step looks at what is there and does the rest, so that it may be killed and run again; a
second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from hosting.directory.models import Site, Tenant
from hosting.directory.queries import site_in_language, sites_of_tenant, tenant_by_code
from hosting.runtime.areas import DemoStep
from hosting.runtime.clock import today
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import relay_event
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.queries import actor_of_login
from provisioning.blueprints.loader import blueprint
from provisioning.demo.accounts import FILE, open_accounts
from provisioning.demo.municipality import EnglishPlan, SubsitePlan, TenantPlan, municipality
from provisioning.demo.pieces import english_pieces_of
from provisioning.demo.services import lead_services_to_guides
from provisioning.demo.writing import Office, sign_items, write_items, write_pieces
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.opening import check_opening
from provisioning.onboarding.operations import column_tree, open_tenant
from provisioning.onboarding.queries import main_site_of
from provisioning.sites.opening import check_site_opening
from provisioning.sites.operations import open_site
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.queries import column_at
from tenants.sites.rules import ColumnFacts


def open_tenants(runtime: Runtime) -> Mapping[str, Any]:
    """Open the tenants of the sample that are not there, with their subsites."""
    made = 0
    for plan in municipality().tenants:
        with runtime.platform_session(reason="demo tenants") as session:
            if session.scalar(select(Tenant.id).where(Tenant.code == plan.code)) is None:
                _open(runtime, session, plan)
                made += 1
    return {"tenants_opened": made}


def _open(runtime: Runtime, session: WalledSession, plan: TenantPlan) -> None:
    checked = check_opening(
        session, plan.opening, platform_hosts=PlatformHosts.of(runtime.settings)
    )
    tenant = open_tenant(session, checked, by=PLATFORM_ACTOR)
    site = main_site_of(session, tenant.id)
    site.contact = plan.contact
    texts = {**site.layout["texts"], "copyright": municipality().notice}
    site.layout = {**site.layout, "texts": texts}
    for subsite in plan.subsites:
        _open_subsite(session, site, subsite, plan.kind)


def _open_subsite(session: WalledSession, site: Site, plan: SubsitePlan, kind: str) -> None:
    columns = blueprint(kind).subsite(name=plan.name, short_name=plan.short_name)
    facts = ColumnFacts(
        name=plan.short_name,
        slug=plan.slug,
        kind="subsite",
        description=plan.description,
        keywords=f"{plan.short_name},乡镇,子站",
        column_type="概况信息",
    )
    create_columns(
        session,
        site,
        [ColumnPlan(facts, tuple(column_tree(columns)))],
        by=PLATFORM_ACTOR,
        parent=column_at(session, site.id, "/xz/"),
    )


def open_people(runtime: Runtime) -> Mapping[str, Any]:
    """Give the sample's people accounts."""
    made = open_accounts(runtime, municipality())
    return {"accounts_made": made, "accounts_file": str(runtime.settings.home / FILE)}


def write(runtime: Runtime) -> Mapping[str, Any]:
    """Write the sample's items as drafts."""
    return {
        "items_written": sum(
            write_items(runtime, plan, office_of(runtime, plan)) for plan in municipality().tenants
        )
    }


def review(runtime: Runtime) -> Mapping[str, Any]:
    """Sign what waits, item by item, and let the home pages' services lead to their guides."""
    signed = 0
    for plan in municipality().tenants:
        office = office_of(runtime, plan)
        signed += sign_items(runtime, office)
        lead_services_to_guides(runtime, plan, office)
    # All events before any job: each site is then built once, and not once for each item.
    while relay_event(runtime):
        pass
    return {"items_signed": signed}


def translate(runtime: Runtime) -> Mapping[str, Any]:
    """Open the sites in English that are not there, write what stands on them, and sign it."""
    made = signed = 0
    for plan in municipality().tenants:
        if plan.english is not None:
            _open_english(runtime, plan, plan.english)
            office = office_of(runtime, plan, "en")
            made += write_pieces(runtime, office, english_pieces_of(plan, today()))
            signed += sign_items(runtime, office)
    while relay_event(runtime):
        pass
    return {"translations_written": made, "translations_signed": signed}


def _open_english(runtime: Runtime, plan: TenantPlan, english: EnglishPlan) -> None:
    with runtime.platform_session(reason="demo site") as session:
        tenant = tenant_by_code(session, plan.code)
        if any(not each.is_main for each in sites_of_tenant(session, tenant.id)):
            return
        own = PlatformHosts.of(runtime.settings)
        checked = check_site_opening(session, tenant, english.opening, platform_hosts=own)
        site = open_site(session, tenant, checked, by=PLATFORM_ACTOR)
        texts = {**site.layout["texts"], "copyright": english.notice}
        site.layout = {**site.layout, "texts": texts}


def office_of(runtime: Runtime, plan: TenantPlan, locale: str = "") -> Office:
    """A tenant's people, as they act there: on its main site, or on that in a language."""
    with runtime.platform_session(reason="demo office", reading=True) as session:
        tenant = tenant_by_code(session, plan.code)
        site = site_in_language(session, tenant.id, locale)
        people = {
            role: actor_of_login(session, person.login, tenant.id)
            for role, person in municipality().people_of(plan.code).items()
        }
        return Office(tenant.id, site.id, people)


STEPS = (
    DemoStep(10, N_("开通示例租户"), open_tenants),
    DemoStep(20, N_("建立示例账号"), open_people),
    DemoStep(30, N_("写入示例稿件"), write),
    DemoStep(40, N_("逐篇审核、发布"), review),
    DemoStep(50, N_("开通英文版、翻译示例稿件"), translate),
)
