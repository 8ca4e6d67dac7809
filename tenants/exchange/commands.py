"""`jiyue content import|export`."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from hosting.directory.queries import site_in_language, tenant_id_of
from hosting.ops.supervising import companion
from hosting.runtime.command_line import answer, json_option, settle, wait_option, with_runtime
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_, text
from hosting.runtime.progress import progress_bars
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.queries import actor_of_login
from tenants.exchange.exporting import export_items
from tenants.exchange.importing import ImportReport, import_file
from tenants.review.ordering import issue_order, propose_order
from tenants.sites.queries import column_at, descendants_of

_MANY = 500
"""From so many lines on a second worker is worth its start."""


_LOCALE = click.option(
    "--locale", default="", help=N_("外文版的语言，如 en；不写则为主站"), metavar="LOCALE"
)


@click.group("content")
def content_group() -> None:
    """稿件的导入和导出。"""


@content_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, metavar="CODE")
@click.option("--column", required=True, metavar="PATH", help=N_("栏目路径，如 /zwgk/tzgg/"))
@_LOCALE
@click.option("--run", default="", help=N_("批次名称；不写则取文件名"))
@click.option("--order", "reason", help=N_("迁移令事由：写明后导入的内容直接公开"))
@click.option("--proposed-by", metavar="LOGIN", help=N_("迁移令提出人"))
@click.option("--by", metavar="LOGIN", help=N_("迁移令签发人"))
@wait_option
@json_option
@with_runtime
def import_command(  # noqa: PLR0917 - the options of the contract, by name
    runtime: Runtime,
    file: Path,
    tenant: str,
    column: str,
    locale: str,
    run: str,
    reason: str | None,
    proposed_by: str | None,
    by: str | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """导入 JSON Lines 文件：作为草稿，或按迁移令公开。"""
    tenant_id = tenant_id_of(runtime, tenant)
    run = run or file.stem
    proposer, issuer = _signers(runtime, tenant_id, reason, proposed_by, by)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        site_id = site_in_language(session, tenant_id, locale).id
        column_id = column_at(session, site_id, column).id
    with progress_bars() as tell:
        report = import_file(
            runtime,
            tenant_id,
            site_id,
            file,
            column_id=column_id,
            run=run,
            by=proposer,
            is_ordered=reason is not None,
            progress=partial(tell, text(N_("导入"))),
        )
    told: dict[str, Any] = {**asdict(report), "run": run}
    with companion() if report.lines >= _MANY and not no_wait else nullcontext():
        if reason is not None and report.created + report.changed:
            told |= _order(runtime, tenant_id, run, reason, proposer, issuer)
        settle(runtime, no_wait=no_wait)
    answer(told, as_json=as_json, human=lambda _: _tell(report))


def _order(
    runtime: Runtime, tenant_id: int, run: str, reason: str, proposer: Actor, issuer: Actor
) -> dict[str, Any]:
    proposed = propose_order(runtime, tenant_id, run=run, reason=reason, by=proposer)
    issued = issue_order(runtime, tenant_id, proposed.id, digest=proposed.digest, by=issuer)
    return {
        "order": str(issued.id),
        "order_lines": issued.lines,
        "register": f"{issued.year}-{issued.number:05d}",
    }


def _signers(
    runtime: Runtime, tenant_id: int, reason: str | None, proposed_by: str | None, by: str | None
) -> tuple[Actor, Actor]:
    """Who proposes and who issues; an order needs both by name."""
    if reason is None:
        return PLATFORM_ACTOR, PLATFORM_ACTOR
    if not proposed_by or not by:
        raise Invalid("signers_missing", N_("按迁移令公开须同时写明 --proposed-by 和 --by"))
    with runtime.platform_session(reason="migration order", reading=True) as session:
        return (
            actor_of_login(session, proposed_by, tenant_id),
            actor_of_login(session, by, tenant_id),
        )


def _tell(report: ImportReport) -> str:
    return text(
        N_("共 {lines} 条：新建 {created}，更新 {changed}，未变 {unchanged}"), **asdict(report)
    )


@content_group.command("export")
@click.option("--tenant", required=True, metavar="CODE")
@click.option("--column", metavar="PATH", help=N_("只导出这个栏目及其下级"))
@_LOCALE
@json_option
@with_runtime
def export_command(
    runtime: Runtime, tenant: str, column: str | None, locale: str, as_json: bool
) -> None:
    """导出稿件，每行一个 JSON 对象。"""
    del as_json  # exports are JSON Lines either way
    tenant_id = tenant_id_of(runtime, tenant)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        site_id = site_in_language(session, tenant_id, locale).id
        column_ids = None
        if column is not None:
            top = column_at(session, site_id, column)
            column_ids = [top.id, *(each.id for each in descendants_of(session, top))]
    for line in export_items(runtime, tenant_id, site_id, column_ids=column_ids):
        click.echo(json.dumps(line, ensure_ascii=False))
