"""Public pages in a real browser: wide and narrow, with script and without, for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hosting.publishing.headers import PAGE_POLICY
from parts.browser import violations
from parts.specimens.items import NEWS_ITEM
from parts.specimens.pages import pages
from parts.specimens.sites import CITY
from themes.assets import theme_assets
from themes.contract import Banner, CleanHtml, PageView
from themes.registry import theme_names
from themes.renderer import render
from themes.tokens import Tokens, site_css

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from parts.browser import OpenPage

    Visit = Callable[..., Page]

pytestmark = pytest.mark.browser

SITE = "http://www.yunxi.localhost"
WIDE, NARROW = 1440, 360
# Of base every kind; of those that inherit it, the pages they lay out in their own way.
KINDS = {
    theme: ("home", "list", "document")
    if theme != "base"
    else ("home", "list", "columns", "news", "document", "search", "not_found")
    for theme in theme_names()
}
_REFUSED = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (e) => refused.push(e.violatedDirective));
"""
DOT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#678" d="M0 0h16v9z"/>'
    b"</svg>"
)


@pytest.fixture
def visit(open_page: OpenPage) -> Visit:
    """`visit(theme, view, width=…, fragment="", tokens=…)` opens the page on its site."""

    def visit_one(
        theme: str,
        view: PageView,
        *,
        width: int = WIDE,
        fragment: str = "",
        tokens: Tokens | None = None,
        banners: Sequence[Banner] = (),
        version: str = "",
        policy: str = "",
        **context: Any,
    ) -> Page:
        files = {path: (data, kind) for path, data, kind in theme_assets(theme)}
        css = site_css(theme, tokens or Tokens(), banners, version=version)
        files["/site.css"] = (css, "text/css")
        files["/"] = (render(theme, view), "text/html; charset=utf-8")
        page = open_page(width=width, **context)
        page.add_init_script(_REFUSED)
        page.route(f"{SITE}/**", lambda route: answer(route, files, policy))
        page.goto(f"{SITE}/{fragment}")
        return page

    return visit_one


def answer(route: Route, files: dict[str, tuple[bytes, str]], policy: str) -> None:
    path = route.request.url.removeprefix(SITE).split("#")[0].split("?")[0]
    # Uploads are pictures; everything else is there or the page named what is not.
    data, kind = (DOT, "image/svg+xml") if path.startswith("/m/") else files[path]
    headers = {"Content-Type": kind, **({"Content-Security-Policy": policy} if policy else {})}
    route.fulfill(body=data, headers=headers)


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_are_for_everybody_and_fit_the_screen(visit: Visit, theme: str, width: int) -> None:
    for kind in KINDS[theme]:
        page = visit(theme, pages(theme)[kind], width=width)

        assert violations(page) == [], kind
        assert sideways(page) <= 0, kind


@pytest.mark.parametrize("theme", theme_names())
def test_elder_mode_is_as_accessible_and_fits_a_phone(visit: Visit, theme: str) -> None:
    for kind in ("home", "document"):
        page = visit(theme, pages(theme)[kind], width=NARROW, fragment="#elder")

        assert violations(page) == [], kind
        assert sideways(page) <= 0, kind


def type_size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


def test_elder_mode_is_kept_from_page_to_page(visit: Visit) -> None:
    page = visit("county", pages("county")["home"])
    usual = type_size(page)

    page.get_by_role("link", name="长者模式").click()
    page.reload()

    assert type_size(page) > usual * 1.3
    page.get_by_role("link", name="标准模式").click()
    page.reload()
    assert type_size(page) == usual


def test_elder_mode_works_without_script(visit: Visit) -> None:
    page = visit("county", pages("county")["home"], java_script_enabled=False)

    page.get_by_role("link", name="长者模式").click()

    assert page.get_by_role("link", name="标准模式").is_visible()
    assert page.get_by_role("link", name="长者模式").is_hidden()


def test_leaving_for_a_foreign_site_is_asked_first(visit: Visit) -> None:
    page = visit("city", pages("city")["home"])
    link = page.get_by_role("link", name="云溪日报")

    link.click()
    question = page.get_by_role("dialog")

    assert question.get_by_text("即将离开“云溪市人民政府”网站").is_visible()
    onward = question.get_by_role("link", name="继续访问")
    assert onward.get_attribute("href") == "https://www.yunxidaily.example.com/"
    question.get_by_role("button", name="留在本站").click()
    assert question.is_hidden()
    assert page.url == f"{SITE}/"


def test_a_link_to_a_government_site_is_followed_at_once(visit: Visit) -> None:
    page = visit("city", pages("city")["home"])
    page.evaluate(
        """addEventListener("click", event => {
             asked = event.defaultPrevented;
             event.preventDefault();
           })"""
    )

    page.get_by_role("link", name="中国政府网").click()

    assert page.evaluate("asked") is False
    assert page.get_by_role("dialog").is_hidden()


def test_a_banner_set_later_shows_on_pages_rendered_before(visit: Visit) -> None:
    said = Banner(
        title="台风“云雀”<蓝色>预警 \\ 安全", level="urgent", text='"减少"外出', path="/tzgg/"
    )

    page = visit("city", pages("city")["news"], banners=[said, Banner(title="停水")], version="b2")

    shown = page.get_by_role("region", name="紧急公告")
    assert shown.locator(".banner-title").inner_text() == said.title
    assert shown.locator(".banner-text").inner_text() == said.text
    assert shown.get_by_role("link").get_attribute("href") == "/tzgg/"
    assert page.locator(".banner").count() == 2
    assert before(page) == "none"
    assert violations(page) == []


def before(page: Page) -> str:
    """What the style sheet puts in the place of banners."""
    return str(
        page.locator(".banners").evaluate("part => getComputedStyle(part, '::before').content")
    )


@pytest.mark.parametrize("has_script", [True, False])
def test_a_banner_built_in_is_not_shown_twice(visit: Visit, has_script: bool) -> None:
    said = Banner(title="停水通知", level="warning")
    site = replace(CITY, banners=(said,), banners_version="b2")
    view = replace(NEWS_ITEM, site=site)

    page = visit("city", view, banners=[said], version="b2", java_script_enabled=has_script)

    assert page.get_by_text("停水通知").count() == 1
    assert page.get_by_text("停水通知").is_visible()
    assert before(page) == "none"


def test_without_script_the_words_of_a_later_banner_are_shown(visit: Visit) -> None:
    said = Banner(title="停水通知", level="warning", text='今晚 "8" 时起')

    page = visit("city", NEWS_ITEM, banners=[said], version="b2", java_script_enabled=False)

    assert page.locator(".banners").bounding_box()["height"] >= 44  # type: ignore[index]  # it is drawn
    assert "停水通知" in before(page)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_banner_that_was_ended_is_hidden_on_pages_that_have_it_built_in(
    visit: Visit, has_script: bool
) -> None:
    site = replace(CITY, banners=(Banner(title="停水通知"),), banners_version="b2")

    page = visit(
        "city",
        replace(NEWS_ITEM, site=site),
        version="b3",
        java_script_enabled=has_script,
    )

    assert page.get_by_text("停水通知").locator("visible=true").count() == 0
    assert before(page) == "none"


@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_banners_are_for_everybody_and_fit_the_screen(visit: Visit, theme: str, width: int) -> None:
    """Two of one level are two landmarks with names of their own."""
    said = tuple(
        Banner(title=title, level=level, text="请勿外出，转移到安全地带。", path="/tzgg/")
        for title, level in (
            ("台风红色预警", "urgent"),
            ("暴雨红色预警", "urgent"),
            ("道路结冰", "warning"),
            ("停水通知", "notice"),
        )
    )
    view = pages(theme)["home"]
    view = replace(view, site=replace(view.site, banners=said, banners_version="b2"))

    page = visit(theme, view, width=width)

    assert violations(page) == []
    assert sideways(page) <= 0
    for link in page.locator(".banner-more").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_day_of_mourning_is_grey_on_screen_and_not_on_paper(visit: Visit) -> None:
    page = visit("city", pages("city")["home"], tokens=Tokens(greyscale=True))
    seen = "getComputedStyle(document.documentElement).filter"

    on_screen = page.evaluate(seen)
    page.emulate_media(media="print")

    assert on_screen == "grayscale(1)"
    assert page.evaluate(seen) == "none"


def test_in_grey_what_is_fixed_stays_in_its_place(visit: Visit) -> None:
    """A filter of any other element would hold what is fixed inside it, and scroll it away."""
    page = visit("city", pages("city")["home"], tokens=Tokens(greyscale=True))
    page.evaluate(
        """() => {
             const mark = document.createElement("div");
             mark.id = "fixed";
             mark.style.cssText = "position: fixed; top: 10px; left: 10px; width: 5px; height: 5px";
             document.body.append(mark);
             scrollTo(0, 600);
           }"""
    )

    top = page.evaluate("document.getElementById('fixed').getBoundingClientRect().top")

    assert page.evaluate("scrollY") > 0
    assert top == 10


def test_the_keyboard_comes_to_the_text_at_once_and_sees_where_it_is(visit: Visit) -> None:
    page = visit("department", pages("department")["news"])

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    ring = skip.evaluate("link => getComputedStyle(link).outlineStyle")
    page.keyboard.press("Enter")

    assert ring == "solid"
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_is_touched_is_large_enough_for_a_finger(visit: Visit) -> None:
    page = visit("city", pages("city")["home"], width=NARROW)

    small = page.evaluate(
        """() => [...document.querySelectorAll('.strip a, .menu a, .search button, .service-grid a,'
           + '.foot-links a, .directory .links a, .more')]
           .map(e => [e.textContent, e.getBoundingClientRect()])
           .filter(([, box]) => box.height && box.height < 44).map(([text]) => text)"""
    )

    assert small == []


def test_a_document_prints_as_a_document(visit: Visit) -> None:
    page = visit("city", pages("city")["document"])

    page.emulate_media(media="print")

    assert page.locator(".letterhead").is_visible()
    assert page.locator(".prose").is_visible()
    for chrome in (".menu", ".strip", ".foot", ".related", ".crumbs", ".item-tools"):
        assert page.locator(chrome).first.is_hidden(), chrome
    family = page.locator(".prose").evaluate("text => getComputedStyle(text).fontFamily")
    assert re.match(r'"?FangSong', family)


def test_an_article_prints_without_what_leads_on(visit: Visit) -> None:
    page = visit("city", pages("city")["news"])

    page.emulate_media(media="print")

    for kept in (".brand", "h1", ".byline", ".prose"):
        assert page.locator(kept).first.is_visible(), kept
    for chrome in (".menu", ".search", ".strip", ".foot", ".related", ".crumbs", ".item-tools"):
        assert page.locator(chrome).first.is_hidden(), chrome


def test_a_wide_table_is_not_cut_off_on_paper(visit: Visit) -> None:
    cells = "".join("<td>" + "本年度预算执行数" * 3 + "</td>" for _ in range(12))
    body = CleanHtml(f"<table><tbody><tr>{cells}</tr></tbody></table>")
    # The text field of A4 as GB/T 9704—2012 has it: 156 mm.
    page = visit("city", replace(NEWS_ITEM, body=body), width=590)

    page.emulate_media(media="print")

    assert sideways(page) <= 0


def test_the_policy_lets_structured_data_be_and_a_script_in_its_place_not_run(
    visit: Visit,
) -> None:
    """A data block is no script (HTML Standard, 4.12.1); what would be one is refused."""
    hostile = replace(NEWS_ITEM, title="</script><script>document.title = 'run'</script>")
    page = visit("city", hostile, policy=PAGE_POLICY)

    blocks = page.locator("script[type='application/ld+json']").all_text_contents()
    assert [json.loads(block)["@type"] for block in blocks] == ["NewsArticle", "BreadcrumbList"]
    assert json.loads(blocks[0])["headline"] == hostile.title
    assert page.evaluate("refused") == []
    assert page.title() != "run"

    page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {text: 0}))"
    )

    assert page.evaluate("refused") == ["script-src-elem"]


def test_body_text_keeps_to_forty_characters_a_line(visit: Visit) -> None:
    for theme in theme_names():
        page = visit(theme, pages(theme)["document"])

        characters = page.locator(".prose").evaluate(
            "text => text.clientWidth / parseFloat(getComputedStyle(text).fontSize)"
        )

        assert characters <= 40, theme
