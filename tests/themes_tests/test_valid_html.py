"""Pages are HTML as the standard writes it, and name nothing outside themselves to be loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import html5lib
import pytest

from parts.specimens.pages import pages
from themes.contract import PageView
from themes.registry import theme_names
from themes.renderer import render

CASES = [(theme, kind) for theme in theme_names() for kind in pages(theme)]
REFERENCES = ("aria-labelledby", "aria-describedby", "for")
LOADS = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}
LOADING_RELATIONS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"}


def page(theme: str, kind: str) -> tuple[PageView, Any]:
    view = pages(theme)[kind]
    # strict: any parse error of the HTML standard is raised.
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return view, parser.parse(render(theme, view))


@pytest.mark.parametrize(("theme", "kind"), CASES)
def test_a_page_parses_without_error(theme: str, kind: str) -> None:
    page(theme, kind)


@pytest.mark.parametrize(("theme", "kind"), CASES)
def test_names_within_a_page_are_unique_and_lead_somewhere(theme: str, kind: str) -> None:
    _, document = page(theme, kind)
    ids = Counter(e.get("id") for e in document.iter() if e.get("id"))
    wanted = {word for e in document.iter() for n in REFERENCES for word in e.get(n, "").split()}
    anchors = {e.get("href")[1:] for e in document.iter("a") if e.get("href", "").startswith("#")}

    assert set(ids.values()) == {1}
    assert wanted | anchors <= ids.keys()


@pytest.mark.parametrize(("theme", "kind"), CASES)
def test_a_page_has_one_title_one_main_part_and_headings_in_order(theme: str, kind: str) -> None:
    _, document = page(theme, kind)
    levels = [int(e.tag[1]) for e in document.iter() if e.tag in {"h1", "h2", "h3", "h4"}]

    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(list(document.iter("main"))) == 1
    assert document.find("head/title").text.strip()


@pytest.mark.parametrize(("theme", "kind"), CASES)
def test_a_page_loads_nothing_from_elsewhere(theme: str, kind: str) -> None:
    _, document = page(theme, kind)

    assert [address for address in loaded(document) if not address.startswith("/")] == []


def loaded(document: Any) -> Iterator[str]:
    for tag, attribute in LOADS.items():
        yield from (e.get(attribute) for e in document.iter(tag) if e.get(attribute))
    for link in document.iter("link"):
        if set(link.get("rel", "").split()) & LOADING_RELATIONS:
            yield link.get("href")


@pytest.mark.parametrize(("theme", "kind"), CASES)
def test_every_link_leads_somewhere_and_has_words(theme: str, kind: str) -> None:
    _, document = page(theme, kind)
    silent = [
        html5lib.serialize(link)
        for link in document.iter("a")
        if not link.get("href") or not (words(link) or link.get("aria-hidden"))
    ]

    assert silent == []


def words(element: Any) -> str:
    pictures = "".join(image.get("alt", "") for image in element.iter("img"))
    return "".join(element.itertext()).strip() + pictures
