"""`jiyue legacy run|verify|cutover|certificate|undo`: an old site brought in, and taken back."""

from __future__ import annotations

from typing import Any

import click

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
from migrations.legacy import presenters
from migrations.legacy.commands.edges import BY, TENANT, actor_of, legacy_group, progress_bar
from migrations.legacy.queries import tenant_of_run
from migrations.legacy.steps.certificate import certify
from migrations.legacy.steps.cutover import cut_over
from migrations.legacy.steps.run import run_move
from migrations.legacy.steps.undo import undo_move
from migrations.legacy.steps.verify import AWAITS_REVIEW, verify_move


@legacy_group.command("run")
@click.argument("name")
@click.option(
    "--unknown", type=click.Choice(["drop", "keep"]), help=N_("未决定的地址：舍弃，或作为文章保留")
)
@TENANT
@BY
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
    """把老网站内容迁入为草稿；不公开任何内容，可以重复执行。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    keep = None if unknown is None else unknown == "keep"
    actor = actor_of(runtime, by, tenant_id)
    with progress_bar() as progress:
        run_move(runtime, tenant_id, name, keep_unknown=keep, by=actor, progress=progress)
    settle(runtime, no_wait=no_wait)
    answer(certify(runtime, tenant_id, name), as_json=as_json, human=presenters.certificate_text)


@legacy_group.command("verify")
@click.argument("name")
@TENANT
@BY
@json_option
@with_runtime
def verify(
    runtime: Runtime, /, *, name: str, tenant: str | None, by: str | None, as_json: bool
) -> int:
    """逐一访问旧网址：切换前看预览，切换后看网站；有不符时以 4 退出。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    with progress_bar() as progress:
        answers = verify_move(
            runtime, tenant_id, name, by=actor_of(runtime, by, tenant_id), progress=progress
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
@TENANT
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
    """切换：由两人提出并签发迁移令，公开内容，旧网址指向新地址。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    if proposed_by == by:
        raise Invalid("one_person_twice", N_("迁移令须由两个人提出和签发"))
    with progress_bar() as progress:
        done = cut_over(
            runtime,
            tenant_id,
            name,
            proposed_by=actor_of(runtime, proposed_by, tenant_id),
            by=actor_of(runtime, by, tenant_id),
            bind_host=bind_host,
            progress=progress,
        )
    facts = {**vars(done), "name": name, "order_id": str(done.order_id or "")}
    message = N_("已切换：公开 {public} 篇，待审 {waiting} 篇，旧网址 {redirects} 个已指向新址")
    answer(facts, as_json=as_json, human=lambda told: text(message, **told))


@legacy_group.command("certificate")
@click.argument("name")
@TENANT
@json_option
@with_runtime
def certificate(runtime: Runtime, /, *, name: str, tenant: str | None, as_json: bool) -> int:
    """迁移证书：发现 = 迁入 + 跳转 + 按决定舍弃；不相符时以 4 退出。"""
    facts = certify(runtime, tenant_of_run(runtime, name, tenant), name)
    answer(facts, as_json=as_json, human=presenters.certificate_text)
    return 0 if facts["adds_up"] else FOUND


@legacy_group.command("undo")
@click.argument("name")
@TENANT
@BY
@json_option
@with_runtime
def undo(
    runtime: Runtime, /, *, name: str, tenant: str | None, by: str | None, as_json: bool
) -> None:
    """撤销一次迁移：删除草稿，撤回已公开的，取消跳转；只影响这一次。"""
    tenant_id = tenant_of_run(runtime, name, tenant)
    with progress_bar() as progress:
        done = undo_move(
            runtime, tenant_id, name, by=actor_of(runtime, by, tenant_id), progress=progress
        )
    message = N_("已撤销：删除草稿 {deleted} 篇，撤回 {withdrawn} 篇，取消跳转 {redirects} 个")
    answer({**vars(done), "name": name}, as_json=as_json, human=lambda told: text(message, **told))
