"""What only a look at the whole site shows: copies, strays, and pages that differ from the rest."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from migrations.legacy.findings.finding import Finding
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.sites import Site
from migrations.legacy.reading.titles import bare

_TELLING = 50
# Telephone and licence numbers; the years of a copyright line are none.
_NUMBERED = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[-\s]?(?:19|20)\d\d(?!\d))\d(?:[-\s]?\d){6,}")
_ALIKE = 0.75
_LEFT_OUT = 0.25
_LINE = 200
_MIN_NAME = 3


def homes(site: Site) -> Iterator[Finding]:
    """Other versions of the home page, or none at all."""
    root = next((page for page in site.of_kind(Kind.HOME) if page.variant_of is None), None)
    if root is None or "/" not in {root.address, *root.aliases}:
        yield Finding("home_missing", "/", "/", "")
    for page in site.of_kind(Kind.HOME):
        if root is not None and page is not root:
            yield Finding("duplicate_home", page.address, root.address, page.raw_title)


def articles(site: Site) -> Iterator[Finding]:
    """Articles with the same text; the first of them is the target."""
    groups: dict[str, list[Page]] = defaultdict(list)
    for page in site.of_kind(Kind.ARTICLE):
        if len(page.text) >= _TELLING:
            groups[bare(page.text)].append(page)
    for same in groups.values():
        for page in same[1:]:
            yield Finding("duplicate_article", page.address, same[0].address, page.title)


def orphans(site: Site) -> Iterator[Finding]:
    for page in site.of_kind(Kind.ARTICLE):
        if page.address not in site.linked:
            yield Finding("orphan", page.address, "", page.title)


def unlisted(site: Site) -> Iterator[Finding]:
    """Articles that their column's list leaves out, where it shows nearly all the others."""
    shown: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
    for page in site.of_kind(Kind.LIST):
        found = (
            site.book.find_folded(one.reference.address) for one in page.entries if not one.dead
        )
        shown[page.column].update(found)
    columns: dict[tuple[str, ...], list[Page]] = defaultdict(list)
    for page in site.of_kind(Kind.ARTICLE):
        if page.column in shown and page.column:
            columns[page.column].append(page)
    for column, pages in columns.items():
        left_out = [page for page in pages if page.address not in shown[column]]
        if len(left_out) <= len(pages) * _LEFT_OUT:
            for page in left_out:
                if page.address in site.linked:
                    yield Finding("unlisted", page.address, "/".join(column), page.title)


def names(site: Site) -> Iterator[Finding]:
    """Columns that links call by a name with one character changed (成果集翠 for 成果集萃)."""
    for address, counts in sorted(site.called.items()):
        usual = counts.most_common(1)[0][0]
        page = site.pages.get(address)
        for name, count in sorted(counts.items()):
            alike = len(name) == len(usual) >= _MIN_NAME and _differences(name, usual) == 1
            if alike and page is not None and page.kind is Kind.LIST:
                yield Finding("name_differs", address, name, f"{name} ×{count} ≠ {usual}")


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def contacts(site: Site) -> Iterator[Finding]:
    """Telephone and licence numbers that the home page gives otherwise than the other pages do."""
    lines = Counter(
        run.text
        for page in site.markup()
        for run in {run.text: run for run in site.shelf.sheet(page.address).runs}.values()
        if len(run.text) < _LINE and _NUMBERED.search(run.text)
    )
    usual = [text for text, count in lines.items() if count * 2 >= len(site.markup()) > 2]
    for home in site.of_kind(Kind.HOME):
        for run in site.shelf.sheet(home.address).runs:
            if run.text in lines and run.text not in usual:
                yield from _contradicts(home.address, run.text, usual)


def _contradicts(address: str, text: str, usual: list[str]) -> Iterator[Finding]:
    for other in usual:
        numbers, others = (set(_NUMBERED.findall(one)) for one in (text, other))
        likeness = SequenceMatcher(None, text, other).ratio()
        if numbers and numbers != others and likeness >= _ALIKE:
            yield Finding("contact_differs", address, text, f"{text} ≠ {other}")
