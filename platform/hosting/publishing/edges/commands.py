"""`jiyue edge`."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from hosting.directory.queries import tenant_id_of
from hosting.publishing.edges.edge import Edge
from hosting.publishing.edges.rounds import (
    bind_edge,
    bring_copy,
    bring_redirects,
    expel_strangers,
    look_round,
    opened,
    published_sites,
)
from hosting.publishing.edges.status import edge_status
from hosting.publishing.edges.syncing import Copying
from hosting.publishing.edges.targets import Target, configured, target_of
from hosting.publishing.queries import PublishedSite
from hosting.runtime.command_line import FOUND, answer, json_option, with_runtime
from hosting.runtime.errors import Refusal
from hosting.runtime.language import N_, text
from hosting.runtime.log_lines import write_log_lines
from hosting.runtime.runtime import Runtime

log = logging.getLogger(__name__)

tenant_option = click.option("--tenant", "code", metavar="CODE", help=N_("只处理这个租户"))


@click.group("edge", help=N_("边缘节点：公开网页在其他机器或存储桶中的副本"))
def edge() -> None:
    """Copies of the public trees."""


@edge.command("sync", help=N_("把公开网页送到边缘节点：名称、文件夹或 s3://桶名/前缀?endpoint=…"))
@click.argument("target")
@tenant_option
@click.option("--once", is_flag=True, help=N_("做完即止（默认）"))
@click.option(
    "--every", type=click.IntRange(1), metavar="SECONDS", help=N_("每隔若干秒做一次，直到中止")
)
@click.option("--full", is_flag=True, help=N_("逐个核对全部文件，补齐缺失，恢复被改动，清除外来"))
@json_option
@with_runtime
def sync(
    runtime: Runtime,
    target: str,
    code: str | None,
    once: bool,
    every: int | None,
    full: bool,
    as_json: bool,
) -> None:
    """Bring an edge up to date; an empty one is taken into use."""
    if once and every:
        raise click.UsageError(text(N_("--once 和 --every 不能同时使用")))
    if code is not None:
        tenant_id_of(runtime, code)
    place = target_of(runtime.settings, target)

    def go_round() -> list[dict[str, Any]]:
        return _bring_all(runtime, place, code, full=full)

    if every:
        _repeat(go_round, every)
    else:
        answer(go_round(), as_json=as_json, human=_tell_synced)


@edge.command("status", help=N_("查看各边缘节点的副本是否跟上"))
@tenant_option
@json_option
@with_runtime
def status(runtime: Runtime, code: str | None, as_json: bool) -> int:
    """Say how far each edge has come."""
    if code is not None:
        tenant_id_of(runtime, code)
    known = published_sites(runtime, code)
    found = [edge_status(runtime, target, known) for target in configured(runtime.settings)]
    answer([asdict(each) for each in found], as_json=as_json, human=_tell_status)
    return 0 if all(each.is_fine for each in found) else FOUND


def _bring_all(
    runtime: Runtime, target: Target, code: str | None, *, full: bool
) -> list[dict[str, Any]]:
    place = opened(runtime, target, may_begin=True)
    known = look_round(runtime, place).sites
    told = [
        _bring(runtime, target, place, site, full=full)
        for site in published_sites(runtime, code)
        if site.site_id in known
    ]
    bind_edge(runtime, target, place)
    if full and code is None:
        for name in expel_strangers(runtime, place):
            log.error("edge %s: %s is no site of ours", target.name, name)
    return told


def _bring(
    runtime: Runtime, target: Target, place: Edge, site: PublishedSite, *, full: bool
) -> dict[str, Any]:
    copying = Copying(runtime, site.tenant_id, site.site_id, target, place)
    synced = bring_copy(copying, compare=full, patient=True)
    bring_redirects(copying)
    return {"tenant": site.tenant_code, "host": site.main_host, **asdict(synced)}


def _repeat(go_round: Callable[[], object], seconds: int) -> None:
    """Again and again until told to stop; what fails is said and tried again."""
    write_log_lines()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: stop.set())
    while not stop.is_set():
        try:
            go_round()
        except Refusal as refusal:
            log.warning("%s", refusal)
        stop.wait(seconds)


def _tell_synced(told: list[dict[str, Any]]) -> str:
    lines = []
    for site in told:
        lines.append(
            text(
                N_("{host}：送达第 {number} 次变更，写入 {written} 页，撤除 {removed} 页"),
                host=site["host"],
                number=site["number"],
                written=site["written"],
                removed=site["removed"],
            )
        )
        lines += [text(N_("  已恢复 {path}"), path=path) for path in site["mended"]]
    return "\n".join(lines)


def _tell_status(told: list[dict[str, Any]]) -> str:
    if not told:
        return text(N_("没有设置边缘节点（JIYUE_EDGES）"))
    lines = []
    for each in told:
        lines.append(f"{each['edge']}  {each['place']}")
        if each["problem"]:
            lines.append(f"  {each['problem']}")
        for copy in each["copies"]:
            words = _BEHIND if copy["is_behind"] else _UP_TO_DATE
            lines.append(
                text(
                    words, host=copy["host"], number=copy["number"] or 0, newest=copy["newest"] or 0
                )
            )
    return "\n".join(lines)


_UP_TO_DATE = N_("  {host}：已跟上（第 {number} 次变更）")
_BEHIND = N_("  {host}：落后，在第 {number} 次变更，应到第 {newest} 次")
