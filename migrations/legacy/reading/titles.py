"""A page's title: what it is headed with, once the site's own name is taken off."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from itertools import islice

from migrations.legacy.reading.bylines import names_itself
from migrations.legacy.reading.documents import (
    BLOCKS,
    Element,
    inline_text_of,
    is_tag,
    metas,
    raw_title,
)
from migrations.legacy.reading.sheets import Sheet, block_of

_SEPARATOR = re.compile(r"\s*(?:[_|｜»›>·]|-{1,3}|—{1,2}|–|－)\s*")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_TITLE_NAME = re.compile(
    r"(?:^|[._-])(?:\w*title\w*|\w*tit|bt|biaoti|headline|subhead)(?:$|[._-])", re.IGNORECASE
)
_META_TITLES = ("articletitle", "og:title", "dc.title", "headline")
_LONGEST = 200
_MIN_HEADING = 4
# Elements within a heading: a word processor makes some, a table of links makes more.
_MOST_BELOW = 20
# How many of its own pieces a page may have between title and byline.
_NEAR = 3
_SHORTEST = 2
# A raw title that this many pages carry says the site's name, not theirs.
_WORN = 3
# Of all pages: a part of the title that so many share is the site's.
_SITE_SHARE = 0.3


@dataclass(frozen=True)
class Title:
    """`source` is meta, heading, title or none; `element` is where the page shows it."""

    text: str
    source: str
    element: Element | None = None


@dataclass(frozen=True)
class TitleHabits:
    """How a site writes its title tags: parts that belong to the site, and worn-out titles."""

    site_parts: frozenset[str]
    worn: frozenset[str]

    def joined(self, other: TitleHabits) -> TitleHabits:
        """These habits with those of a part of the site."""
        return TitleHabits(self.site_parts | other.site_parts, self.worn)

    def is_site_part(self, part: str, columns: Collection[str]) -> bool:
        return part in self.site_parts or part in columns


def bare(text: str) -> str:
    """A title for comparing: without spaces, width and case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def learn_habits(raw_titles: Iterable[str]) -> TitleHabits:
    titles = [title for title in raw_titles if title]
    parts = Counter(part for title in titles for part in set(_SEPARATOR.split(title)) if part)
    needed = max(_WORN, len(titles) * _SITE_SHARE)
    worn = Counter(titles)
    return TitleHabits(
        frozenset(part for part, count in parts.items() if count >= needed),
        frozenset(title for title, count in worn.items() if count >= _WORN),
    )


def find_title(
    sheet: Sheet, habits: TitleHabits, *, columns: Collection[str], chrome: Set[int]
) -> Title:
    """The page's own title; `columns` are known column names, `chrome` hashes of repeated texts."""
    raw = raw_title(sheet.root)
    said = next(filter(None, map(metas(sheet.root).get, _META_TITLES[:1])), "")
    shown = _shown(sheet)
    if said:
        return Title(said, "meta", shown.get(bare(said)))
    for candidate in candidates(raw, habits, columns):
        element = shown.get(bare(candidate))
        if element is None or candidate in habits.site_parts:
            continue
        if not sheet.is_repeated(element, chrome) or _is_heading(element):
            return Title(candidate, "heading", element)
    stripped = without_site_parts(raw, habits, columns)
    heading = _heading(sheet, stripped if raw not in habits.worn else "", chrome)
    heading = _above_byline(sheet, chrome) if heading is None else heading
    usable = bool(stripped) and raw not in habits.worn
    if heading is None:
        return Title(stripped, "title" if usable else "none")
    text = inline_text_of(heading)
    # A heading in two lines is found by its second; the title tag has both.
    whole = usable and bare(text) in bare(stripped)
    return Title(stripped, "title", heading) if whole else Title(text, "heading", heading)


def _above_byline(sheet: Sheet, chrome: Set[int]) -> Element | None:
    """The page's own line right above its byline: old pages head their texts with a table cell."""
    own = [run for run in sheet.runs if run.key not in chrome or names_itself(run.text)]
    for place, run in enumerate(own):
        byline = block_of(run.owner)
        if not names_itself(inline_text_of(byline)):
            continue
        for above in reversed(own[max(0, place - _NEAR) : place]):
            block = block_of(above.owner)
            text = inline_text_of(block)
            if block is not byline and _MIN_HEADING <= len(text) <= _LONGEST and not above.linked:
                return block
        return None
    return None


def candidates(raw: str, habits: TitleHabits, columns: Collection[str]) -> list[str]:
    """What of a title tag may be the title itself, longest first."""
    stripped = without_site_parts(raw, habits, columns)
    front = _without_front_parts(stripped, habits)
    pieces = [raw, stripped, front, *_prefixes(raw)]
    kept = {piece for piece in pieces if len(piece) >= _SHORTEST}
    return sorted(kept, key=lambda piece: (-len(piece), piece))


def without_site_parts(raw: str, habits: TitleHabits, columns: Collection[str]) -> str:
    """The title tag without the site's and the column's name behind it."""
    title = raw
    while (cut := list(_SEPARATOR.finditer(title))) and habits.is_site_part(
        title[cut[-1].end() :], columns
    ):
        title = title[: cut[-1].start()]
    return title.strip()


def _without_front_parts(title: str, habits: TitleHabits) -> str:
    while (cut := _SEPARATOR.search(title)) and title[: cut.start()] in habits.site_parts:
        title = title[cut.end() :]
    return title


def _prefixes(raw: str) -> list[str]:
    return [raw[: cut.start()].strip() for cut in _SEPARATOR.finditer(raw)]


def _shown(sheet: Sheet) -> dict[str, Element]:
    """Texts that stand by themselves, and where; headings before plain texts."""
    found: dict[str, Element] = {}
    for element in _standing_alone(sheet):
        text = inline_text_of(element)
        if _SHORTEST <= len(text) <= _LONGEST:
            key = bare(text)
            if key not in found or (element.tag in _HEADINGS and found[key].tag not in _HEADINGS):
                found[key] = element
    return found


def _standing_alone(sheet: Sheet) -> Iterable[Element]:
    """Elements with text and no blocks inside, other than links: each text once, outermost."""
    for element in sheet.body.iter():
        if not is_tag(element) or element.tag in {"a", "script", "style", "option", "title"}:
            continue
        below = list(islice(element.iterdescendants(), _MOST_BELOW + 1))
        blocks = any(is_tag(child) and child.tag in BLOCKS for child in below)
        if not blocks and len(below) <= _MOST_BELOW:
            yield element


def _heading(sheet: Sheet, stripped: str, chrome: Set[int]) -> Element | None:
    """A heading that fits the title tag (which may be cut short); without one, the first."""
    wanted = bare(stripped).rstrip(".…")
    for element in sheet.body.iter():
        if not is_tag(element) or not _is_heading(element):
            continue
        text = inline_text_of(element)
        if not _SHORTEST <= len(text) <= _LONGEST or _is_linked(element):
            continue
        if sheet.is_repeated(element, chrome):
            continue
        plain = bare(text)
        if not wanted or plain.startswith(wanted) or (len(plain) > 4 and wanted.startswith(plain)):
            return element
    return None


def _is_heading(element: Element) -> bool:
    if element.tag in _HEADINGS:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return any(_TITLE_NAME.search(name) for name in names.split()) and not any(
        child.tag in BLOCKS for child in element.iter() if is_tag(child) and child is not element
    )


def _is_linked(element: Element) -> bool:
    linked: str = "".join(inline_text_of(link) for link in element.iter("a"))
    return len(linked) * 2 > len(inline_text_of(element))
