"""The editor for official documents: what it keeps, what it throws away, what it needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from parts.browser import OpenPage

pytestmark = pytest.mark.browser

READY = ".tox-hugerte iframe, .tox-tinymce iframe"
WORD = (Path(__file__).parent / "pasted_from_word.html").read_text(encoding="utf-8")


PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TABLE = """<table border="1">
<tbody>
<tr>
<td style="width: 30%;">甲</td>
<td rowspan="2">乙</td>
</tr>
<tr>
<td>丙</td>
</tr>
</tbody>
</table>"""


@pytest.fixture
def page(open_page: OpenPage, guide_address: str) -> Page:
    """A form whose editor is ready; the policy's complaints are kept in `refused`."""
    page = open_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    page.goto(f"{guide_address}/t/river/form")
    page.wait_for_selector(READY)
    until(page, "Boolean(hugerte.activeEditor?.initialized)")
    yield page
    assert refused == []


def until(page: Page, condition: str) -> None:
    """Wait for a condition; the page's policy forbids what Playwright's own waiting does."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came: {condition}")


def content(page: Page) -> str:
    return str(page.evaluate("hugerte.activeEditor.getContent()"))


def paste(page: Page, html: str) -> str:
    page.evaluate(
        "html => hugerte.activeEditor.execCommand('mceInsertClipboardContent', false, {html})", html
    )
    return content(page)


def test_what_documents_are_made_of_is_kept_as_it_is(page: Page) -> None:
    for html in (
        '<p style="text-indent: 2em;">正文</p>',
        '<p style="text-align: center;"><u>下划线</u></p>',
        "<section>\n<p>一节</p>\n</section>",
        '<p><a href="/m/0123/表.xlsx">附件</a>㎡〔2024〕18号</p>',
        TABLE,
    ):
        page.evaluate("html => hugerte.activeEditor.setContent(html)", html)

        assert content(page) == html


def test_what_word_brings_loses_its_dressing_and_keeps_its_structure(page: Page) -> None:
    pasted = paste(page, WORD)

    assert not re.search(r"mso|Mso|font-family|<span|<o:|<font|file:|onclick|script|color", pasted)
    assert re.search(r"<h\d>关于开展检查的通知</h\d>", pasted)
    assert '<p style="text-indent: 2em;">各乡镇：</p>' in pasted
    assert re.search(r"<ol>\s*<li>准备材料</li>\s*<li>按时报送</li>\s*</ol>", pasted)
    assert re.search(
        r'<p style="text-indent: 2em;">一、<(b|strong)>检查范围</(b|strong)></p>', pasted
    )
    assert re.search(r'<td[^>]*colspan="2"', pasted)
    assert '<p style="text-align: center;">单位<u>名称</u></p>' in pasted
    assert "完" in pasted


def test_a_pasted_image_is_sent_to_the_server(page: Page) -> None:
    paste(page, f'<p><img src="data:image/png;base64,{PIXEL}"></p>')

    until(page, "hugerte.activeEditor.getContent().includes('mark.svg')")


def test_the_first_line_is_indented_by_one_button(page: Page) -> None:
    page.evaluate("hugerte.activeEditor.setContent('<p>正文</p>')")

    page.click("button[aria-label='首行缩进两字']")
    assert content(page) == '<p style="text-indent: 2em;">正文</p>'
    page.click("button[aria-label='首行缩进两字']")
    assert content(page) == "<p>正文</p>"


def test_what_is_written_is_what_is_sent(page: Page) -> None:
    page.frame_locator(READY).locator("body").click()
    page.keyboard.type("第一段")

    until(page, "document.getElementById('body').value === '<p>第一段</p>'")
    assert page.evaluate("document.querySelector('form[data-watch]').dataset.changed") == ""


def test_every_tool_and_dialog_speaks_chinese(page: Page) -> None:
    labels = page.eval_on_selector_all(
        ".tox-toolbar button, .tox-toolbar__primary button", "all => all.map(b => b.ariaLabel)"
    )
    for command in ("mceLink", "mceImage", "SearchReplace", "mceWordCount", "mceShowCharmap"):
        page.evaluate("command => hugerte.activeEditor.execCommand(command)", command)
        page.wait_for_selector(".tox-dialog")
        labels += page.inner_text(".tox-dialog").split("\n")
        page.keyboard.press("Escape")
        page.wait_for_selector(".tox-dialog", state="detached")

    assert len(labels) > 40
    assert [label for label in labels if label and re.search("[A-Za-z]{2}", label)] == []
