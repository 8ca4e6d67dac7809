"""Provisioning's part in the platform."""

from __future__ import annotations

from pathlib import Path

from hosting.runtime.areas import Area, Permission
from hosting.runtime.events import Subscription
from hosting.runtime.language import N_
from hosting.security.events import RoleGranted
from provisioning.commands import tenant_group
from provisioning.demo.steps import STEPS
from provisioning.domains.commands import domain_group
from provisioning.lifecycle.models import TenantStep
from provisioning.quotas.operations import check_accounts, check_items, check_storage
from tenants.content.events import ItemCreated, ItemsImported
from tenants.media.events import AssetsStored

_SYSTEM = frozenset({"system_admin"})

area = Area(
    name="provisioning",
    needs=("review",),
    models=(TenantStep,),
    commands=(tenant_group, domain_group),
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
        Permission("tenants.suspend", N_("暂停和恢复租户"), _SYSTEM, platform=True),
        Permission("tenants.close", N_("关停租户"), _SYSTEM, platform=True),
    ),
    demo=STEPS,
    translations=Path(__file__).parent / "translations",
)
