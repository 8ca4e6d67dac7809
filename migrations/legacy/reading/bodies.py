"""Where the text of an article stands: found by weight on each page, agreed on among siblings."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from migrations.legacy.reading.bylines import is_byline
from migrations.legacy.reading.documents import Element, is_tag
from migrations.legacy.reading.sheets import Run, Sheet, steps_to, walk

Steps = tuple[str, ...]

# Where there is hardly any text, a picture weighs as much as a paragraph: articles may consist of
# nothing else. Beside text it weighs little: banners that only this page shows are pictures too.
_PICTURE_WEIGHT = 40.0
_PICTURE_BESIDE_TEXT = 8.0
_TEXT_PAGE = 200.0
# Shorter pieces without punctuation are words of menus and tables more often than sentences.
_SENTENCE = 20
_WORDS_SHARE = 0.3
# The part of the page's weight that the next step down must keep.
_KEPT_SHARE = 0.75
# The part of a template's pages that must agree on a step.
_AGREEING_SHARE = 0.6
_PROSE = re.compile(r"[，。；：！？、“”《》,;]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Never gone into: what texts are made of.
_LEAVES = frozenset(
    [
        "p",
        "span",
        "font",
        "b",
        "strong",
        "em",
        "i",
        "u",
        "a",
        "img",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "dl",
        "o:p",
    ]
)
# Names that well-known systems give to the text's own block (TRS, 博达, 大汉, 开普, UCAP …).
_KNOWN = re.compile(
    r"(?:^|[\s._-])(?:trs_(?:uem_)?editor|v_news_content|vsb_content|zoom|zoomcon|ucap-content|ueditor|"
    r"custom_unionstyle|pages_content|article-?content|articlecontent|news-?content|newscontent|"
    r"article-?body|articlebody|xxgk_content|bodylabel|wp_articlecontent|entry-content|artcontent|"
    r"content_text|zwcontent|main-?text|rich_media_content|j-content)(?:$|[\s.])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Weighing:
    """How heavy each element is with the page's own text; those not listed weigh nothing."""

    weights: Mapping[Element, float]
    total: float

    def of(self, element: Element) -> float:
        return self.weights.get(element, 0.0)


def weigh(
    sheet: Sheet,
    *,
    chrome: Collection[int],
    apart: Collection[Run],
    pictures: Collection[Element],
) -> Weighing:
    """Sum up from the leaves: own text counts, links, chrome and `apart` (the title) do not."""
    weights: defaultdict[Element, float] = defaultdict(float)
    aside = {run.order for run in apart}
    for run in sheet.runs:
        if run.order not in aside and run.key not in chrome:
            _add(weights, run.owner, _run_weight(run))
    plain = weights[sheet.body] < _TEXT_PAGE
    for picture in pictures:
        _add(weights, picture, _PICTURE_WEIGHT if plain else _PICTURE_BESIDE_TEXT)
    return Weighing(weights, weights[sheet.body])


def _run_weight(run: Run) -> float:
    if run.linked or _ADDRESS.fullmatch(run.text):
        return 0.0
    if is_byline(run.text) and len(run.text) < 60:
        return 1.0
    # Prose is dense with punctuation, menus have none.
    marks = len(_PROSE.findall(run.text))
    share = 1.0 if marks or len(run.text) >= _SENTENCE else _WORDS_SHARE
    return len(run.text) * share * (1.0 + min(marks, 4) * 0.5)


def _add(weights: defaultdict[Element, float], element: Element, weight: float) -> None:
    while element is not None and weight:
        weights[element] += weight
        element = element.getparent()


def candidate(sheet: Sheet, weighing: Weighing) -> Element | None:
    """The deepest element that holds nearly all of the page's weight; None where it has none."""
    if weighing.total <= 0:
        return None
    place = sheet.body
    while not is_known(place):
        inner = max((one for one in place if is_tag(one)), key=weighing.of, default=None)
        if inner is None or _is_text(inner) or is_data_table(inner):
            break
        if weighing.of(inner) < weighing.of(place) * _KEPT_SHARE:
            known = _known_within(place, weighing)
            return place if known is None else known
        place = inner
    return place


def is_known(element: Element) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return _KNOWN.search(names) is not None


def _is_text(element: Element) -> bool:
    """Whether texts are made of it: not where a layout stands in it, as in ``<font>`` of old."""
    return element.tag in _LEAVES and element.find(".//table") is None


def _known_within(place: Element, weighing: Weighing) -> Element | None:
    half = weighing.of(place) / 2
    return next(
        (e for e in place.iter() if is_tag(e) and is_known(e) and weighing.of(e) > half), None
    )


def is_data_table(element: Element) -> bool:
    """A table of facts, not of layout: rows of several short cells, and no table inside."""
    if element.tag != "table" or element.find(".//table") is not None:
        return False
    full = 0
    for row in element.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"} and cell.text_content().strip()]
        full += len(cells) > 1 and max(len(cell.text_content()) for cell in cells) < 300
    return full >= 3


def agree(pages: Iterable[tuple[Steps, float]]) -> Steps:
    """The way to the text on a template: as deep as most of its pages, by weight, go together.

    A page whose one paragraph led too deep agrees on the steps above it.
    """
    votes: defaultdict[Steps, float] = defaultdict(float)
    total = 0.0
    for steps, weight in pages:
        vote = math.log2(2 + weight)
        total += vote
        for depth in range(len(steps) + 1):
            votes[steps[:depth]] += vote
    agreed = [steps for steps, vote in votes.items() if vote >= total * _AGREEING_SHARE]
    return max(agreed, key=len, default=())


def body_of(sheet: Sheet, weighing: Weighing, agreed: Steps) -> Element | None:
    """The element with the text: where the template has it, unless the weight lies elsewhere."""
    own = candidate(sheet, weighing)
    place = walk(sheet.body, agreed) if agreed else None
    if place is None or own is None:
        return own if place is None else place
    light = weighing.of(place) < weighing.total / 2 and weighing.total >= _PICTURE_WEIGHT
    return own if light else place


def steps_of(sheet: Sheet, element: Element) -> Steps:
    return steps_to(element, sheet.body)
