"""Moves of old sites as commands show them: JSON facts, and tables for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hosting.runtime.language import N_, text
from hosting.runtime.session import WalledSession
from migrations.legacy.findings.finding import KINDS, SEVERITIES
from migrations.legacy.models import LegacyAddress, LegacyFinding, LegacyRun
from migrations.legacy.queries import addresses_of, findings_of
from migrations.legacy.steps.certificate import account
from migrations.legacy.steps.check import Trouble
from migrations.legacy.steps.verify import Answered
from migrations.legacy.tables import Rows, as_text, grid

KIND_NAMES = {
    "home": N_("首页"),
    "list": N_("栏目列表"),
    "article": N_("文章"),
    "redirect": N_("跳转页"),
    "attachment": N_("附件"),
    "image": N_("图片"),
    "style": N_("样式"),
    "script": N_("脚本"),
    "other": N_("其他"),
    "unknown": N_("未知"),
}
DECISION_NAMES = {
    "page": N_("迁入文章"),
    "attachment": N_("迁入附件"),
    "asset": N_("迁入图片"),
    "redirect": N_("跳转"),
    "gone": N_("注销"),
    "drop": N_("舍弃"),
    "unknown": N_("未定"),
}
SEVERITY_NAMES = {
    "critical": N_("危害"),
    "error": N_("错误"),
    "warning": N_("警告"),
    "note": N_("提示"),
}
HIDDEN_NAMES = {
    "display": N_("不显示"),
    "visibility": N_("不可见"),
    "off_screen": N_("移出屏幕"),
    "tiny_text": N_("字号极小"),
    "no_size": N_("没有大小"),
    "no_opacity": N_("全透明"),
    "clipped": N_("裁剪不见"),
    "script": N_("由脚本隐藏"),
    "no_text": N_("没有文字"),
}
_SAMPLES = 3
_SHOWN_WRONG = 20


def plan_facts(session: WalledSession, run: LegacyRun) -> dict[str, Any]:
    """A plan whole: each page with its kind, each file, each column, each finding."""
    rows = addresses_of(session, run.id)
    facts = [_address_facts(row) for row in rows]
    return {
        "name": run.name,
        "source": run.source,
        "host": run.host,
        "state": run.state,
        "digest": run.digest,
        "counts": {
            "kinds": dict(Counter(row.kind for row in rows)),
            "decisions": dict(Counter(row.decision for row in rows)),
            "severities": run.facts.get("severities", {}),
        },
        "account": account(rows),
        "columns": run.facts.get("columns", []),
        "pages": [one for one in facts if "charset" in one],
        "files": [one for one in facts if "charset" not in one],
        "findings": [finding_facts(one) for one in findings_of(session, run.id)],
    }


def _address_facts(row: LegacyAddress) -> dict[str, Any]:
    return {
        "address": row.address,
        "kind": row.kind,
        "decision": row.decision,
        "reason": row.reason,
        "decided_by": row.decided_name,
        "destination": row.destination,
        "target": row.target,
        **row.facts,
    }


def finding_facts(one: LegacyFinding) -> dict[str, Any]:
    """A finding with its name and what to do."""
    kind = KINDS[one.code]
    return {
        "code": one.code,
        "severity": one.severity,
        "name": text(kind.name),
        "address": one.address,
        "target": one.target,
        "evidence": one.evidence,
        "pages": one.pages,
        "advice": text(kind.advice),
        "facts": one.facts,
    }


def plan_text(facts: Mapping[str, Any]) -> str:
    """A plan for people: what there is, what becomes of it, what is wrong with it."""
    total = facts["account"]
    return "\n".join(
        (
            text(N_("老网站 {host}  来源 {source}  迁移名称 {name}"), **_plain(facts)),
            _kinds_table([*facts["pages"], *facts["files"]]),
            _sum_text(total),
            _columns_table(facts["columns"], facts["pages"]),
            _findings_table(facts["findings"]),
            text(N_("逐页逐条的清单见 --json。")),
        )
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(facts[name]) or "—" for name in ("host", "source", "name")}


def _sum_text(total: Mapping[str, Any]) -> str:
    return text(
        N_(
            "共 {found} 个地址 = 迁入 {imported} + 跳转 {redirected} + 舍弃 {dropped}"
            " + 未定 {undecided}"
        ),
        **{name: total[name] for name in _SUMMED},
    )


_SUMMED = ("found", "imported", "redirected", "dropped", "undecided")


def _kinds_table(addresses: Iterable[Mapping[str, Any]]) -> str:
    counts = Counter((one["kind"], one["decision"]) for one in addresses)
    rows: Rows = [
        (text(KIND_NAMES[kind]), text(DECISION_NAMES[decision]), str(count))
        for (kind, decision), count in sorted(counts.items())
    ]
    return grid((N_("类型"), N_("处理"), N_("数量")), rows)


def _columns_table(columns: Iterable[Mapping[str, Any]], pages: Iterable[Mapping[str, Any]]) -> str:
    articles = Counter(tuple(one["column"]) for one in pages if one["kind"] == "article")
    rows: Rows = [
        (" / ".join(one["names"]), str(len(one["addresses"])), str(articles[tuple(one["names"])]))
        for one in columns
    ]
    return grid((N_("栏目"), N_("列表页"), N_("文章")), rows)


def _findings_table(findings: Sequence[Mapping[str, Any]]) -> str:
    """One block a code, the worst first, with a few examples; --json has them all."""
    rows: list[tuple[str, ...]] = []
    for severity in SEVERITIES:
        codes = dict.fromkeys(f["code"] for f in findings if f["severity"] == severity)
        for code in codes:
            same = [one for one in findings if one["code"] == code]
            for place, one in enumerate(same[:_SAMPLES]):
                head = (text(SEVERITY_NAMES[severity]), str(one["name"]), str(len(same)))
                rows.append((*(head if place == 0 else ("", "", "")), _places(one), _shown(one)))
    titles = (N_("程度"), N_("问题"), N_("数量"), N_("所在页面"), N_("内容"))
    return grid(titles, rows)


def _places(finding: Mapping[str, Any]) -> str:
    address, count = finding["address"], len(finding["pages"])
    return (
        text(N_("{address} 等 {count} 页"), address=address, count=count) if count > 1 else address
    )


def _shown(finding: Mapping[str, Any]) -> str:
    """What of a finding tells most on one line: an address, or what was seen."""
    if finding["code"] == "hidden_links":
        return _hidden_links(finding["facts"])
    is_address = str(finding["target"]).startswith(("/", "http"))
    told = (finding["target"], finding["evidence"])
    return str(next(filter(None, told if is_address else reversed(told)), ""))


def _hidden_links(facts: Mapping[str, Any]) -> str:
    names = "、".join(one["text"] or one["url"] for one in facts["links"][:_SAMPLES])
    how = text(HIDDEN_NAMES[facts["why"]])
    return text(N_("{how}，{count} 个：{names}"), how=how, count=facts["count"], names=names)


def trouble_facts(one: Trouble) -> dict[str, Any]:
    """Something a check found."""
    return {
        "code": one.code,
        "address": one.address,
        "blocking": one.blocking,
        "message": text(one.message, **one.facts) if one.facts else text(one.message),
    }


def check_text(facts: Mapping[str, Any]) -> str:
    """A check for people."""
    rows = [
        (
            text(N_("必须处理")) if one["blocking"] else text(N_("提示")),
            one["address"],
            one["message"],
        )
        for one in facts["problems"]
    ]
    if not rows:
        return text(N_("检查通过，可以运行 run。"))
    return grid((N_("程度"), N_("地址"), N_("问题")), rows)


def answer_facts(one: Answered) -> dict[str, Any]:
    """What an old address answered."""
    return {
        "address": one.address,
        "decision": one.decision,
        "target": one.target,
        "status": one.status,
        "outcome": one.outcome,
    }


def verify_text(facts: Mapping[str, Any]) -> str:
    """A verification for people: the sum, and what was not right."""
    head = text(
        N_("逐一访问 {asked} 个旧网址：{right} 个正确，{wrong} 个不符，{waiting} 个待审"),
        **{name: facts[name] for name in ("asked", "right", "wrong", "waiting")},
    )
    rows = [
        (one["address"], one["target"], str(one["status"]), one["outcome"])
        for one in facts["wrong_addresses"][:_SHOWN_WRONG]
    ]
    if not rows:
        return head
    table = grid((N_("旧网址"), N_("新地址"), N_("状态"), N_("结果")), rows)
    more = text(N_("全部清单见 --json。")) if facts["wrong"] > len(rows) else ""
    return f"{head}\n{table}\n{more}".rstrip()


def certificate_text(facts: Mapping[str, Any]) -> str:
    """A certificate for people."""
    rows = [
        (text(N_("发现地址")), str(facts["found"])),
        (text(N_("迁入")), str(facts["imported"])),
        (text(N_("跳转")), str(facts["redirected"])),
        (text(N_("按决定舍弃")), str(facts["dropped"])),
        (text(N_("未定")), str(facts["undecided"])),
        (text(N_("合计相符")), text(N_("是")) if facts["adds_up"] else text(N_("否"))),
        (text(N_("清单校验值")), str(facts["account_digest"])),
    ]
    if facts["order"]:
        rows.append((text(N_("迁移令")), as_text(facts["order"])))
    return grid((N_("项目"), N_("数值")), rows)
