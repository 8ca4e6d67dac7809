"""`jiyue design stage|switch|rollback|leave|list`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from hosting.directory.queries import main_site, tenant_id_of
from hosting.publishing.press import Report
from hosting.runtime.command_line import answer, json_option, settle, wait_option, with_runtime
from hosting.runtime.language import N_, text
from hosting.runtime.progress import progress_bars
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.pages import redesign
from tenants.pages.preview import staged_address
from tenants.sites.models import SiteDesign
from tenants.sites.operations.redesigning import DesignFacts
from tenants.sites.queries import designs_of

_TENANT = click.option("--tenant", required=True, metavar="CODE", help=N_("租户代码"))

_STATES = {
    "staged": N_("预览中"),
    "shown": N_("正在公开"),
    "past": N_("以前用过"),
    "left": N_("已放弃"),
}


@click.group("design")
def design_group() -> None:
    """网站版式：生成新版预览、切换、退回。"""


@design_group.command("list")
@_TENANT
@json_option
@with_runtime
def list_designs(runtime: Runtime, tenant: str, as_json: bool) -> None:
    """列出网站用过和试过的版式。"""
    with runtime.tenant_session(tenant_id_of(runtime, tenant), reading=True) as session:
        rows = [_row(each) for each in designs_of(session, main_site(session).id)]
    answer(rows, as_json=as_json, human=_tell_designs)


@design_group.command("stage")
@_TENANT
@click.option("--theme", required=True, help=N_("主题"))
@click.option("--main", default="", metavar="COLOUR", help=N_("主色，如 #1c5c48；不写则用主题的"))
@click.option("--motif", default="", help=N_("题图；不写则用主题的"))
@json_option
@with_runtime
def stage(runtime: Runtime, /, tenant: str, as_json: bool, **facts: str) -> None:
    """按新版式在一旁生成整站，读者看不到；给出预览地址。"""
    tenant_id, site_id, host = _site(runtime, tenant)
    with progress_bars() as tell:
        report = redesign.stage(
            runtime,
            tenant_id,
            site_id,
            facts=DesignFacts(**facts),
            by=PLATFORM_ACTOR,
            progress=partial(tell, host),
        )
    told = _told(report) | {"preview": staged_address(runtime, tenant_id, site_id)}
    answer(
        told,
        as_json=as_json,
        human=lambda all_: text(N_("已生成 {pages} 页，预览（八小时内有效）：{preview}"), **all_),
    )


@design_group.command("switch")
@_TENANT
@wait_option
@json_option
@with_runtime
def switch(runtime: Runtime, tenant: str, no_wait: bool, as_json: bool) -> None:
    """让读者看到预览中的新版。"""
    told = _carried_out(runtime, tenant, redesign.switch, no_wait=no_wait)
    answer(
        told, as_json=as_json, human=lambda _: text(N_("已切换到新版；退回：jiyue design rollback"))
    )


@design_group.command("rollback")
@_TENANT
@wait_option
@json_option
@with_runtime
def rollback(runtime: Runtime, tenant: str, no_wait: bool, as_json: bool) -> None:
    """退回切换前的版式，其间发布和撤下的内容照旧有效。"""
    told = _carried_out(runtime, tenant, redesign.roll_back, no_wait=no_wait)
    answer(told, as_json=as_json, human=lambda _: text(N_("已退回旧版")))


@design_group.command("leave")
@_TENANT
@json_option
@with_runtime
def leave(runtime: Runtime, tenant: str, as_json: bool) -> None:
    """放弃预览中的新版，删除为它生成的文件。"""
    tenant_id, site_id, _ = _site(runtime, tenant)
    redesign.leave(runtime, tenant_id, site_id, by=PLATFORM_ACTOR)
    answer({}, as_json=as_json, human=lambda _: text(N_("已放弃新版")))


def _carried_out(
    runtime: Runtime, tenant: str, act: Callable[..., Report], *, no_wait: bool
) -> dict[str, Any]:
    by: Actor = PLATFORM_ACTOR
    tenant_id, site_id, _ = _site(runtime, tenant)
    report = act(runtime, tenant_id, site_id, by=by)
    settle(runtime, no_wait=no_wait)
    return _told(report)


def _site(runtime: Runtime, tenant: str) -> tuple[int, int, str]:
    tenant_id = tenant_id_of(runtime, tenant)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        site = main_site(session)
        return tenant_id, site.id, site.main_host


def _told(report: Report) -> dict[str, Any]:
    return {"pages": report.rendered, "failures": report.failures}


def _row(each: SiteDesign) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "state": each.state,
        "theme": each.theme,
        "main": each.main,
        "motif": each.motif,
        "made_at": each.made_at,
        "shown_at": each.shown_at,
    }


def _tell_designs(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return text(N_("网站没有换过版式"))
    return "\n".join(
        f"{row['id']}  {text(_STATES[row['state']])}  {row['theme']}  {row['main']}" for row in rows
    )
