"""`jiyue legacy plan|decide|check`: what is said of an old site before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

import click

from hosting.directory.queries import tenant_id_of
from hosting.runtime.command_line import FOUND, answer, json_option, with_runtime
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from migrations.legacy import presenters
from migrations.legacy.commands.edges import BY, TENANT, actor_of, legacy_group, progress_bar
from migrations.legacy.decisions import Decision
from migrations.legacy.operations.planning import decide_address
from migrations.legacy.queries import run_by_id, run_of, tenant_of_run, tenants_with_run
from migrations.legacy.sources.opening import open_source
from migrations.legacy.sources.source import Source
from migrations.legacy.steps.check import check_plan
from migrations.legacy.steps.plan import make_plan


@legacy_group.command("plan")
@click.argument("source")
@click.option("--tenant", required=True, metavar="CODE", help=N_("租户代码"))
@click.option("--name", default="", help=N_("迁移名称；不写则取老网站域名"))
@click.option("--host", default=None, help=N_("老网站域名；不写则从来源推断"))
@BY
@json_option
@with_runtime
def plan(
    runtime: Runtime,
    /,
    *,
    source: str,
    tenant: str,
    name: str,
    host: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """读取老网站，给出每个页面的类型、每个地址的去向和发现的问题；不写入任何内容。"""
    tenant_id = tenant_id_of(runtime, tenant)
    opened = open_source(source, host=host)
    chosen = name.strip() or _name_for(runtime, opened, tenant)
    actor = actor_of(runtime, by, tenant_id)
    with progress_bar() as progress:
        made = make_plan(
            runtime, tenant_id, name=chosen, source=opened, by=actor, progress=progress
        )
    with runtime.tenant_session(tenant_id, reading=True) as session:
        facts = presenters.plan_facts(session, run_by_id(session, made.run_id))
    answer(facts, as_json=as_json, human=presenters.plan_text)


def _name_for(runtime: Runtime, source: Source, code: str) -> str:
    """The old host, or the folder's name; with the tenant's code where another tenant has it."""
    plain = re.sub(r"[^\w.-]+", "-", source.host or Path(source.text).resolve().name).strip("-")
    return plain if set(tenants_with_run(runtime, plain)) <= {code} else f"{code}-{plain}"


@legacy_group.command("decide")
@click.argument("name")
@click.argument("address")
@click.option(
    "--as",
    "decision",
    required=True,
    type=click.Choice([one.value for one in Decision if one is not Decision.UNKNOWN]),
)
@click.option("--to", "destination", default="", help=N_("跳转的去向，本站内的路径"))
@click.option("--reason", default="", help=N_("理由"))
@click.option("--by", required=True, metavar="LOGIN", help=N_("作决定的人"))
@TENANT
@json_option
@with_runtime
def decide(
    runtime: Runtime,
    /,
    *,
    name: str,
    address: str,
    decision: str,
    destination: str,
    reason: str,
    by: str,
    tenant: str | None,
    as_json: bool,
) -> None:
    """对一个旧网址作出决定；此后重新计划也不改变。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    actor = actor_of(runtime, by, tenant_id)
    with runtime.tenant_session(tenant_id) as session:
        row = decide_address(
            session,
            run_of(session, name),
            address,
            decision=decision,
            destination=destination,
            reason=reason or "by_person",
            by=actor,
        )
        facts = {"address": row.address, "decision": row.decision, "by": row.decided_name}
    answer(facts, as_json=as_json, human=lambda told: text(N_("已决定 {address}"), **told))


@legacy_group.command("check")
@click.argument("name")
@TENANT
@BY
@json_option
@with_runtime
def check(
    runtime: Runtime, /, *, name: str, tenant: str | None, by: str | None, as_json: bool
) -> int:
    """检查计划能否执行；有必须处理的问题时以 4 退出。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    with progress_bar() as progress:
        found = check_plan(
            runtime, tenant_id, name, by=actor_of(runtime, by, tenant_id), progress=progress
        )
    facts = {"name": name, "problems": [presenters.trouble_facts(one) for one in found]}
    answer(facts, as_json=as_json, human=presenters.check_text)
    return FOUND if any(one.blocking for one in found) else 0
