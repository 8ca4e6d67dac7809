"""`jiyue publish`, `publish verify` and `publish status`."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from hosting.directory.queries import tenant_id_of
from hosting.publishing.build import build_site
from hosting.publishing.comparing import FOREIGN
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.manifest.asking import await_signer
from hosting.publishing.press import Report
from hosting.publishing.queries import PublishedSite, site_status, sites
from hosting.publishing.shared import mend_shared, shared_findings
from hosting.publishing.verify import Verification, verify_site
from hosting.publishing.watching import Watcher, sweep
from hosting.publishing.whereabouts import Whereabouts, whereabouts
from hosting.publishing.whole_site import processes_here, rebuild_site
from hosting.runtime.command_line import FOUND, answer, json_option, with_runtime
from hosting.runtime.errors import Invalid, NotFound, Unavailable
from hosting.runtime.language import N_, text
from hosting.runtime.log_lines import write_log_lines
from hosting.runtime.progress import progress_bars
from hosting.runtime.runtime import Runtime

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 120.0

tenant_option = click.option("--tenant", "code", metavar="CODE", help=N_("只处理这个租户"))


@click.group("publish", invoke_without_command=True, help=N_("发布待更新的页面，核对公开目录"))
@tenant_option
@click.option("--full", is_flag=True, help=N_("整站重新生成，完成后一次切换"))
@json_option
@click.pass_context
def publish(ctx: click.Context, code: str | None, full: bool, as_json: bool) -> int:
    """Publish, unless a subcommand is named."""
    return 0 if ctx.invoked_subcommand else _publish(code, full=full, as_json=as_json)


@publish.command("verify", help=N_("按签名清单核对网页文件和发布记录，报告被改动、缺失和外来的"))
@tenant_option
@click.option("--repair", is_flag=True, help=N_("修复：恢复原文件，外来文件移入隔离区"))
@json_option
@with_runtime
def verify(runtime: Runtime, code: str | None, repair: bool, as_json: bool) -> int:
    """Compare trees and rows."""
    told = _verified_shared(runtime, repair=repair) if code is None else []
    for site in _sites(runtime, code):
        result = verify_site(runtime, site.tenant_id, site.site_id, repair=repair)
        told.append({"tenant": site.tenant_code, "host": site.main_host, **asdict(result)})
    answer(told, as_json=as_json, human=_tell_verified)
    return FOUND if any(each["findings"] for each in told) else 0


def _verified_shared(runtime: Runtime, *, repair: bool) -> list[dict[str, Any]]:
    """What is wrong with host links and notices; nothing to tell when they are right."""
    findings = mend_shared(runtime) if repair else shared_findings(runtime)
    if not findings:
        return []
    result = Verification(findings=findings)
    if repair:
        result.quarantined = [each.path for each in findings if each.problem == FOREIGN]
        result.restored = [each.path for each in findings if each.problem != FOREIGN]
    return [{"tenant": "", "host": text(N_("域名指向和公告页")), **asdict(result)}]


@publish.command("watch", help=N_("看守网页文件：发现篡改立即恢复，并定时全部核对"))
@with_runtime
def watch(runtime: Runtime) -> None:
    """Watch and sweep until told to stop."""
    write_log_lines()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: stop.set())
    await_signer(runtime.settings, stop)
    seconds = runtime.settings.sweep_seconds
    sweeping = threading.Thread(
        target=sweep, args=(runtime, stop), kwargs={"every_seconds": seconds}
    )
    sweeping.start()
    try:
        Watcher(runtime).run(stop)
    except OSError:
        log.exception(
            "the kernel watches no more: raise fs.inotify.max_user_watches; the sweep goes on"
        )
    sweeping.join()


@publish.command("status", help=N_("查看各网站的发布状态和失败的页面，或一个网页到了哪一步"))
@tenant_option
@click.option("--page", "address", metavar="ADDRESS", help=N_("网页的地址，可只写路径"))
@json_option
@with_runtime
def status(runtime: Runtime, code: str | None, address: str | None, as_json: bool) -> int:
    """Say where publishing stands, or where one page is."""
    if address is not None:
        ways = [asdict(each) for each in _ways(runtime, code, address)]
        answer(ways, as_json=as_json, human=_tell_ways)
        return 0
    told = []
    for site in _sites(runtime, code):
        with runtime.tenant_session(site.tenant_id, reading=True) as session:
            found = site_status(session, site.site_id, site.main_host)
        told.append({"tenant": site.tenant_code, **asdict(found)})
    answer(told, as_json=as_json, human=_tell_status)
    return 0


def _ways(runtime: Runtime, code: str | None, address: str) -> list[Whereabouts]:
    """The page on the site whose host the address names, or on all of the tenant's sites."""
    asked = urlsplit(address)
    path = unquote(asked.path) or "/"
    if not path.startswith("/") or (code is None and not asked.hostname):
        raise Invalid("unclear_page", N_("请写完整网址，或用 --tenant 指定租户并写以 / 开头的路径"))
    found = [
        whereabouts(runtime, site.tenant_id, site.site_id, site.main_host, path)
        for site in _sites(runtime, code)
        if asked.hostname in (None, site.main_host)
    ]
    if not found:
        raise NotFound("no_site", N_("没有网站使用这个网址"))
    return found


@with_runtime
def _publish(runtime: Runtime, code: str | None, *, full: bool, as_json: bool) -> int:
    bind_hosts(runtime)
    told = []
    with progress_bars() as tell:
        for site in _sites(runtime, code):
            build = (
                partial(rebuild_site, processes=processes_here())
                if full
                else partial(build_site, following=True)
            )
            report = _finished(
                partial(
                    build,
                    runtime,
                    site.tenant_id,
                    site.site_id,
                    progress=partial(tell, site.main_host),
                )
            )
            told.append({"tenant": site.tenant_code, "host": site.main_host, **asdict(report)})
    answer(told, as_json=as_json, human=_tell_built)
    return FOUND if any(each["failures"] for each in told) else 0


def _sites(runtime: Runtime, code: str | None) -> Sequence[PublishedSite]:
    if code is not None:
        tenant_id_of(runtime, code)
    with runtime.platform_session(reason="publish command", reading=True) as session:
        return sites(session, code)


def _finished(build: Callable[[], Report]) -> Report:
    """The build's report, after whoever else holds the site has let go."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (report := build()).busy:
        if time.monotonic() > deadline:
            raise Unavailable("publisher_busy", N_("网站正在发布中，请稍后再试"))
        time.sleep(0.1)
    return report


def _tell_built(told: list[dict[str, Any]]) -> str:
    lines = []
    for site in told:
        lines.append(
            text(
                N_("{host}：生成 {rendered} 页，更新 {written} 页，撤除 {removed} 页"),
                host=site["host"],
                rendered=site["rendered"],
                written=site["written"],
                removed=site["removed"],
            )
        )
        lines += [f"  {key}: {reason}" for key, reason in site["failures"].items()]
    return "\n".join(lines)


_PROBLEMS = {
    "missing": N_("缺失"),
    "altered": N_("被改动"),
    "foreign": N_("外来文件"),
    "record": N_("记录被改动"),
    "forged": N_("清单不实"),
}


def _tell_verified(told: list[dict[str, Any]]) -> str:
    lines = []
    for site in told:
        lines.append(
            text(
                N_("{host}：核对 {checked} 个地址，发现 {found} 处问题"),
                host=site["host"],
                checked=site["checked"],
                found=len(site["findings"]),
            )
        )
        lines += [
            f"  {text(_PROBLEMS[finding['problem']])} {finding['path']}"
            for finding in site["findings"]
        ]
    return "\n".join(lines)


_STAGES = {
    "absent": N_("没有这个网页"),
    "waiting": N_("等待生成"),
    "failed": N_("生成失败"),
    "rendered": N_("已生成，文件不在公开目录"),
    "in_tree": N_("文件已就位，网站没有给出"),
    "read": N_("已公开，可以访问"),
    "gone": N_("已撤下，原网址提示内容已删除"),
}


def _tell_ways(told: list[dict[str, Any]]) -> str:
    lines = []
    for way in told:
        lines.append(f"{way['host']}{way['path']}：{text(_STAGES[way['stage']])}")
        if way["waits_since"]:
            lines.append(text(N_("  等待自 {at}"), at=way["waits_since"].isoformat(" ", "seconds")))
        if way["failure"]:
            lines.append(f"  {way['failure']}")
        if way["rendered_at"]:
            lines.append(text(N_("  生成于 {at}"), at=way["rendered_at"].isoformat(" ", "seconds")))
        if way["status"] is not None:
            lines.append(text(N_("  网站应答 {status}"), status=way["status"]))
        lines += [text(_at_edge(each), **each) for each in way["edges"]]
    return "\n".join(lines)


def _at_edge(each: dict[str, Any]) -> str:
    if each["problem"]:
        return N_("  边缘节点 {edge}：{problem}")
    return (
        N_("  边缘节点 {edge}：已送达") if each["is_there"] else N_("  边缘节点 {edge}：尚未送达")
    )


def _tell_status(told: list[dict[str, Any]]) -> str:
    lines = []
    for site in told:
        lines.append(
            text(
                N_("{host}：公开 {pages} 页，待更新 {waiting} 项，失败 {failed} 页"),
                host=site["host"],
                pages=site["pages"],
                waiting=sum(site["waiting"].values()),
                failed=len(site["failures"]),
            )
        )
        lines += [f"  {failure['key']}: {failure['reason']}" for failure in site["failures"]]
    return "\n".join(lines)
