"""Tenants as the command line shows them to people."""

from __future__ import annotations

from typing import Any

from hosting.runtime.language import N_, text

KINDS = {"portal": N_("市级门户"), "county": N_("县级政府"), "department": N_("部门")}
STATES = {
    "preparing": N_("筹备"),
    "open": N_("开通"),
    "suspended": N_("暂停"),
    "closing": N_("关停公告"),
    "closed": N_("已关停"),
}


def tenants_text(rows: list[dict[str, Any]]) -> str:
    """One line a tenant."""
    if not rows:
        return text(N_("还没有租户。开通第一个：jiyue tenant create --help"))
    return "\n".join(_line(row) for row in rows)


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['code']:<16} {text(STATES[row['state']])}  {text(KINDS[row['kind']])}  {row['name']}"
    )


def details_text(facts: dict[str, Any]) -> str:
    """All of a tenant."""
    lines = [_line(facts)]
    lines += [
        text(N_("网站：{name}，域名：{hosts}"), name=site["name"], hosts="、".join(site["hosts"]))
        for site in facts["sites"]
    ]
    lines.append(text(N_("{columns} 个栏目，{items} 篇稿件"), **_counts(facts)))
    if facts["history_until"]:
        lines.append(text(N_("{until} 之前的旧内容可凭迁移令公开"), until=facts["history_until"]))
    if step := facts["last_step"]:
        lines.append(
            text(
                N_("{at} 由 {by} 变更状态：{reason}"),
                at=step["at"],
                by=step["by"],
                reason=step["reason"],
            )
        )
    return "\n".join(lines)


def _counts(facts: dict[str, Any]) -> dict[str, Any]:
    return {"columns": facts["columns"], "items": facts["items"]}


def opened_text(facts: dict[str, Any]) -> str:
    """What opening a tenant came to."""
    lines = [text(N_("已开通 {name}（{code}）"), name=facts["name"], code=facts["code"])]
    lines += [text(N_("提示：{hint}"), hint=warning["message"]) for warning in facts["warnings"]]
    for found in facts["answers"]:
        told = (
            N_("首页可以访问：{address}")
            if found["is_well"]
            else N_("首页没有应答（{status}）：{address}")
        )
        lines.append(text(told, address=found["address"], status=found["status"]))
    return "\n".join(lines)
