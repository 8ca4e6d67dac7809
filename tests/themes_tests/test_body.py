"""Bodies are laid out, and what they say stays."""

from __future__ import annotations

import pytest

from hosting.security.html import body_text, clean
from themes.body import laid_out
from themes.contract import CleanHtml


@pytest.mark.parametrize("typed", ["　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "\u2003\u2003", "  　"])
def test_indents_typed_as_spaces_are_not_added_to_the_style_sheets(typed: str) -> None:
    assert laid_out(CleanHtml(f"<p>{typed}第一条</p>")) == "<p>第一条</p>"


def test_spaces_within_a_paragraph_stay() -> None:
    body = CleanHtml("<p>甲　　　乙&nbsp;&nbsp;丙</p>")

    assert laid_out(body) == body


def test_empty_paragraphs_do_not_make_gaps() -> None:
    body = CleanHtml("<p>甲</p><p>&nbsp;</p><p><br></p><p>　</p><p>乙</p>")

    assert laid_out(body) == "<p>甲</p><p>乙</p>"


def test_those_addressed_stand_flush_left() -> None:
    body = CleanHtml("<p>各县、区人民政府：</p><p>现将有关事项通知如下：</p>")

    assert laid_out(body) == '<p class="to">各县、区人民政府：</p><p>现将有关事项通知如下：</p>'


def test_a_wide_table_scrolls_in_its_own_frame() -> None:
    table = "<table><tbody><tr><td>甲</td></tr></tbody></table>"

    assert laid_out(CleanHtml(table)) == f'<div class="scroll" tabindex="0">{table}</div>'


def test_what_a_reader_reads_is_the_same_before_and_after() -> None:
    body = clean(
        "<p>　　第一条　为了<b>规范</b></p><table><tr><td>甲<td>乙</table><p></p><img src='/m/a'>"
    )

    assert body_text(laid_out(CleanHtml(body))) == body_text(body)
