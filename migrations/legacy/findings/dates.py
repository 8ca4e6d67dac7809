"""Dates of publication that cannot be, or that contradict each other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from migrations.legacy.findings.finding import Finding
from migrations.legacy.reading.dates import Dated, chinese_date, date_in_address, first_date
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.kinds import address_shape
from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.sites import Site

# China's first full connection to the internet was opened on 1994-04-20 (CNNIC's chronicle).
_FIRST_YEAR = 1994
_SERIAL = re.compile(r"(\d+)\D*$")
# Fewer numbered pages show no order; and where more than this share is out of it, there is none.
_NUMBERED = 8
_DISORDER = 0.1
_OUT_OF_ORDER = timedelta(days=180)
_SAME_DAY = timedelta(days=1)
# Documents are dated when they are signed and go out some days later, seldom earlier.
_SIGNED_LATER = timedelta(days=3)
_REVISED = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*\d{1,2}\s*日)?\s*(?:修订|修正|修改|印发|发布|通过|公布|更新)"
)
# Dates from which something is in force, or by which it must be done: not those of a signature.
_DAY = r"[\d〇○零一二三四五六七八九十年月日./\s-]{6,24}"
_NOT_SIGNED = re.compile(
    rf"(?:自|从|于|至|到|在|截至|截止)\s*{_DAY}|{_DAY}(?:起|止|前|之前|以前|施行|实施|生效)"
)


def impossible(site: Site, today: datetime) -> Iterator[Finding]:
    """Articles with no date, a future one, or one older than the country's internet."""
    for page in site.of_kind(Kind.ARTICLE):
        if page.date is None:
            yield Finding("date_missing", page.address, "", page.title)
        elif page.date.at > today + _SAME_DAY:
            yield Finding("date_future", page.address, _day(page.date), page.title)
        elif page.date.at.year < _FIRST_YEAR:
            yield Finding("date_doubtful", page.address, _day(page.date), page.title)


def against_content(site: Site) -> Iterator[Finding]:
    """Articles dated earlier than what they say, or sign, of themselves."""
    for page in site.of_kind(Kind.ARTICLE):
        said = _said(page, site) if page.date else None
        if said is not None and page.date is not None:
            evidence = f"{page.date.written} ← {said.written}"
            yield Finding("date_before_content", page.address, _day(page.date), evidence)


def _said(page: Page, site: Site) -> Dated | None:
    """A date in the title, or at the end as a signature, that is later than that of publication."""
    if page.date is None:
        return None
    revised = _REVISED.search(page.title)
    if revised:
        first = datetime(int(revised["year"]), max(1, int(revised["month"])), 1, tzinfo=site.zone)
        if first > page.date.at + _OUT_OF_ORDER:
            return Dated(first, revised[0])
    end = _NOT_SIGNED.sub("", page.text[-120:])[-40:]
    signed = first_date(end, site.zone) or chinese_date(end, site.zone)
    return signed if signed and signed.at > page.date.at + _SIGNED_LATER else None


def against_each_other(site: Site) -> Iterator[Finding]:
    """Pages whose address or list gives another day than they do."""
    listed: dict[str, Dated] = {}
    for page in site.of_kind(Kind.LIST):
        for entry in page.entries:
            target = None if entry.dead else site.book.find_folded(entry.reference.address)
            if target and entry.date:
                listed.setdefault(target, entry.date)
    for page in site.of_kind(Kind.ARTICLE):
        if page.date is not None:
            others = (("list", listed.get(page.address)), ("address", _of_address(page, site)))
            told = [
                f"{name}: {_day(other)}"
                for name, other in others
                if other and abs(other.at - page.date.at) > _SAME_DAY
            ]
            if told:
                evidence = f"{page.date_source}: {_day(page.date)} · " + " · ".join(told)
                yield Finding("date_conflict", page.address, _day(page.date), evidence)


def _of_address(page: Page, site: Site) -> Dated | None:
    return date_in_address(page.address, site.zone)


def out_of_order(site: Site) -> Iterator[Finding]:
    """Pages numbered as they were written, whose date is far from their neighbours'."""
    groups: dict[str, list[tuple[int, Page]]] = defaultdict(list)
    for page in site.of_kind(Kind.ARTICLE):
        serial = _SERIAL.search(page.address)
        if page.date is not None and serial and len(serial[1]) <= 9:
            groups[address_shape(page.address)].append((int(serial[1]), page))
    for numbered in groups.values():
        numbered.sort(key=lambda one: (one[0], one[1].address))
        yield from _strangers(numbered)


def _strangers(numbered: list[tuple[int, Page]]) -> Iterator[Finding]:
    days = [page.date.at for _, page in numbered if page.date]
    kept = set(longest_order(days))
    out = [place for place in range(len(days)) if place not in kept]
    if len(days) < _NUMBERED or len(out) > len(days) * _DISORDER:
        return
    for place in out:
        before = max((one for one in kept if one < place), default=None)
        after = min((one for one in kept if one > place), default=None)
        near = [one for one in (before, after) if one is not None]
        if all(abs(days[one] - days[place]) > _OUT_OF_ORDER for one in near):
            told = " · ".join(f"{numbered[one][0]}: {days[one]:%Y-%m-%d}" for one in near)
            serial, page = numbered[place]
            yield Finding(
                "date_out_of_order",
                page.address,
                f"{days[place]:%Y-%m-%d}",
                f"{serial}: {days[place]:%Y-%m-%d} ↔ {told}",
            )


def longest_order(days: list[datetime]) -> list[int]:
    """Places of the longest run, not necessarily unbroken, in which no day goes back."""
    ends: list[datetime] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, day in enumerate(days):
        length = bisect_right(ends, day)
        ends[length : length + 1] = [day]
        places[length : length + 1] = [place]
        before.append(places[length - 1] if length else None)
    found: list[int] = []
    last = places[-1] if places else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


def _day(dated: Dated) -> str:
    return f"{dated.at:%Y-%m-%d}"
