"""Public pages in a real browser: wide and narrow, with script and without, for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hosting.publishing.headers import PAGE_POLICY
from parts.browser import violations
from parts.specimens.items import NEWS_ITEM
from parts.specimens.pages import pages
from themes.assets import theme_assets
from themes.contract import CleanHtml, PageView
from themes.registry import theme_names
from themes.renderer import render
from themes.tokens import Tokens, read_tokens, site_css

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
        policy: str = "",
        **context: Any,
    ) -> Page:
        files = {path: (data, kind) for path, data, kind in theme_assets(theme)}
        files["/site.css"] = (site_css(theme, tokens or Tokens()), "text/css")
        files["/"] = (render(theme, view), "text/html; charset=utf-8")
        page = open_page(width=width, **context)
        page.add_init_script(_REFUSED)
        page.route(f"{SITE}/**", lambda route: answer(route, files, policy))
        page.goto(f"{SITE}/{fragment}")
        return page

    return visit_one


def answer(route: Route, files: dict[str, tuple[bytes, str]], policy: str) -> None:
    path = route.request.url.removeprefix(SITE).split("#")[0]
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
    tokens = read_tokens("city", {"banner": "台风“云雀”蓝色预警：请减少外出 <注意> \\ 安全"})

    page = visit("city", pages("city")["news"], tokens=tokens)

    assert page.locator(".banner").inner_text() == tokens.banner


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
