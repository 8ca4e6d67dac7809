"""The table above a document that is published by law: 索引号, 文号, 发文机关, 成文日期, 有效性."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from migrations.legacy.reading.bylines import GAP
from migrations.legacy.reading.dates import Dated, first_date
from migrations.legacy.reading.sheets import Run

_LABELS = {
    "index_no": ["信息索引号", "索引号", "索取号"],
    "doc_number": ["发文字号", "发文文号", "发布文号", "文件编号", "文号"],
    "issuing_body": ["发文机关", "发文机构", "发文单位", "发布机构", "发布机关", "制发机关"],
    "theme_class": ["主题分类", "主题类别", "信息分类"],
    "validity": ["有效性", "效力状态", "文件状态", "是否有效", "时效性"],
    "formed": ["成文日期", "成文时间", "生成日期", "发文日期", "发文时间"],
    "effective": ["生效日期", "实施日期", "施行日期", "生效时间"],
    "published": ["发布日期", "公开日期", "发布时间", "公开时间"],
}
_DATES = frozenset(["formed", "effective", "published"])
# At least one of these and another: a single word with a colon stands in texts too.
_TELLING = frozenset(["index_no", "doc_number", "formed"])
_FIELD_OF = {label: name for name, labels in _LABELS.items() for label in labels}
_ANY = "|".join(r"\s*".join(label) for label in sorted(_FIELD_OF, key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:^|(?<=[{GAP}\s]))[\[【（(]?\s*(?P<label>{_ANY})\s*[\]】）)]?\s*"
    rf"(?:[:：]\s*{GAP}?|[\]】）)]?{GAP})\s*[:：]?\s*"
)
# The table stands at the head of a page, among what its template says.
_LONGEST = 20000
_LONGEST_VALUE = 120
_NO_VALUE = re.compile(r"[\s/／—_-]*|无|暂无|.*[:：]")
_VALIDITIES = {
    "有效": re.compile(r"(?:现行)?有效|是"),
    "失效": re.compile(r"已?失效|无效|否"),
    "废止": re.compile(r"已?废止"),
    "修改": re.compile(r"已?(?:被)?修[改订]"),
}


@dataclass(frozen=True)
class DocumentHeader:
    """What the table says: words by the names of an edition's facts, and dates."""

    words: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, Dated] = field(default_factory=dict)


def read_header(runs: Sequence[Run], zone: tzinfo) -> DocumentHeader | None:
    """The header among these runs; None where they hold none."""
    text = GAP.join(run.text for run in runs if not run.linked)[:_LONGEST]
    found: dict[str, str] = {}
    places = list(_LABEL.finditer(text))
    ends = [*(match.start() for match in places[1:]), len(text)][: len(places)]
    for match, end in zip(places, ends, strict=True):
        value = text[match.end() : max(end, match.end())].split(GAP, 1)[0].strip()
        name = _FIELD_OF[re.sub(r"\s", "", match["label"])]
        if len(value) <= _LONGEST_VALUE and not _NO_VALUE.fullmatch(value):
            found.setdefault(name, value)
    if len(found) < 2 or not found.keys() & _TELLING:
        return None
    dates = {name: first_date(found[name], zone) for name in found.keys() & _DATES}
    words = {name: value for name, value in found.items() if name not in _DATES}
    words["validity"] = _validity(words.get("validity", ""))
    kept = {name: date for name, date in sorted(dates.items()) if date is not None}
    return DocumentHeader({name: word for name, word in words.items() if word}, kept)


def _validity(written: str) -> str:
    return next((name for name, one in _VALIDITIES.items() if one.fullmatch(written)), "")
