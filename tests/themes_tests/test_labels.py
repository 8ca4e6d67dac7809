"""National page labels (网页标签规范): on every page those of its level, each exactly once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import html5lib
import pytest

from parts.specimens.items import DOCUMENT_ITEM, NEWS_ITEM
from parts.specimens.pages import pages
from parts.specimens.sites import CITY
from themes.contract import HomeView, ItemView, ListPageView, PageView, SubsiteHomeView
from themes.registry import theme_names
from themes.renderer import render

SITE = {"SiteName", "SiteDomain", "SiteIDCode"}
COLUMN = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
CONTENT = {"ArticleTitle", "PubDate", "ContentSource"}
OPTIONAL = {"Keywords", "Author", "Description", "Image", "Url"}
ALL = SITE | COLUMN | CONTENT | OPTIONAL


def labels_of(page: bytes) -> list[tuple[str, str]]:
    """Names and contents of the page's national labels, in its order."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    metas = ((m.get("name", ""), m.get("content", "")) for m in document.iter("meta"))
    known = {name.lower() for name in ALL}
    return [(name, content) for name, content in metas if name.lower() in known]


def expected(view: PageView) -> set[str]:
    if isinstance(view, ItemView):
        return SITE | COLUMN | CONTENT
    if isinstance(view, HomeView | SubsiteHomeView | ListPageView):
        return SITE | COLUMN
    return SITE


@pytest.mark.parametrize("theme", theme_names())
def test_each_level_has_its_labels_exactly_once(theme: str) -> None:
    for kind, view in pages(theme).items():
        # Labels are told apart by their case; "description" is the search engines' own.
        counted = Counter(n for n, _ in labels_of(render(theme, view)) if n != "description")

        assert expected(view) <= counted.keys(), kind
        assert set(counted.values()) == {1}, kind
        assert counted.keys() <= (ALL if isinstance(view, ItemView) else SITE | COLUMN), kind


@pytest.mark.parametrize("theme", theme_names())
def test_no_page_describes_itself_twice_to_search_engines(theme: str) -> None:
    for kind, view in pages(theme).items():
        names = Counter(name.lower() for name, _ in labels_of(render(theme, view)))

        assert names["description"] <= 1, kind
        assert names["keywords"] <= 1, kind


def test_an_items_labels_say_what_the_page_shows() -> None:
    said = dict(labels_of(render("city", NEWS_ITEM)))

    assert said["SiteName"] == "云溪市人民政府"
    assert said["SiteDomain"] == "www.yunxi.gov.cn"
    assert said["ColumnType"] == "工作动态"
    assert said["ArticleTitle"] == NEWS_ITEM.title
    assert said["PubDate"] == "2025-04-11 20:12"
    assert said["ContentSource"] == "云溪日报"
    assert said["Author"] == "林晓"
    assert said["Url"] == f"https://www.yunxi.gov.cn{NEWS_ITEM.path}"


def test_optional_labels_are_left_out_where_there_is_nothing_to_say() -> None:
    bare = replace(
        DOCUMENT_ITEM, keywords="", summary="", editor="", site=replace(CITY, base_url="")
    )

    names = {name for name, _ in labels_of(render("city", bare))}

    assert names == SITE | COLUMN | CONTENT


def test_a_site_whose_code_is_not_yet_issued_still_has_the_label() -> None:
    item = replace(NEWS_ITEM, site=replace(CITY, site_id_code=""))

    assert ("SiteIDCode", "") in labels_of(render("city", item))
