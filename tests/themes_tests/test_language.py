"""A foreign-language site speaks its language throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hosting.runtime import language
from parts.specimens.pages import LIST, SEARCH
from parts.specimens.sites import CITY, ENGLISH
from themes import renderer
from themes.area import area
from themes.banners import WORDS
from themes.contract import (
    Banner,
    CleanHtml,
    HomeView,
    ItemView,
    ListEntry,
    MessageView,
    PageView,
    Translation,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COLUMN = replace(
    LIST.column,
    name="Regulations",
    path="/law/",
    description="Regulations in force.",
    keywords="law",
    breadcrumbs=(),
    siblings=(),
)
LINE = ListEntry(title="Rules on parks", path="/art/1.html", date="2025-04-01", validity="repealed")
NO_MARKS = replace(CITY.marks, icp_number="", police_number="")
BANNERS = tuple(Banner(title="Storm", level=level, path="/law/") for level in WORDS)
SITE = replace(ENGLISH, marks=NO_MARKS, languages=(), banners=BANNERS)


@pytest.fixture(autouse=True)
def english(tmp_path: Path) -> Iterator[None]:
    """The themes' English catalogue, compiled from its source."""
    assert area.translations
    source = area.translations / "en" / "LC_MESSAGES" / "messages.po"
    compiled = tmp_path / "en" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with source.open("rb") as readable, compiled.open("wb") as binary:
        write_mo(binary, read_po(readable, locale="en"))
    before = list(language._directories)
    language.use_catalogues([tmp_path])
    renderer._chrome.cache_clear()
    yield
    language.use_catalogues(before)
    renderer._chrome.cache_clear()


VIEWS: dict[str, PageView] = {
    "home": HomeView(site=SITE, column=replace(COLUMN, name="Home", path="/")),
    "list": replace(LIST, site=SITE, column=COLUMN, entries=(LINE,)),
    "search": replace(SEARCH, site=SITE, query="park", results=()),
    "message": MessageView(site=SITE, reason="gone"),
    "item": ItemView(
        site=SITE,
        column=COLUMN,
        path="/art/1.html",
        title="Rules on parks",
        pub_date="2025-04-01 09:00",
        source="Yunxi",
        body=CleanHtml("<p>Parks are open.</p>"),
        alternates=(Translation("Chinese", "zh-CN", "http://www.a.cn/a"),),
        register_number="2025-1",
    ),
}


@pytest.mark.parametrize("kind", VIEWS)
def test_an_english_page_has_no_chinese_but_the_columns_type(kind: str) -> None:
    page = renderer.render("city", VIEWS[kind]).decode()
    shown = page.replace('content="政策文件"', "")

    assert 'lang="en"' in page
    assert CHINESE.findall(shown) == []


def test_facts_stand_in_their_places_in_english() -> None:
    page = renderer.render("city", VIEWS["search"])

    text = "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())
    assert "Nothing was found for “park”" in text


@pytest.mark.parametrize("locale", ["zh-CN", "zh_Hans_CN", "zh"])
def test_chinese_is_the_source_however_the_locale_is_written(locale: str) -> None:
    page = renderer.render("city", replace(LIST, site=replace(CITY, locale=locale))).decode()

    assert "站点地图" in page
    assert '<html lang="zh' in page
