"""Deletions of tenants as lists and their own page show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hosting.console.display import file_size
from hosting.console.language import say
from hosting.runtime.language import N_
from provisioning.city.presenters.badges import Badge
from provisioning.city.presenters.tenants import readable
from provisioning.deletion.models import DONE, TenantDeletion
from provisioning.deletion.presenters import STATES
from provisioning.presenters import KINDS

DELETION_STATES: Mapping[str, Badge] = {
    "running": Badge(STATES["running"], "warn", "clock"),
    "scrubbing": Badge(STATES["scrubbing"], "warn", "clock"),
    "done": Badge(STATES["done"], "neutral", "archive"),
}


def consequences(stock: Mapping[str, Any]) -> list[str]:
    """What goes, in sentences for the question before it."""
    hosts = say(N_("、")).join(readable(host) for host in stock["hosts"])
    return [
        say(
            N_("{items} 篇稿件、{columns} 个栏目连同各版本和审签记录永久删除"),
            items=stock["items"],
            columns=stock["columns"],
        ),
        say(
            N_("{files} 个文件（{size}）、全部网页、缓存和搜索结果永久删除"),
            files=stock["files"],
            size=file_size(stock["bytes"]),
        ),
        say(
            N_("只在本单位任职的账号永久停用并抹去姓名（现有 {count} 人）"), count=stock["accounts"]
        ),
        say(N_("域名 {hosts} 不再指向本平台"), hosts=hosts) if hosts else say(N_("没有绑定域名")),
        say(N_("审计记录封存到期满，此外只留一条注销记录；此操作不可恢复")),
    ]


@dataclass(frozen=True)
class DeletionLine:
    """One deletion in the list."""

    id: int
    name: str
    code: str
    state: Badge
    who: str
    reason: str
    asked_at: datetime
    finished_at: datetime | None


def deletion_lines(found: Iterable[TenantDeletion]) -> list[DeletionLine]:
    """The deletions in their order."""
    return [_line(each) for each in found]


def _line(found: TenantDeletion) -> DeletionLine:
    return DeletionLine(
        found.id,
        found.name,
        found.code,
        DELETION_STATES[found.state],
        found.asked_name,
        found.reason,
        found.asked_at,
        found.finished_at,
    )


@dataclass(frozen=True)
class Report:
    """A deletion on its own page; `kind`, `step` and the labels of `removed` are msgids."""

    line: DeletionLine
    is_running: bool
    is_early: bool
    kind: str
    closed_at: datetime
    step: str
    found: Mapping[str, Any]
    hosts: Sequence[str]
    removed: Sequence[tuple[str, int]]


def report(found: TenantDeletion) -> Report:
    """How far it has come, and what it came to."""
    return Report(
        _line(found),
        found.state != DONE,
        found.is_early,
        KINDS[found.kind],
        found.closed_at,
        found.step,
        found.found,
        [readable(host) for host in found.hosts],
        list(found.removed.items()),
    )
