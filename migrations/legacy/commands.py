"""`jiyue legacy plan|decide|check|run|verify|cutover|certificate|undo`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as ProgressBar

from hosting.directory.queries import tenant_id_of
from hosting.runtime.command_line import (
    FOUND,
    answer,
    json_option,
    settle,
    wait_option,
    with_runtime,
)
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.queries import actor_of_login
from migrations.legacy import presenters
from migrations.legacy.decisions import Decision
from migrations.legacy.operations.planning import decide_address
from migrations.legacy.queries import run_by_id, run_of, tenant_of_run, tenants_with_run
from migrations.legacy.reading.sites import Progress
from migrations.legacy.sources.opening import open_source
from migrations.legacy.sources.source import Source
from migrations.legacy.steps.certificate import certify
from migrations.legacy.steps.check import check_plan
from migrations.legacy.steps.cutover import cut_over
from migrations.legacy.steps.plan import make_plan
from migrations.legacy.steps.run import run_move
from migrations.legacy.steps.undo import undo_move
from migrations.legacy.steps.verify import AWAITS_REVIEW, verify_move

_TENANT = click.option("--tenant", metavar="CODE", help=N_("租户代码；名称不唯一时须写明"))
_BY = click.option("--by", metavar="LOGIN", help=N_("操作人；不写则为平台"))
_STAGES = {
    "read": N_("读取"),
    "compare": N_("比对"),
    "judge": N_("归类"),
    "extract": N_("提取"),
    "inspect": N_("检查"),
    "keep": N_("登记"),
    "files": N_("迁入文件"),
    "items": N_("迁入文章"),
    "verify": N_("验证"),
    "redirect": N_("重定向"),
    "withdraw": N_("撤回"),
}


@click.group("legacy")
def legacy_group() -> None:
    """旧网站迁移：规划、检查、迁入、验证、割接、证明、撤销。"""


@legacy_group.command("plan")
@click.argument("source")
@click.option("--tenant", required=True, metavar="CODE", help=N_("租户代码"))
@click.option("--name", default="", help=N_("迁移名称；不写则取旧站域名"))
@click.option("--host", default=None, help=N_("旧站域名；不写则从来源推断"))
@_BY
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
    """读取旧站，给出每个页面的类型、每个地址的去向和发现的问题；不写入任何内容。"""
    tenant_id = tenant_id_of(runtime, tenant)
    opened = open_source(source, host=host)
    chosen = name.strip() or _name_for(runtime, opened, tenant)
    actor = _actor(runtime, by, tenant_id)
    with _bar() as progress:
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
@click.option("--to", "destination", default="", help=N_("重定向的去向，本站内的路径"))
@click.option("--reason", default="", help=N_("理由"))
@click.option("--by", required=True, metavar="LOGIN", help=N_("作决定的人"))
@_TENANT
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
    """对一个旧地址作出决定；此后重新规划也不改变。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    actor = _actor(runtime, by, tenant_id)
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
@_TENANT
@_BY
@json_option
@with_runtime
def check(
    runtime: Runtime, /, *, name: str, tenant: str | None, by: str | None, as_json: bool
) -> int:
    """检查规划能否执行；有必须处理的问题时以 4 退出。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    with _bar() as progress:
        found = check_plan(
            runtime, tenant_id, name, by=_actor(runtime, by, tenant_id), progress=progress
        )
    facts = {"name": name, "problems": [presenters.trouble_facts(one) for one in found]}
    answer(facts, as_json=as_json, human=presenters.check_text)
    return FOUND if any(one.blocking for one in found) else 0


@legacy_group.command("run")
@click.argument("name")
@click.option(
    "--unknown", type=click.Choice(["drop", "keep"]), help=N_("未决定的地址：舍弃，或作为文章保留")
)
@_TENANT
@_BY
@wait_option
@json_option
@with_runtime
def run(
    runtime: Runtime,
    /,
    *,
    name: str,
    unknown: str | None,
    tenant: str | None,
    by: str | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """把旧站内容迁入为草稿；不公开任何内容，可以重复执行。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    keep = None if unknown is None else unknown == "keep"
    actor = _actor(runtime, by, tenant_id)
    with _bar() as progress:
        run_move(runtime, tenant_id, name, keep_unknown=keep, by=actor, progress=progress)
    settle(runtime, no_wait=no_wait)
    answer(certify(runtime, tenant_id, name), as_json=as_json, human=presenters.certificate_text)


@legacy_group.command("verify")
@click.argument("name")
@_TENANT
@_BY
@json_option
@with_runtime
def verify(
    runtime: Runtime, /, *, name: str, tenant: str | None, by: str | None, as_json: bool
) -> int:
    """逐一访问旧地址：割接前看预览，割接后看网站；有不符时以 4 退出。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    with _bar() as progress:
        answers = verify_move(
            runtime, tenant_id, name, by=_actor(runtime, by, tenant_id), progress=progress
        )
    wrong = [presenters.answer_facts(one) for one in answers if not one.is_right]
    facts: dict[str, Any] = {
        "name": name,
        "asked": len(answers),
        "right": len(answers) - len(wrong),
        "wrong": len(wrong),
        "waiting": sum(1 for one in answers if one.outcome == AWAITS_REVIEW),
        "wrong_addresses": wrong,
        "answers": [presenters.answer_facts(one) for one in answers],
    }
    answer(facts, as_json=as_json, human=presenters.verify_text)
    return FOUND if wrong else 0


@legacy_group.command("cutover")
@click.argument("name")
@click.option("--proposed-by", required=True, metavar="LOGIN", help=N_("迁移令提出人"))
@click.option("--by", required=True, metavar="LOGIN", help=N_("迁移令签发人"))
@click.option("--bind-host", metavar="HOST", help=N_("同时把旧域名绑定到本站"))
@_TENANT
@json_option
@with_runtime
def cutover(
    runtime: Runtime,
    /,
    *,
    name: str,
    proposed_by: str,
    by: str,
    bind_host: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """割接：由两人提出并签发迁移令，公开内容，旧地址指向新地址。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    if proposed_by == by:
        raise Invalid("one_person_twice", N_("迁移令须由两个人提出和签发"))
    with _bar() as progress:
        done = cut_over(
            runtime,
            tenant_id,
            name,
            proposed_by=_actor(runtime, proposed_by, tenant_id),
            by=_actor(runtime, by, tenant_id),
            bind_host=bind_host,
            progress=progress,
        )
    facts = {**vars(done), "name": name, "order_id": str(done.order_id or "")}
    message = N_("已割接：公开 {public} 篇，待审 {waiting} 篇，旧地址 {redirects} 个已指向新址")
    answer(facts, as_json=as_json, human=lambda told: text(message, **told))


@legacy_group.command("certificate")
@click.argument("name")
@_TENANT
@json_option
@with_runtime
def certificate(runtime: Runtime, /, *, name: str, tenant: str | None, as_json: bool) -> int:
    """迁移证明：发现 = 迁入 + 重定向 + 按决定舍弃；不相符时以 4 退出。"""
    facts = certify(runtime, tenant_of_run(runtime, name, tenant), name)
    answer(facts, as_json=as_json, human=presenters.certificate_text)
    return 0 if facts["adds_up"] else FOUND


@legacy_group.command("undo")
@click.argument("name")
@_TENANT
@_BY
@json_option
@with_runtime
def undo(
    runtime: Runtime, /, *, name: str, tenant: str | None, by: str | None, as_json: bool
) -> None:
    """撤销一次迁移：删除草稿，撤回已公开的，取消重定向；只影响这一次。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    with _bar() as progress:
        done = undo_move(
            runtime, tenant_id, name, by=_actor(runtime, by, tenant_id), progress=progress
        )
    message = N_("已撤销：删除草稿 {deleted} 篇，撤回 {withdrawn} 篇，取消重定向 {redirects} 个")
    answer({**vars(done), "name": name}, as_json=as_json, human=lambda told: text(message, **told))


def _actor(runtime: Runtime, login: str | None, tenant_id: int) -> Actor:
    """Who acts: the person named, with their roles in the tenant; the platform without a name."""
    if login is None:
        return PLATFORM_ACTOR
    with runtime.platform_session(reason="legacy move", reading=True) as session:
        return actor_of_login(session, login, tenant_id)


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on a terminal; silence elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with ProgressBar(*columns, disable=not sys.stderr.isatty(), console=console) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=text(_STAGES[stage]), completed=done, total=total)

        yield show
