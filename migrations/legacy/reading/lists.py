"""Lists of links with dates: what a column page consists of, and how its pages hang together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import tzinfo

from migrations.legacy.reading.dates import Dated, first_date, without_outer_dates
from migrations.legacy.reading.documents import Element, text_of
from migrations.legacy.reading.references import base_of, link_text
from migrations.legacy.reading.sheets import Sheet, block_of
from migrations.legacy.sources.addresses import Reference, ReferenceKind, resolve

_ROWS = frozenset({"li", "tr", "dd", "dl", "p", "div", "td"})
_PAGER = re.compile(
    r"上一?页|下一?页|尾\s?页|末\s?页|首\s?页|第?\s*\d{1,4}\s*页?|共.{0,12}页|转到|prev(?:ious)?|next|[<>«»‹›.]{1,3}",
    re.IGNORECASE,
)
_MORE = re.compile(r"更多|more|查看全部|全部|>>|详情|\[?详细\]?|点击查看|阅读全文", re.IGNORECASE)
_SHORTEST = 4
_ROW_LIMIT = 400


@dataclass(frozen=True)
class Entry:
    """One line of a list: what it leads to, if anything, and its date."""

    reference: Reference
    text: str
    date: Dated | None

    @property
    def dead(self) -> bool:
        return self.reference.kind is ReferenceKind.DEAD


def entries(sheet: Sheet, *, chrome: Set[int], host: str | None, zone: tzinfo) -> list[Entry]:
    """The page's own lines of links, in order; menus and pagers are none."""
    base = base_of(sheet.root, sheet.address, host)
    found: list[Entry] = []
    for link in _lines(sheet, sheet.body, chrome):
        text = link_text(link)
        reference = resolve(base, link.get("href"), host)
        if reference.kind in {ReferenceKind.OWN, ReferenceKind.DEAD}:
            found.append(Entry(reference, without_outer_dates(text), _date_beside(link, zone)))
    return found


def lines_in(sheet: Sheet, place: Element, chrome: Set[int]) -> int:
    """How many lines of links stand in a part of the page."""
    return sum(1 for _ in _lines(sheet, place, chrome))


def _lines(sheet: Sheet, place: Element, chrome: Set[int]) -> Iterator[Element]:
    for link in place.iter("a"):
        text = link_text(link)
        if link.get("href") is None or len(text) < _SHORTEST or sheet.is_repeated(link, chrome):
            continue
        if not (_PAGER.fullmatch(text) or _MORE.fullmatch(text)):
            yield link


def _date_beside(link: Element, zone: tzinfo) -> Dated | None:
    """The date in the link's own row, within or beside it."""
    row = block_of(link)
    while row is not None and row.tag in _ROWS:
        text = text_of(row)
        if len(text) > _ROW_LIMIT or _links_in(row) > 2:
            return None
        date = first_date(text, zone)
        if date is not None:
            return date
        row = row.getparent()
    return None


def _links_in(row: Element) -> int:
    return sum(1 for link in row.iter("a") if len(link_text(link)) >= _SHORTEST)


def pager_links(sheet: Sheet, host: str | None) -> list[Reference]:
    """Links that turn the pages of a list: numbers and 上一页, 下一页, 尾页."""
    base = base_of(sheet.root, sheet.address, host)
    found = []
    for link in sheet.body.iter("a"):
        text = link_text(link)
        if text and _PAGER.fullmatch(text) and not text.startswith("首"):
            found.append(resolve(base, link.get("href") or "", host))
    return [one for one in found if one.kind is ReferenceKind.OWN]
