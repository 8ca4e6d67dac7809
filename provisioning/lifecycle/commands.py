"""`jiyue tenant suspend`, `resume` and `close`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click

from hosting.directory.models import Tenant
from hosting.runtime.command_line import json_option, wait_option, with_runtime
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.acting import change_tenant
from provisioning.lifecycle import operations
from provisioning.lifecycle.models import TenantStep
from provisioning.onboarding.queries import tenant_details

_REASON = click.option("--reason", required=True, help=N_("理由，载入记录"))
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("suspend")
@click.argument("code")
@_REASON
@wait_option
@json_option
@with_runtime
def suspend(runtime: Runtime, /, *, code: str, reason: str, no_wait: bool, as_json: bool) -> None:
    """暂停服务：各域名改为显示公告，内容保留。"""
    _take(runtime, code, operations.suspend, reason=reason, no_wait=no_wait, as_json=as_json)


@click.command("resume")
@click.argument("code")
@_REASON
@wait_option
@json_option
@with_runtime
def resume(runtime: Runtime, /, *, code: str, reason: str, no_wait: bool, as_json: bool) -> None:
    """恢复服务，或取消关停。"""
    _take(runtime, code, operations.resume, reason=reason, no_wait=no_wait, as_json=as_json)


@click.command("close")
@click.argument("code")
@click.option("--confirm", default="", metavar="NAME", help=N_("输入租户全称以确认"))
@click.option("--successor", default="", help=N_("关停后请公众访问的网址"))
@click.option("--notice-until", type=_DAY, help=N_("公告保留到哪一天，至少三十天"))
@_REASON
@wait_option
@json_option
@with_runtime
def close(
    runtime: Runtime,
    /,
    *,
    code: str,
    confirm: str,
    successor: str,
    notice_until: datetime | None,
    reason: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    """关停：第一次执行刊登公告，公告期满后再执行一次即关停；内容保留。"""

    def step(session: WalledSession, tenant: Tenant) -> TenantStep:
        _confirm(session, tenant, confirm)
        if tenant.state == "closing":
            return operations.close(session, tenant, reason=reason, by=PLATFORM_ACTOR)
        return operations.announce_closing(
            session,
            tenant,
            reason=reason,
            successor=successor,
            notice_until=notice_until.date() if notice_until else None,
            by=PLATFORM_ACTOR,
        )

    change_tenant(runtime, code, step, no_wait=no_wait, as_json=as_json)


def _take(
    runtime: Runtime,
    /,
    code: str,
    verb: Callable[..., TenantStep],
    *,
    reason: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    change_tenant(
        runtime,
        code,
        lambda session, tenant: verb(session, tenant, reason=reason, by=PLATFORM_ACTOR),
        no_wait=no_wait,
        as_json=as_json,
    )


def _confirm(session: WalledSession, tenant: Tenant, typed: str) -> None:
    """Closing names its object: the name must be typed, and the refusal says what is at stake."""
    if typed.strip() == tenant.name:
        return
    facts = tenant_details(session, tenant)
    raise Invalid(
        "not_confirmed",
        N_('将关停“{name}”（{items} 篇稿件，{columns} 个栏目）。确认请加 --confirm "{name}"'),
        name=tenant.name,
        items=facts["items"],
        columns=facts["columns"],
    )
