"""What differs between two editions, in all that a signature covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hosting.console.differences import Paragraph, compare
from hosting.console.language import say
from hosting.runtime.clock import local
from hosting.runtime.language import N_
from tenants.content.facts import Attachment, EditionFacts
from tenants.workspace.reading import readable

Attachments = tuple[Attachment, ...]

_REPLACED = N_("［文件已更换］")

FIELDS: Mapping[str, str] = {
    "title": N_("标题"),
    "subtitle": N_("副标题"),
    "column_id": N_("所属栏目"),
    "extra_column_ids": N_("同时显示在"),
    "summary": N_("摘要"),
    "keywords": N_("关键词"),
    "source_name": N_("来源"),
    "source_url": N_("来源网址"),
    "author": N_("作者"),
    "original_date": N_("原始日期"),
    "original_date_source": N_("日期出处"),
    "publish_at": N_("定时发布"),
    "withdraw_at": N_("定时撤稿"),
    "doc_number": N_("发文字号"),
    "index_no": N_("索引号"),
    "issuing_body": N_("发文机关"),
    "theme_class": N_("主题分类"),
    "formed_date": N_("成文日期"),
    "effective_date": N_("施行日期"),
    "valid_until": N_("有效期至"),
    "validity": N_("有效性"),
    "lost_attachments": N_("缺失的附件"),
    "translation_of_id": N_("原文"),
}
"""Labels of an edition's facts, in the order in which people read them."""


@dataclass(frozen=True)
class Change:
    """One thing that differs: a field's two values, or paragraphs of a longer text."""

    label: str
    before: str = ""
    after: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Names:
    """What ids and instants are called: columns by id, and the zone of the clock here.

    `originals` are the titles of what translations name, by item id.
    """

    columns: Mapping[int, str]
    zone: ZoneInfo
    originals: Mapping[int, str] = field(default_factory=dict)


def changes_between(before: EditionFacts, after: EditionFacts, names: Names) -> list[Change]:
    """All that differs, fields first, then the text, then the attachments; [] when nothing does."""
    return [
        *_fields(before, after, names),
        *_text(before.body_html, after.body_html),
        *_attachments(before.attachments, after.attachments),
    ]


def said(facts: EditionFacts, field: str, names: Names) -> str:
    """A fact as people read it; "" where nothing was said."""
    value = getattr(facts, field)
    if field == "column_id":
        return names.columns.get(value, "")
    if field == "extra_column_ids":
        return say(N_("、")).join(names.columns.get(each, "") for each in value)
    if field == "translation_of_id":
        return names.originals.get(value, str(value or ""))
    if field == "lost_attachments":
        return say(N_("、")).join(value)
    if isinstance(value, datetime):
        return f"{local(value, names.zone):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _fields(before: EditionFacts, after: EditionFacts, names: Names) -> Iterator[Change]:
    for name, label in FIELDS.items():
        if getattr(before, name) == getattr(after, name):
            continue
        old, new = said(before, name, names), said(after, name, names)
        if name in ("title", "subtitle", "summary") and old and new:
            yield Change(label, paragraphs=tuple(compare(old, new)))
        else:
            yield Change(label, old, new)


def _text(before: str, after: str) -> Iterator[Change]:
    if before == after:
        return
    paragraphs = tuple(compare(readable(before), readable(after)))
    note = (
        ""
        if paragraphs
        else N_("文字、链接和图片未变，仅版式（对齐、缩进、表格、标题级别等）有调整")
    )
    yield Change(N_("正文"), paragraphs=paragraphs, note=note)


def _attachments(before: Attachments, after: Attachments) -> Iterator[Change]:
    if before != after:
        files = {each.name: each.asset_id for each in before}
        old, new = _lines(before, files), _lines(after, files)
        yield Change(N_("附件"), paragraphs=tuple(compare(old, new)))


def _lines(attachments: Attachments, files: Mapping[str, int]) -> str:
    """A line for each; an old name over another file is told apart from the old file."""
    return "\n".join(
        f"{place}. {each.name}"
        + ("" if files.get(each.name, each.asset_id) == each.asset_id else say(_REPLACED))
        for place, each in enumerate(attachments, 1)
    )
