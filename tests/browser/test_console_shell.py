"""The console's shell in a real browser: on a desk, on a phone, by keys alone, without scripts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from parts.browser import violations

if TYPE_CHECKING:
    from parts.browser import OpenPage

pytestmark = pytest.mark.browser

DESK, PHONE = 1440, 360
PAGES = (
    "/t/river/guide",
    "/t/river/list?page=3&sort=title",
    "/t/river/list?q=没有",
    "/t/river/form",
    "/t/river/withdrawal",
    "/t/river/work/1",
    "/t/river/palette?q=通知",
    "/t/river/refused/403",
    "/t/river/refused/404",
    "/t/river/refused/422",
    "/t/river/refused/503",
    "/t/plain",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_its_window(
    open_page: OpenPage, guide_address: str, path: str
) -> None:
    page = open_page()
    page.goto(guide_address + path)

    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_the_cells_of_a_row_stand_beside_each_other(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page(width=PHONE)
    page.goto(f"{guide_address}/t/river/list")

    boxes = [cell.bounding_box() for cell in page.query_selector_all("#list tr:nth-child(2) td")]

    shown = [(box["x"], box["x"] + box["width"], box["y"]) for box in boxes if box]
    assert len(shown) == 4
    assert all(b[0] >= a[1] or b[2] > a[2] for a, b in pairwise(shown))


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_what_opens_over_a_page_is_accessible(
    open_page: OpenPage, guide_address: str, width: int
) -> None:
    page = open_page(width=width)
    page.goto(f"{guide_address}/t/river/guide")

    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-list a")
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.click(".account > summary")
    assert violations(page) == []

    page.click(".more > summary")
    page.click(".more a[data-dialog]")
    page.wait_for_selector("dialog.over[open]")
    assert violations(page) == []


def test_a_refused_form_is_accessible_and_begins_with_what_is_wrong(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page(width=PHONE)
    page.goto(f"{guide_address}/t/river/form")
    page.click("text=保存草稿")

    page.wait_for_selector("[role=alert]:focus")
    assert violations(page) == []


def test_the_palette_is_worked_with_keys_alone(open_page: OpenPage, guide_address: str) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/guide")

    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-list a")
    page.keyboard.type("国庆")
    page.wait_for_selector("#palette-list a:has-text('国庆节放假')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    page.wait_for_url("**/t/river/list?q=1")


def test_one_escape_closes_the_palette(open_page: OpenPage, guide_address: str) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/guide")

    page.keyboard.press("Control+k")
    page.keyboard.type("通知")
    page.keyboard.press("Escape")

    page.wait_for_selector("#palette", state="hidden")


def test_typing_into_the_finder_goes_on_in_the_palette(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/guide")

    page.focus("#finder")
    page.keyboard.type("附件")

    page.wait_for_selector("#palette-list a:has-text('图片与附件')")
    assert page.input_value("#palette-query") == "附件"


def test_the_menu_is_a_drawer_on_a_phone(open_page: OpenPage, guide_address: str) -> None:
    page = open_page(width=PHONE)
    page.goto(f"{guide_address}/t/river/guide")
    assert not page.is_visible(".menu")

    page.click(".menu-button")
    page.click(".menu a:has-text('稿件')")

    page.wait_for_url("**/t/river/list")
    assert not page.is_visible(".menu")


def test_a_confirmation_opens_over_the_page_and_sends_where_its_page_would(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/guide")
    page.click("text=删除…")
    page.wait_for_selector("dialog.over[open]")
    assert page.url.endswith("/guide")

    page.keyboard.type("内容有误")
    page.click("dialog.over button.danger")

    page.wait_for_url("**/t/river/list")
    assert "已撤稿" in page.inner_text("#messages")


def test_closing_a_confirmation_leads_back_to_where_one_was(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/guide")
    page.focus("main a.danger")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.over[open]")

    page.click("dialog.over a[data-close]")

    page.wait_for_selector("dialog.over", state="detached")
    assert page.evaluate("document.activeElement.textContent") == "删除…"


def test_leaving_with_something_unsaved_is_asked_about(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{guide_address}/t/river/form")

    page.click(".menu a:has-text('稿件')")
    page.wait_for_url("**/t/river/list")
    assert asked == []

    page.goto(f"{guide_address}/t/river/form")
    page.fill("#title", "通知")
    page.click(".menu a:has-text('稿件')")
    page.wait_for_url("**/t/river/list")
    assert asked == ["beforeunload"]


def test_saving_asks_nothing_and_is_done_once(open_page: OpenPage, guide_address: str) -> None:
    page = open_page()
    sent: list[str] = []
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.on("request", lambda request: sent.append(request.method))
    page.goto(f"{guide_address}/t/river/form")
    page.fill("#title", "通知")
    page.fill("#formed_on", "2024-09-27")

    page.dblclick("button.primary")

    page.wait_for_url("**/t/river/list")
    assert sent.count("POST") == 1


def test_filters_apply_while_one_types_and_the_list_keeps_its_place(
    open_page: OpenPage, guide_address: str
) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/list")

    page.focus("#q")
    page.keyboard.type("公告")
    page.wait_for_url("**/t/river/list?q=%E5%85%AC%E5%91%8A&state=")
    assert page.evaluate("document.activeElement.id") == "q"
    page.click("#list [rel=next]")
    page.wait_for_url("**&page=2")
    page.click("#list tbody a >> nth=0")
    page.wait_for_url("**/t/river/guide")
    page.click(".crumbs a >> nth=0")

    page.wait_for_url("**/t/river/list?q=*&page=2")
    assert page.input_value("#q") == "公告"


def test_sorting_changes_the_list_alone(open_page: OpenPage, guide_address: str) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/list")
    page.evaluate("document.body.dataset.kept = 'yes'")

    page.click("#sort-title")

    page.wait_for_selector("th[aria-sort=ascending] #sort-title")
    assert page.evaluate("document.body.dataset.kept") == "yes"
    assert "sort=title" in page.url


def test_progress_follows_the_work_to_its_end(open_page: OpenPage, guide_address: str) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/work/1")

    page.wait_for_selector("#import:has-text('3 / 3')", timeout=15_000)

    assert page.get_attribute("#import", "hx-get") is None


def test_the_language_is_one_click_away(open_page: OpenPage, guide_address: str) -> None:
    page = open_page()
    page.goto(f"{guide_address}/t/river/list?page=2")

    page.click("button:has-text('English')")

    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/t/river/list?page=2")
    page.click("button:has-text('中文')")
    page.wait_for_selector("html[lang=zh-CN]")


def test_all_of_it_works_without_scripts(open_page: OpenPage, guide_address: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{guide_address}/t/river/list")

    page.fill("#finder", "国庆")
    page.press("#finder", "Enter")
    page.click(".places a >> nth=0")
    assert page.url.endswith("/t/river/list?q=1")

    page.select_option("#state", "live")
    page.click("text=筛选 >> nth=-1")
    assert "state=live" in page.url

    page.goto(f"{guide_address}/t/river/guide")
    page.click("text=删除…")
    page.fill("#reason", "内容有误")
    page.click("button.danger")
    assert page.url.endswith("/t/river/list")

    page.goto(f"{guide_address}/t/river/form")
    page.fill("textarea#body", "<p>正文</p>")
    page.fill("#title", "通知")
    page.fill("#formed_on", "2024-09-27")
    page.click("button.primary")
    assert page.url.endswith("/t/river/list")
