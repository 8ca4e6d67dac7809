"""Every kind of page of every theme."""

from __future__ import annotations

from dataclasses import replace

from parts.specimens.columns import COLUMN, DOCUMENTS, INTERPRETATION, SERVICES
from parts.specimens.fronts import CITY_HOME, COUNTY_HOME, DEPARTMENT_HOME, TOWNSHIP_HOME
from parts.specimens.items import DOCUMENT_ITEM, NEWS_ITEM, OLD_ITEM
from parts.specimens.sites import CITY, COUNTY, DEPARTMENT, TOWNSHIP
from themes.contract import (
    Fragment,
    Link,
    LinkGroup,
    ListPageView,
    MessageView,
    PageView,
    SearchResult,
    SearchView,
    SiteMapView,
)

LIST = ListPageView(
    site=CITY,
    column=COLUMN,
    entries=tuple(
        replace(
            line,
            title=line.title,
            path=line.path.replace(".html", f"{round_}.html"),
            date=f"202{5 - round_}{line.date[4:]}",
            doc_number=line.doc_number.replace("2025", f"202{5 - round_}"),
            validity=("valid", "valid", "amended", "expired", "repealed")[round_ + position % 3],
        )
        for round_ in range(3)
        for position, line in enumerate(DOCUMENTS.entries)
    ),
    number=18,
    older_path="/zwgk/zcwj/gfxwj/17.html",
    oldest_path="/zwgk/zcwj/gfxwj/1.html",
    total=347,
)

COLUMN_OF_COLUMNS = ListPageView(
    site=CITY,
    column=replace(
        COLUMN,
        name="政务公开",
        path="/zwgk/",
        breadcrumbs=(),
        siblings=(),
        children=COLUMN.siblings,
    ),
    blocks=(DOCUMENTS, INTERPRETATION),
)


SEARCH = SearchView(
    site=CITY,
    query="保障性住房",
    total=38,
    pages=4,
    next_path="/-/search?q=x&page=2",
    results=(
        SearchResult(
            path="/art/2025/17/9q8d7km2x.html",
            title=(
                Fragment("云溪市人民政府关于印发云溪市"),
                Fragment("保障性住房", hit=True),
                Fragment("建设管理办法的通知"),
            ),
            excerpt=(
                Fragment("为了规范"),
                Fragment("保障性住房", hit=True),
                Fragment("的规划、建设、配售和管理，解决工薪收入群体的住房困难……"),
            ),
            date="2025-04-08",
            column="规范性文件",
            doc_number="云政发〔2025〕6号",
        ),
        SearchResult(
            path="/art/2025/18/9q8d7km2y.html",
            title=(
                Fragment("一图读懂《云溪市"),
                Fragment("保障性住房", hit=True),
                Fragment("建设管理办法》"),
            ),
            date="2025-04-08",
            column="政策解读",
        ),
    ),
)

SITE_MAP = SiteMapView(
    site=CITY,
    groups=(
        LinkGroup("政务公开", COLUMN.siblings),
        LinkGroup("办事服务", tuple(Link(s.name, s.path) for s in SERVICES)),
        LinkGroup("互动交流", CITY_HOME.interaction.channels if CITY_HOME.interaction else ()),
    ),
)

SITES = {
    "base": CITY,
    "city": CITY,
    "county": COUNTY,
    "department": DEPARTMENT,
    "township": TOWNSHIP,
}
HOMES: dict[str, PageView] = {
    "base": CITY_HOME,
    "city": CITY_HOME,
    "county": COUNTY_HOME,
    "department": DEPARTMENT_HOME,
    "township": TOWNSHIP_HOME,
}


def pages(theme: str) -> dict[str, PageView]:
    """Every kind of page of a theme, by a short name."""
    site = SITES[theme]
    home = HOMES[theme]
    return {
        "home": home,
        "subsite": TOWNSHIP_HOME,
        "list": replace(LIST, site=site),
        "columns": replace(COLUMN_OF_COLUMNS, site=site),
        "news": replace(NEWS_ITEM, site=site),
        "document": replace(DOCUMENT_ITEM, site=site),
        "old": replace(OLD_ITEM, site=site),
        "sitemap": replace(SITE_MAP, site=site),
        "search": replace(SEARCH, site=site),
        "search_down": SearchView(site=site, available=False),
        "not_found": MessageView(site=site, reason="not_found"),
        "suspended": MessageView(
            site=site, reason="suspended", text="系统升级，预计 4 月 20 日恢复。"
        ),
    }
