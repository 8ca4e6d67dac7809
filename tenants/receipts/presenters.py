"""What a receipt says, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus

from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from tenants.receipts.judging import (
    ADDRESS,
    LEFT,
    NOT_GONE,
    SILENT,
    STAYS,
    STILL_THERE,
    TAKEN,
    TITLE,
    UNANSWERED,
)
from tenants.receipts.models import CLEAN, SUPERSEDED
from tenants.receipts.models import LEFT as SOMETHING_LEFT
from tenants.receipts.sealing import CHECKING, UNCHECKED

_FINDINGS: Mapping[str, str] = {
    CHECKING: N_("正在核查"),
    UNCHECKED: N_("尚未核查"),
    CLEAN: N_("已核查无残留"),
    SOMETHING_LEFT: N_("仍有残留"),
    SUPERSEDED: N_("稿件已重新公开，未再核查"),
}
_VERDICTS: Mapping[str, str] = {
    TAKEN: N_("已撤除"),
    SILENT: N_("无残留"),
    STAYS: N_("予以保留"),
    LEFT: N_("有残留"),
    UNANSWERED: N_("未能核查"),
}
_REASONS: Mapping[str, str] = {
    STILL_THERE: N_("内容仍可打开"),
    NOT_GONE: N_("应提示内容已删除，实际未提示"),
    ADDRESS: N_("页面中仍有指向本稿的链接"),
    TITLE: N_("页面中仍有本稿标题的链接"),
    "shown_by": N_("另有公开稿件正在使用：{by}"),
    "written_in": N_("正文中人工加入的链接，打开即提示内容已删除"),
}
_OTHER_KIND = N_("其他位置")


@dataclass(frozen=True)
class PlaceWords:
    """One place in words; `kind`, `verdict` and `why` are msgids, `by` a fact for the last."""

    kind: str
    address: str
    verdict: str
    why: str
    by: str


def finding_words(state: str) -> str:
    """The msgid of what a receipt says, or of there being none yet."""
    return _FINDINGS[state]


def place_words(runtime: Runtime, place: Mapping[str, Any]) -> PlaceWords:
    """A place of a receipt, named as the areas name it; of one that is gone by now, in general."""
    labels: dict[str, str] = {}
    for area in runtime.areas:
        for trace in area.traces:
            labels.update(trace.labels)
    path, mark, query = place["path"].partition("?")
    address = place["host"] + unquote(path) + mark + unquote_plus(query)
    server = place.get("server")
    return PlaceWords(
        labels.get(place["kind"], _OTHER_KIND),
        f"{address} ({server})" if server else address,
        _VERDICTS[place["verdict"]],
        _REASONS.get(place.get("why", ""), ""),
        place.get("by", ""),
    )
