"""The renderer: the same facts give the same bytes, quickly, and no fact becomes markup."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import html5lib
import pytest
import time_machine

from parts.specimens.fronts import CITY_HOME, COUNTY_HOME
from parts.specimens.items import DOCUMENT_ITEM, NEWS_ITEM, OLD_ITEM
from parts.specimens.pages import SEARCH, pages
from parts.specimens.sites import CITY, COUNTY
from themes.assets import theme_assets
from themes.contract import (
    Attachment,
    CleanHtml,
    FeedLink,
    HomeView,
    Link,
    MessageView,
    PageView,
    Picture,
    SubsiteHomeView,
)
from themes.registry import theme_names
from themes.renderer import REASONS, render
from themes.tokens import Tokens, site_css

# Words and addresses that the platform itself sets.
OURS = {"locale", "reason", "validity", "base_url"}
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
ITEM_PATH = NEWS_ITEM.path
HOSTILE = "\"'><script>alert(1)</script><!--{{7*7}}{% raw %}&amp;"


def equal_copy(view: Any) -> Any:
    """The view again, made of other objects."""
    if isinstance(view, tuple):
        return tuple(equal_copy(each) for each in view)
    if not is_dataclass(view) or isinstance(view, type):
        return view
    return replace(view, **{f.name: equal_copy(getattr(view, f.name)) for f in fields(view)})


def test_what_a_column_shares_is_shown_as_it_is_now_on_each_page_below_it() -> None:
    """It is rendered once and kept: what changed must not be met as it was."""
    column = NEWS_ITEM.column
    first = render("county", NEWS_ITEM)
    renamed = replace(column, name="新栏目名", description="新说明")
    moved = replace(column, breadcrumbs=(Link("新上级", "/xsj/"),))
    joined = replace(
        column, breadcrumbs=(Link("上级", "/sj/"),), siblings=(Link("新邻栏", "/xll/"),)
    )
    alone = replace(column, breadcrumbs=(Link("上级", "/sj/"),), siblings=())

    for changed, shown in (
        (renamed, ("新栏目名", 'content="新说明"')),
        (moved, ("新上级", 'href="/xsj/"')),
        (joined, ("新邻栏", 'class="with-related"')),
        (alone, ('class="without-related"',)),
    ):
        page = render("county", replace(NEWS_ITEM, related=(), column=changed)).decode()
        assert all(word in page for word in shown)
        assert not any(word in first.decode() for word in shown if "新" in word)
    assert render("county", NEWS_ITEM) == first


@pytest.mark.parametrize("theme", theme_names())
def test_the_same_facts_give_the_same_bytes_whenever_and_in_whatever_order(theme: str) -> None:
    with time_machine.travel("2025-04-12 08:00"):
        first = {kind: render(theme, view) for kind, view in pages(theme).items()}
    with time_machine.travel("2031-12-31 23:59"):
        again = {k: render(theme, equal_copy(v)) for k, v in reversed(pages(theme).items())}

    assert again == first


def test_sites_do_not_see_each_others_header() -> None:
    county = render("county", COUNTY_HOME).decode()
    city = render("county", CITY_HOME).decode()

    assert "青岚县人民政府" in county
    assert "青岚县人民政府</span>" not in city
    assert COUNTY.site_id_code not in city


def hostile(view: Any, text: str = HOSTILE) -> Any:
    """The view with hostile text in every place that takes text."""
    if isinstance(view, CleanHtml):
        return CleanHtml("<p>正文</p>")
    if isinstance(view, str):
        return text
    if isinstance(view, tuple):
        return tuple(hostile(each, text) for each in view)
    if not is_dataclass(view) or isinstance(view, type):
        return view
    changed = {
        f.name: hostile(getattr(view, f.name), text) for f in fields(view) if f.name not in OURS
    }
    return replace(view, **changed)


@pytest.mark.parametrize("kind", pages("city"))
def test_hostile_text_stays_text_wherever_it_stands(kind: str) -> None:
    view: PageView = hostile(pages("city")[kind])

    page = render("city", view).decode()

    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(page)
    scripts = [s for s in document.iter("script") if s.get("type") != "application/ld+json"]
    assert [s.get("src", "")[:8] for s in scripts] == ["/assets/"]
    assert "alert(1)</script>" not in page
    assert "49" not in re.sub(r"/assets/\w+", "", page)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example/", "data:text/html,x"])
def test_no_link_runs_anything_or_leads_off_unnamed(address: str) -> None:
    for kind, view in pages("city").items():
        page = render("city", hostile(view, address)).decode()

        assert f'href="{address}' not in page, kind
        assert f'src="{address}' not in page, kind
        assert f'action="{address}' not in page, kind


@pytest.mark.parametrize("text", [HOSTILE, "</script><!--", "行\u2028分\u2029隔"])
def test_hostile_text_cannot_leave_the_structured_data(text: str) -> None:
    page = render("city", replace(NEWS_ITEM, title=text)).decode()

    article, way = (json.loads(block) for block in BLOCK.findall(page))
    assert article["headline"] == text
    assert way["itemListElement"][-1]["name"] == text
    assert not {"\u2028", "\u2029", "<"} & set("".join(BLOCK.findall(page)))


def test_structured_data_leads_from_the_home_page_to_the_item() -> None:
    page = render("city", NEWS_ITEM).decode()

    way = json.loads(BLOCK.findall(page)[1])

    steps = [(step["name"], step["item"]) for step in way["itemListElement"]]
    column = NEWS_ITEM.column
    above = [*column.breadcrumbs, column]
    expected = [(CITY.name, "/"), *((each.name, each.path) for each in above)]
    expected.append((NEWS_ITEM.title, ITEM_PATH))
    assert way["@type"] == "BreadcrumbList"
    assert steps == [(name, f"https://www.yunxi.gov.cn{path}") for name, path in expected]
    assert [step["position"] for step in way["itemListElement"]] == list(range(1, len(steps) + 1))


def test_a_shared_item_is_shown_with_its_title_beginning_and_picture() -> None:
    picture = Picture("/m/ab/1.jpg", "现场", 800, 600)
    item = replace(NEWS_ITEM, summary="", beginning="今天上午", image=picture)

    page = html5lib.parse(render("city", item), namespaceHTMLElements=False)

    facts = {m.get("property"): m.get("content") for m in page.iter("meta") if m.get("property")}
    assert facts == {
        "og:locale": "zh_CN",
        "og:site_name": CITY.name,
        "og:title": NEWS_ITEM.title,
        "og:type": "article",
        "og:description": "今天上午",
        "og:url": f"https://www.yunxi.gov.cn{ITEM_PATH}",
        "og:image": "https://www.yunxi.gov.cn/m/ab/1.jpg",
        "og:image:width": "800",
        "og:image:height": "600",
        "og:image:alt": "现场",
    }


def test_a_home_and_a_column_page_announce_their_feeds() -> None:
    feed = FeedLink("云溪市人民政府 Atom", "/feeds/site.atom", "application/atom+xml")
    announced = {"rel": "alternate", "type": feed.media_type, "title": feed.name, "href": feed.path}

    for theme in theme_names():
        for kind in ("home", "list"):
            view: Any = pages(theme)[kind]
            if isinstance(view, SubsiteHomeView):
                continue
            page = html5lib.parse(
                render(theme, replace(view, feeds=(feed,))), namespaceHTMLElements=False
            )
            found = [link.attrib for link in page.iter("link") if link.get("rel") == "alternate"]
            assert found == [announced], (theme, kind)


def test_structured_data_names_the_government_and_the_article() -> None:
    home = structured(render("city", CITY_HOME))
    item = structured(render("city", DOCUMENT_ITEM))

    assert home["@type"] == "GovernmentOrganization"
    assert home["telephone"] == "0770-512 0000"
    assert item["@type"] == "NewsArticle"
    assert item["datePublished"] == "2025-04-08T17:30"
    assert item["publisher"]["name"] == CITY.sponsor
    assert item["identifier"] == "云政发〔2025〕6号"


def structured(page: bytes) -> dict[str, Any]:
    found = BLOCK.search(page.decode())
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_a_page_knows_no_host_until_the_site_has_its_own_domain() -> None:
    own = render("city", NEWS_ITEM).decode()
    unknown = render("city", replace(NEWS_ITEM, site=replace(CITY, base_url=""))).decode()

    assert f'rel="canonical" href="https://www.yunxi.gov.cn{NEWS_ITEM.path}"' in own
    assert "canonical" not in unknown
    assert "og:url" not in unknown


def test_a_home_page_weighs_less_than_100_kb_before_images() -> None:
    for theme in theme_names():
        files = {path: data for path, data, _ in theme_assets(theme)}
        page = render(theme, pages(theme)["home"])
        loaded = [data for path, data in files.items() if path.encode() in page]
        style = next(data for path, data in files.items() if path.endswith(".css"))
        motifs = [data for path, data in files.items() if path.encode() in style]

        weight = sum(map(len, (page, site_css(theme, Tokens()), *loaded, *motifs)))

        assert weight < 100_000, theme
        assert len(gzip.compress(page)) < 8_000, theme


def test_a_site_with_nothing_yet_has_a_whole_home_page() -> None:
    for theme in theme_names():
        empty = HomeView(site=COUNTY, column=COUNTY_HOME.column)

        page = render(theme, empty).decode()

        assert "您要办什么事？" in page
        assert "<ul>\n</ul>" not in page


def test_a_repealed_document_says_so_on_its_face() -> None:
    page = render("city", OLD_ITEM).decode()

    assert "本文件已废止" in page
    assert "云政发〔2025〕6号）废止" in page
    assert "letterhead" not in page.split("<main")[1]


def test_a_lost_attachment_is_named_without_a_link() -> None:
    item = replace(NEWS_ITEM, attachments=(Attachment("申报表.doc", ""),))

    page = render("city", item).decode()

    assert '<span class="file-lost">申报表.doc</span>' in page
    assert "原附件缺失" in page


def test_an_original_date_stands_beside_this_sites_own() -> None:
    page = render("city", OLD_ITEM).decode()

    assert (
        "原发布于 2014-06-12（据云溪市政府公报 2014 年第 6 期），本站 2025-03-02 09:00 发布" in page
    )


def test_hits_are_marked_without_markup_in_the_data() -> None:
    page = render("city", SEARCH).decode()

    assert "印发云溪市<mark>保障性住房</mark>建设管理办法" in page
    assert 'name="robots" content="noindex"' in page


@pytest.mark.parametrize("reason", REASONS)
def test_every_message_has_words_and_a_way_on(reason: str) -> None:
    page = render("county", MessageView(site=COUNTY, reason=reason, links=(Link("新站", "/n/"),)))

    document = html5lib.parse(page, namespaceHTMLElements=False)
    assert document.find(".//h1").text
    assert document.find(".//main//a[@href='/n/']") is not None


def test_where_a_service_is_away_readers_learn_whom_to_call_and_where_to_look() -> None:
    site = replace(COUNTY, contact=replace(COUNTY.contact, phone="0571-12345"))
    page = render("county", MessageView(site=site, reason="unavailable")).decode()

    main = page[page.index("<main") : page.index("</main>")]
    assert COUNTY.sponsor in main
    assert ">0571-12345</a>" in main
    assert 'href="/"' in main
    assert f'href="{COUNTY.sitemap_path}"' in main
    assert "旧网址" in main
