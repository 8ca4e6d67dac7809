"""Rows of the audit trail as the auditor reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hosting.runtime.events import Event
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.security.roles import LABELS

# What ids of events name; a row's object is the first of its ids.
_OBJECTS: Mapping[str, str] = {
    "account": N_("账号"),
    "asset": N_("文件"),
    "column": N_("栏目"),
    "edition": N_("版本"),
    "item": N_("稿件"),
    "membership": N_("职责"),
    "order": N_("迁移令"),
    "plan": N_("迁移方案"),
    "sign_in": N_("登录"),
    "site": N_("网站"),
}

# What facts of events are called; those that are missing here keep their own names.
_FACTS: Mapping[str, str] = {
    "reason": N_("理由"),
    "login": N_("登录名"),
    "role": N_("职责"),
    "ends_at": N_("截止"),
    "host": N_("域名"),
    "hosts": N_("域名"),
    "is_main": N_("主域名"),
    "code": N_("租户代码"),
    "kind": N_("类型"),
    "blueprint": N_("开站样板"),
    "old_name": N_("原名称"),
    "new_name": N_("新名称"),
    "notice_until": N_("公告保留至"),
    "successor": N_("内容去向"),
    "quotas": N_("配额"),
    "until": N_("期限"),
    "stage": N_("审级"),
    "decision": N_("决定"),
    "opinion": N_("意见"),
    "digest": N_("校验值"),
    "title": N_("标题"),
    "result": N_("结果"),
    "end_reason": N_("原因"),
    "year": N_("年度"),
    "number": N_("登记号"),
    "count": N_("数量"),
    "chains": N_("链数"),
    "entries": N_("记录数"),
    "fault_count": N_("问题数"),
    "faults": N_("问题"),
    "began_at": N_("开始时间"),
}

_RESULTS: Mapping[str, str] = {
    "done": N_("成功"),
    "unknown": N_("登录名不存在"),
    "wrong_password": N_("密码错误"),
    "disabled": N_("账号已停用"),
}

FAULTS: Mapping[str, str] = {
    "altered": N_("“{place}”第 {sequence} 条被改动"),
    "missing": N_("“{place}”第 {sequence} 条缺失"),
    "inserted": N_("“{place}”第 {sequence} 条是插入的"),
    "reordered": N_("“{place}”第 {sequence} 条被调换，原为第 {belongs_at} 条"),
}


class Entry(Protocol):
    """What is read of a row of the trail."""

    @property
    def for_tenant_id(self) -> int: ...
    @property
    def sequence(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def account_name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def object_kind(self) -> str: ...
    @property
    def result(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class AuditLine:
    """One row; `action`, `result` and `kind` are msgids or, where nobody named them, plain names.

    `place` is empty for the platform. `facts` are (msgid or name, text).
    """

    sequence: int
    at: datetime
    who: str
    address: str
    action: str
    place: str
    kind: str
    what: str
    result: str
    is_done: bool
    facts: Sequence[tuple[str, str]]


def audit_lines(
    rows: Iterable[Entry], places: Mapping[int, str], people: Mapping[int, str]
) -> list[AuditLine]:
    """The rows in their order; `places` are the tenants' names, `people` those of accounts."""
    return [_line(row, places, people) for row in rows]


def account_ids(rows: Iterable[Entry]) -> set[int]:
    """The accounts to which something was done."""
    known = (row.facts.get("account_id") for row in rows)
    return {int(each) for each in known if each is not None}


def _line(row: Entry, places: Mapping[int, str], people: Mapping[int, str]) -> AuditLine:
    facts = {name: _value(name, each, people) for name, each in row.facts.items()}
    return AuditLine(
        row.sequence,
        row.happened_at,
        row.account_name,
        row.address,
        _action(row.action),
        place_of(row.for_tenant_id, places),
        _OBJECTS.get(row.object_kind, row.object_kind),
        facts.get(f"{row.object_kind}_id", ""),
        _RESULTS.get(row.result, row.result),
        row.result == "done",
        [(_name(name), value) for name, value in facts.items()],
    )


def _name(fact: str) -> str:
    return _FACTS.get(fact) or _OBJECTS.get(fact.removesuffix("_id"), fact)


def place_of(tenant_id: int, places: Mapping[int, str]) -> str:
    """The tenant's name, its id where it is gone, "" for the platform."""
    return "" if tenant_id == PLATFORM_ID else places.get(tenant_id, str(tenant_id))


def _action(name: str) -> str:
    kind = Event.registry.get(name)
    return kind.label if kind else name


def _value(name: str, value: Any, people: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if name == "account_id":
        return people.get(int(value), str(value))
    if name == "role":
        return LABELS.get(str(value), str(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class VerificationLine:
    """What one check found; `faults` are (msgid, facts), the first of `fault_count`."""

    at: datetime
    began_at: str
    who: str
    chains: int
    entries: int
    fault_count: int
    faults: Sequence[tuple[str, dict[str, Any]]]


def verification_lines(
    rows: Iterable[Entry], places: Mapping[int, str], city: str
) -> list[VerificationLine]:
    """The checks in their order; `city` is what the platform's own chain is called."""
    return [_verification(row, places, city) for row in rows]


def _verification(row: Entry, places: Mapping[int, str], city: str) -> VerificationLine:
    facts = row.facts
    return VerificationLine(
        row.happened_at,
        facts["began_at"],
        row.account_name,
        facts["chains"],
        facts["entries"],
        facts["fault_count"],
        [
            (
                FAULTS[fault["kind"]],
                {**fault, "place": place_of(fault["for_tenant_id"], places) or city},
            )
            for fault in facts["faults"]
        ],
    )
