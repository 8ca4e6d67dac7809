"""Provisioning's part in the platform."""

from __future__ import annotations

from pathlib import Path

from hosting.runtime.areas import Area, Every, Job, Permission
from hosting.runtime.events import Subscription
from hosting.runtime.language import N_
from hosting.security.events import RoleGranted
from provisioning.canaries.commands import seed
from provisioning.city.blueprint import blueprint
from provisioning.city.menu import MENU
from provisioning.commands import tenant_group
from provisioning.deletion.jobs import delete_tenant, resume_deletions
from provisioning.deletion.models import TenantDeletion
from provisioning.deletion.operations import DELETE_TENANT
from provisioning.demo.steps import STEPS
from provisioning.domains.commands import domain_group
from provisioning.lifecycle.models import TenantStep
from provisioning.notices.commands import banner_group
from provisioning.notices.jobs import city_notices_due, spread_city_notice
from provisioning.notices.operations import NOTICES_DUE, SPREAD_NOTICE
from provisioning.quotas.operations import check_accounts, check_items, check_storage
from provisioning.sites.commands import site_group
from tenants.content.events import ItemCreated, ItemsImported
from tenants.media.events import AssetsStored

# 三员分立: what one of the three may do, no other may.
_SYSTEM = frozenset({"system_admin"})
_SECURITY = frozenset({"security_admin"})
_AUDIT = frozenset({"audit_admin"})

area = Area(
    name="provisioning",
    needs=("console", "review", "security", "workspace"),
    models=(TenantStep, TenantDeletion),
    console=(blueprint,),
    commands=(tenant_group, site_group, domain_group, banner_group, seed),
    jobs=(
        Job(DELETE_TENANT, delete_tenant),
        Job("resume_deletions", resume_deletions),
        Job(NOTICES_DUE, city_notices_due),
        Job(SPREAD_NOTICE, spread_city_notice),
    ),
    timetable=(Every(600, "resume_deletions"), Every(60, NOTICES_DUE)),
    subscriptions=(
        Subscription(ItemCreated, check_items, immediate=True),
        Subscription(ItemsImported, check_items, immediate=True),
        Subscription(AssetsStored, check_storage, immediate=True),
        Subscription(RoleGranted, check_accounts, immediate=True),
    ),
    permissions=(
        Permission("tenants.view", N_("查看租户"), _SYSTEM | {"ops"}, platform=True),
        Permission("tenants.open", N_("开通租户"), _SYSTEM, platform=True),
        Permission("tenants.change", N_("更改租户名称、域名、配额"), _SYSTEM, platform=True),
        Permission(
            "tenants.suspend", N_("暂停和恢复租户"), _SYSTEM, platform=True, needs_proof=True
        ),
        Permission("tenants.close", N_("关停租户"), _SYSTEM, platform=True, needs_proof=True),
        Permission("tenants.delete", N_("注销租户"), _SYSTEM, platform=True, needs_proof=True),
        Permission(
            "accounts.manage", N_("管理账号和职责"), _SECURITY, platform=True, needs_proof=True
        ),
        Permission(
            "notices.order",
            N_("发布全市横幅和灰度"),
            _SYSTEM,
            platform=True,
            needs_proof=True,
        ),
        Permission("audit.read", N_("查看、导出和核验审计记录"), _AUDIT, platform=True),
    ),
    menu=MENU,
    demo=STEPS,
    translations=Path(__file__).parent / "translations",
)
