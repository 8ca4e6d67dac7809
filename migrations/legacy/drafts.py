"""From what was read of an old page to what an item says here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hosting.runtime.language import N_, text
from migrations.legacy.reading.headers import DocumentHeader
from migrations.legacy.reading.pages import Linked, Page
from migrations.legacy.reading.sites import Site
from migrations.legacy.reading.views import View
from migrations.legacy.rewriting import body_html
from tenants.content.facts import Attachment, EditionFacts
from tenants.content.importing import ImportedItem
from tenants.content.writing import clean_facts

_TITLE, _NAME, _ATTACHMENT_NAME = 200, 100, 200
_DATE_SOURCES = {
    "meta": N_("老网站网页标签 {written}"),
    "page": N_("老网站页面标注“{written}”"),
    "list": N_("老网站列表页标注“{written}”"),
    "address": N_("老网站网址中的日期 {written}"),
}


@dataclass(frozen=True)
class Surroundings:
    """What items refer to: new paths and assets by old address, and how pictures are taken in."""

    targets: Mapping[str, str]
    assets: Mapping[str, int]
    inline: Callable[[str], str | None]


def article_item(
    site: Site, page: Page, external_id: str, *, column_id: int, around: Surroundings
) -> ImportedItem:
    """An article as an item: its text rewritten and cleaned, its files, what it lost."""
    view = View(site, page)
    attachments, lost = _files(page.attachments, around.assets)
    facts = EditionFacts(
        title=_cut(page.title or text(N_("（无标题）{address}"), address=page.address), _TITLE),
        column_id=column_id,
        body_html=body_html(site, view, around.targets, around.inline),
        source_name=_cut(page.source_name, _NAME),
        author=_cut(page.author, _NAME),
        original_date=page.date.at.date() if page.date else None,
        original_date_source=_date_source(page) if page.date else "",
        attachments=attachments,
        lost_attachments=lost,
        **_header(page.header),
    )
    return ImportedItem(external_id, clean_facts(facts), page.address, where=page.address)


def _header(header: DocumentHeader | None) -> dict[str, Any]:
    """What the old page said of a document, as an edition says it."""
    if header is None:
        return {}
    limits = {"doc_number": 80, "index_no": 80, "issuing_body": 200, "theme_class": 80}
    words = {name: _cut(word, limits.get(name, _NAME)) for name, word in header.words.items()}
    dates = {f"{name}_date": one.at.date() for name, one in header.dates.items()}
    dates.pop("published_date", None)
    return {**words, **dates}


def file_item(
    address: str, said: Mapping[str, Any], external_id: str, *, column_id: int, asset_id: int
) -> ImportedItem:
    """A document that a list showed by itself, as an item that consists of it."""
    title = _cut(str(said.get("title") or address), _TITLE)
    facts = EditionFacts(
        title=title,
        column_id=column_id,
        original_date=_day(said.get("date")),
        original_date_source=_sourced("list", str(said.get("date_written", ""))),
        attachments=(Attachment(asset_id, title),),
    )
    return ImportedItem(external_id, clean_facts(facts), address, where=address)


def _files(
    files: tuple[Linked, ...], assets: Mapping[str, int]
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The files that are here, and the names of those that are not, in order."""
    here, lost = [], []
    for one in files:
        name = _cut(one.name, _ATTACHMENT_NAME)
        if one.address is not None and one.address in assets:
            here.append(Attachment(assets[one.address], name))
        else:
            lost.append(name)
    return tuple(here), tuple(lost)


def _date_source(page: Page) -> str:
    written = page.date.written if page.date else ""
    label = f"{page.date.label}：" if page.date and page.date.label else ""
    return _sourced(page.date_source, f"{label}{written}")


def _sourced(source: str, written: str) -> str:
    return text(_DATE_SOURCES[source], written=written)[:_TITLE] if written else ""


def _day(written: object) -> date | None:
    return datetime.fromisoformat(written).date() if isinstance(written, str) else None


def _cut(text_: str, limit: int) -> str:
    plain = " ".join(text_.split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
