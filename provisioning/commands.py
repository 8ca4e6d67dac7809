"""`jiyue tenant`; its life is in lifecycle/commands.py."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from hosting.directory.models import TENANT_KINDS, Tenant
from hosting.directory.queries import tenant_by_code, tenants
from hosting.runtime.command_line import (
    FOUND,
    answer,
    json_option,
    settle,
    wait_option,
    with_runtime,
)
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.acting import change_tenant
from provisioning.deletion.commands import delete, list_deletions
from provisioning.domains.names import PlatformHosts
from provisioning.lifecycle.commands import close, resume, suspend
from provisioning.onboarding.changes import open_history, rename
from provisioning.onboarding.opening import CheckedOpening, Opening, check_opening
from provisioning.onboarding.operations import open_tenant
from provisioning.onboarding.probe import Probe, probe_homes
from provisioning.onboarding.queries import tenant_details, tenant_summary
from provisioning.presenters import details_text, opened_text, tenants_text
from provisioning.quotas.operations import Quotas, set_quotas

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("tenant")
def tenant_group() -> None:
    """租户：开通、暂停、恢复、关停。"""


@tenant_group.command("create")
@click.argument("code")
@click.option("--name", required=True, help=N_("单位全称"))
@click.option("--short-name", default="", help=N_("简称；不写则同全称"))
@click.option("--kind", required=True, help="|".join(TENANT_KINDS), metavar="KIND")
@click.option("--host", "hosts", multiple=True, help=N_("域名，可写多次；第一个为主域名"))
@click.option("--blueprint", default="", help=N_("开站样板；不写则用同类租户的样板"))
@click.option("--history-until", type=_DAY, help=N_("此日之前的旧内容可凭迁移令公开；默认到开通日"))
@wait_option
@json_option
@with_runtime
def create(
    runtime: Runtime,
    /,
    *,
    hosts: tuple[str, ...],
    code: str,
    name: str,
    short_name: str,
    kind: str,
    blueprint: str,
    history_until: datetime | None,
    no_wait: bool,
    as_json: bool,
) -> int:
    """开通租户：网站、域名、标准栏目和首页一步建好，并检查首页可以访问。"""
    opening = Opening(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        hosts=hosts,
        blueprint=blueprint,
        history_until=history_until.date() if history_until else None,
    )
    with runtime.platform_session(reason="open tenant") as session:
        checked = check_opening(session, opening, platform_hosts=PlatformHosts.of(runtime.settings))
        tenant = open_tenant(session, checked, by=PLATFORM_ACTOR)
    settle(runtime, no_wait=no_wait)
    probes = [] if no_wait else probe_homes(runtime, checked.hosts)
    answer(_opened(tenant, checked, probes), as_json=as_json, human=opened_text)
    return 0 if all(probe.is_well for probe in probes) else FOUND


@tenant_group.command("list")
@json_option
@with_runtime
def list_tenants(runtime: Runtime, /, *, as_json: bool) -> None:
    """列出全部租户。"""
    with runtime.platform_session(reason="list tenants", reading=True) as session:
        rows = [tenant_summary(tenant) for tenant in tenants(session)]
    answer(rows, as_json=as_json, human=tenants_text)


@tenant_group.command("show")
@click.argument("code")
@json_option
@with_runtime
def show(runtime: Runtime, /, *, code: str, as_json: bool) -> None:
    """查看一个租户。"""
    with runtime.platform_session(reason="show tenant", reading=True) as session:
        details = tenant_details(session, tenant_by_code(session, code))
    answer(details, as_json=as_json, human=details_text)


@tenant_group.command("rename")
@click.argument("code")
@click.option("--name", required=True, help=N_("新的单位全称"))
@click.option("--short-name", default="", help=N_("新的简称"))
@wait_option
@json_option
@with_runtime
def rename_tenant(
    runtime: Runtime, /, *, code: str, name: str, short_name: str, no_wait: bool, as_json: bool
) -> None:
    """更改租户名称；代码和域名不变。"""
    change_tenant(
        runtime,
        code,
        lambda session, tenant: rename(
            session, tenant, name=name, short_name=short_name, by=PLATFORM_ACTOR
        ),
        no_wait=no_wait,
        as_json=as_json,
    )


@tenant_group.command("quota")
@click.argument("code")
@click.option("--items", type=int, help=N_("稿件篇数上限；不写则不限"))
@click.option("--storage-bytes", type=int, help=N_("文件总字节数上限；不写则不限"))
@json_option
@with_runtime
def quota(
    runtime: Runtime,
    /,
    *,
    code: str,
    items: int | None,
    storage_bytes: int | None,
    accounts: int | None,
    as_json: bool,
) -> None:
    """设置配额。"""
    quotas = Quotas(items, storage_bytes, accounts)
    change_tenant(
        runtime,
        code,
        lambda session, tenant: set_quotas(session, tenant, quotas=quotas, by=PLATFORM_ACTOR),
        no_wait=True,
        as_json=as_json,
    )


@tenant_group.command("history")
@click.argument("code")
@click.option("--until", type=_DAY, required=True, help=N_("此日之前的旧内容可凭迁移令公开"))
@json_option
@with_runtime
def history(runtime: Runtime, /, *, code: str, until: datetime, as_json: bool) -> None:
    """设置旧内容迁入期限。"""
    change_tenant(
        runtime,
        code,
        lambda session, tenant: open_history(
            session, tenant, until=until.date(), by=PLATFORM_ACTOR
        ),
        no_wait=True,
        as_json=as_json,
    )


def _opened(tenant: Tenant, checked: CheckedOpening, probes: list[Probe]) -> dict[str, Any]:
    return {
        **tenant_summary(tenant),
        "id": str(tenant.id),
        "hosts": checked.hosts,
        "warnings": [
            {"field": w.field, "code": w.code, "message": text(w.message, **w.facts)}
            for w in checked.warnings
        ],
        "answers": [{**asdict(probe), "is_well": probe.is_well} for probe in probes],
    }


for command in (suspend, resume, close, delete, list_deletions):
    tenant_group.add_command(command)
