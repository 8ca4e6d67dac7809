"""Breadcrumbs: 当前位置：首页 > 政务公开 > 通知公告 > 正文."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrations.legacy.reading.documents import Element, inline_text_of, text_of
from migrations.legacy.reading.references import base_of
from migrations.legacy.reading.sheets import Sheet, block_of
from migrations.legacy.reading.titles import bare
from migrations.legacy.sources.addresses import ReferenceKind, resolve

_MARK = re.compile(
    r"(?:当前|现在|所在|您的|你的|目前)[的]?(?:所在)?(?:位置|页面|栏目)|您现在位于|位\s?置\s*[:：]"
)
_BETWEEN = re.compile(r"\s*(?:[-－—=]*[>＞»›→]+|/|＼|\\|\||::|·|--+|&gt;?)\s*")
_HOME = re.compile(r".{0,12}(?:首\s*页|主\s*页)|home|.{2,20}网站?", re.IGNORECASE)
_ARTICLE_TAIL = re.compile(
    r"(?:文章|新闻|信息|内容)?(?:正文|详情|详细(?:信息|内容)?|内容|阅读|浏览|查看)(?:页)?"
)
_LIST_TAIL = re.compile(r"(?:文章|新闻|信息)?列表(?:页)?")
_LIMIT = 240


@dataclass(frozen=True)
class Trail:
    """The columns above a page, from the top; `tail` is article or list where it is said."""

    names: tuple[str, ...] = ()
    addresses: tuple[str | None, ...] = ()
    tail: str = ""


def find_trail(sheet: Sheet, host: str | None) -> Trail:
    """The page's breadcrumbs; an empty trail where it has none."""
    for run in sheet.runs:
        if _MARK.search(run.text):
            block = _whole_trail(block_of(run.owner))
            if block is not None:
                return _read(block, base_of(sheet.root, sheet.address, host), host)
    return Trail()


def _whole_trail(block: Element) -> Element | None:
    """The block with the mark, or, where the steps stand in cells beside it, the one around."""
    for _ in range(3):
        text = text_of(block)
        if len(text) > _LIMIT:
            return None
        after = _MARK.split(text)[-1].strip(" :：>")
        if _BETWEEN.search(text) or block.find(".//a") is not None or len(after) > 1:
            return block
        block = block.getparent()
        if block is None:
            return None
    return None


def _read(block: Element, base: str, host: str | None) -> Trail:
    text = _MARK.split(inline_text_of(block))[-1].strip(" :：")
    linked = {}
    for link in block.iter("a"):
        name = bare(inline_text_of(link))
        reference = resolve(base, link.get("href") or "", host)
        linked[name] = reference.address if reference.kind is ReferenceKind.OWN else None
    steps = [part.strip(" 　[]【】") for part in _BETWEEN.split(text)]
    steps = [part for part in steps if part]
    tail = _tail(steps[-1]) if steps else ""
    named = steps[:-1] if tail else steps
    if named and _HOME.fullmatch(named[0]):
        named = named[1:]
    return Trail(tuple(named), tuple(linked.get(bare(step)) for step in named), tail)


def _tail(step: str) -> str:
    if _ARTICLE_TAIL.fullmatch(step):
        return "article"
    return "list" if _LIST_TAIL.fullmatch(step) else ""
