"""The line between title and text: when, from where, by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from migrations.legacy.reading.dates import (
    Dated,
    first_date,
    has_date,
    labelled_date,
    without_dates,
)
from migrations.legacy.reading.sheets import Run

# Between two runs: a value may follow its label in the next element.
GAP = "\x1f"

_SOURCE = (
    r"(?:信息|文章|稿件|新闻|内容|资料)?来\s?源|稿\s?源|出\s?处|转载自|摘自|信息提供|"
    r"ContentSource|Source"
)
_ISSUER = r"发布(?:单位|机构|部门|处室|人|者)|发文(?:单位|机关)|供稿(?:单位|部门)?|单\s?位"
_AUTHOR = r"作\s?者|撰\s?稿(?:人)?|通讯员|记\s?者|文/|Author"
_OTHERS = (
    r"(?:发布|发表|更新|录入|添加|上传)?(?:时\s?间|日\s?期)|责任编辑|责\s?编|编\s?辑|审\s?[核稿]|录\s?入|"
    r"(?:点击|浏览|阅读|访问|查看)(?:次数|数|量|率)?|人\s?气|字[体号]|字\s?体|打\s?印|关\s?闭|收\s?藏|"
    r"分\s?享|摄\s?影|视力保护|评\s?论|字号"
)
_ANY_LABEL = rf"(?:{_SOURCE}|{_ISSUER}|{_AUTHOR}|{_OTHERS})"
_LABEL_SEEN = re.compile(rf"{_ANY_LABEL}\s*[:：]|{_OTHERS}")
_END = rf"(?=\s*(?:[{GAP}】\]|｜;；【\[]|$)|\s+{_ANY_LABEL}|{_ANY_LABEL}\s*[:：]|\s+\d{{4}}[-年./])"
_VALUE = (
    rf"\s*[:：]\s*{GAP}?\s*(?!{_ANY_LABEL}\s*[:：])(?P<value>[^{GAP}】\]|｜:：]{{1,60}}?){_END}"
)
# What systems fill in where nobody wrote anything.
_NOBODY = frozenset({"未知", "admin", "administrator", "管理员", "佚名", "无", "暂无", "不详"})
_DIGITS_ONLY = re.compile(r"[\d\s次.:-]*")


@dataclass(frozen=True)
class Byline:
    """What a byline says; `runs` are the pieces it consists of."""

    date: Dated | None = None
    source: str = ""
    author: str = ""
    runs: tuple[Run, ...] = ()


def is_byline(text: str) -> bool:
    """Whether a short line says when, from where or by whom, or offers to print itself."""
    return len(text) <= 200 and (has_date(text) or _LABEL_SEEN.search(text) is not None)


def names_itself(text: str) -> bool:
    """Whether a line is surely a byline: a label with a colon, and a date or another label."""
    labels = len(re.findall(rf"{_ANY_LABEL}\s*[:：]", text))
    return labels + has_date(text) > 1 and labels > 0 and "。" not in text


def read_byline(runs: Sequence[Run], zone: tzinfo) -> Byline:
    """Read the runs that stand where a byline stands; they may hold none."""
    text = GAP.join(run.text for run in runs)
    spaced = text.replace(GAP, " ")
    date = labelled_date(spaced, zone) or first_date(spaced, zone)
    source = _value(_SOURCE, text) or _value(_ISSUER, text)
    told = tuple(run for run in runs if is_byline(run.text) or run.text == source)
    return Byline(date, source or _unlabelled(runs), _value(_AUTHOR, text), told)


def _value(label: str, text: str) -> str:
    match = re.search(rf"(?:{label}){_VALUE}", text, re.IGNORECASE)
    value = match["value"].strip(" 　,，、（(") if match else ""
    says_nothing = _DIGITS_ONLY.fullmatch(value) or _is_label(value) or value in _NOBODY
    return "" if says_nothing else value


def _is_label(value: str) -> bool:
    return re.fullmatch(_ANY_LABEL, value) is not None


def _unlabelled(runs: Sequence[Run]) -> str:
    """Behind a bare date: ``2020-12-01  县教育局``, where the template names nothing."""
    for run in runs:
        if has_date(run.text) and not _LABEL_SEEN.search(run.text):
            rest = without_dates(run.text).strip(" :|-·　")
            if 2 <= len(rest) <= 40 and re.search(r"[\u4e00-\u9fff]{2}", rest):
                return rest
    return ""
