"""What people write is kept as they wrote it; what would act in a reader's browser is not."""

from __future__ import annotations

import html as entities
import json
import time
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosting.runtime.errors import Invalid
from hosting.security import html as html_module
from hosting.security.html import body_text, clean, clean_again, foreign_sources

NOTICE = (
    '<p style="text-align:center"><strong>云溪市人民政府办公室关于印发《方案》的通知</strong></p>'
    '<p style="text-indent:2em">云政办发〔2026〕1号，自２０２６年１月１日起施行；'
    "温度＜30℃，A&amp;B 两类。</p>"
    '<table border="1" width="100%"><caption>附表</caption><colgroup><col span="2" width="50%">'
    '</colgroup><thead><tr><th scope="col" colspan="2">名称</th></tr></thead><tbody><tr>'
    '<td rowspan="2" align="center" valign="top" style="width:120.5pt">甲</td><td>H<sub>2</sub>O'
    "</td></tr><tr><td>x<sup>2</sup></td></tr></tbody></table>"
    '<section><ol start="3" type="a"><li>一</li></ol><ul><li><u>二</u></li></ul>'
    "<dl><dt>术语</dt><dd>定义</dd></dl></section>"
    '<figure><img src="/m/0123456789abcdef/示意图.png" alt="图 a&gt;b" width="600" height="400">'
    "<figcaption>图一</figcaption></figure>"
    "<blockquote>引文</blockquote><h2>二级</h2><h6>六级</h6><pre>if a &lt; b &amp;&amp; c:</pre>"
    '<p><a href="https://www.gov.cn/a?b=1&amp;c=2#d">国务院</a>'
    '<a href="/art/2026/1/a.html">本站</a><a href="mailto:a@b.gov.cn">信箱</a></p>'
)


def dangers(html: str) -> Iterator[str]:
    """Everything in the parsed HTML that could run, load or pretend."""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield f"not an element: {element}"
        elif element.tag.split("}")[-1].lower() in FORBIDDEN_TAGS.split():
            yield element.tag
        else:
            yield from (
                f"{element.tag} {name}={value}"
                for name, value in element.attrib.items()
                if is_dangerous(str(name), str(value))
            )


FORBIDDEN_TAGS = """script style iframe frame object embed applet svg math foreignobject form
    input button textarea select template base meta link noscript"""


def is_dangerous(name: str, value: str) -> bool:
    shown = "".join(value.split()).lower()
    if name in ("href", "src", "poster"):
        return not shown.startswith(("http://", "https://", "mailto:", "tel:", "/", "#"))
    return name.startswith("on") or name in ("srcdoc", "xlink:href", "formaction", "action")


def hostile_cases(folder: Path) -> list[str]:
    """Payloads of DOMPurify's and bleach's own suites."""
    purify = json.loads((folder / "dompurify/cases.json").read_text(encoding="utf-8"))
    bleach = sorted((folder / "bleach_tests").glob("*.test"))
    return [case["payload"] for case in purify] + [
        path.read_text(encoding="utf-8").split("\n--\n")[0] for path in bleach
    ]


@pytest.mark.sample("hostile")
def test_hostile_html_of_other_sanitisers_suites_is_harmless_and_stable(sample: Path) -> None:
    cases = hostile_cases(sample)
    assert len(cases) > 240

    cleaned = [clean(case) for case in cases]

    assert [danger for html in cleaned for danger in dangers(html)] == []
    assert [clean(html) for html in cleaned] == cleaned


def test_an_official_document_comes_out_exactly_as_it_went_in() -> None:
    assert clean(NOTICE) == NOTICE


@pytest.mark.parametrize(
    "text",
    [
        "〔2026〕1号",
        "《条例》“引号”——……",
        "a < b && c > d",
        "&lt;script&gt;",
        "1<2",
        "<注>",
        "　　缩进",
    ],
)
def test_text_reads_the_same_after_cleaning(text: str) -> None:
    assert body_text(clean(f"<p>前{entities.escape(text)}后</p>")) == f"前{text}后"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<script>alert(1)</script>正文", "正文"),
        ('<p onclick="a()">正文</p>', "<p>正文</p>"),
        ('<iframe src="//x">内</iframe>正文', "正文"),
        ('<form action="/x"><p>正文</p><input name="a"><button>提交</button></form>',
         "<div><p>正文</p></div>"),
        ('<a href="java\nscript:alert(1)">正文</a>', "<a>正文</a>"),
        ('<a href="/\t/evil.example/">正文</a>', "<a>正文</a>"),
        ('<a href="/\\evil.example/">正文</a>', "<a>正文</a>"),
        ('<a href="https://www.gov.cn@evil.example/">正文</a>', "<a>正文</a>"),
        ('<img src="data:image/png;base64,AAAA">正文', "正文"),
        ('<img src="http://evil.example/a.png" alt="x">正文', "正文"),
        ('<p style="position:fixed;text-align:right;background:url(//x)">正文</p>',
         '<p style="text-align:right">正文</p>'),
        ('<p style="text-indent:-9999px;display:none">正文</p>', "<p>正文</p>"),
        ("<!-- 注释 -->正文", "正文"),
        ("正\x00\x08文\ud800", "正文"),
    ],
)  # fmt: skip
def test_what_could_act_is_dropped_and_the_text_stays(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_headings_and_old_spellings_become_what_a_page_may_have() -> None:
    assert clean("<h1>题</h1>文") == "<h2>题</h2>文"
    assert clean("<center>题</center>") == '<div align="center">题</div>'
    assert clean("<article>一</article><nav>二</nav>") == "<div>一</div><div>二</div>"


def test_anchors_keep_working_without_taking_names_of_the_page() -> None:
    assert clean('<a href="#注1">①</a><p id="注1">注</p>') == (
        '<a href="#a-注1">①</a><p id="a-注1">注</p>'
    )


def test_addresses_of_pictures_that_will_be_dropped_can_be_told() -> None:
    html = '<img src="/m/1/a.png"><img src="http://old.example/b.png"><img src="c.png">'

    assert foreign_sources(html) == ("http://old.example/b.png", "c.png")


def test_text_has_a_line_for_each_block_and_row() -> None:
    html = "<h2>题</h2><p>　　第一\n段。<br>换行</p><table><tr><td>甲</td><td>乙</td></tr></table>"

    assert body_text(clean(html)) == "题\n第一段。\n换行\n甲 乙"


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 100_000,
        "".join(f"<font size={n}><p>" for n in range(3_000)),
        "x" * 8_000 + "".join(f"<b id=x{n}><p>" for n in range(3_000)),
        "<svg>" + "<g>" * 100_000 + "</y>" * 100_000,
        # Behind so much sound text that a beginning half as long again holds the whole of it.
        "x" * 600_000 + "".join(f"<b id=x{n}><p>" for n in range(4_500)),
        "x" * 600_000 + "".join(f"<b id=x{n}><p><!--</b>-->" for n in range(4_500)),
        "x" * 600_000 + "".join(f"<b x='>{n}'><p>" for n in range(4_500)),
    ],
    ids=["depth", "formatting", "late", "foreign", "far", "hidden closes", "quoted"],
)
def test_markup_that_would_choke_a_parser_is_refused_at_once(bomb: str) -> None:
    began = time.process_time()

    with pytest.raises(Invalid) as refused:
        clean(bomb)

    assert refused.value.code == "html_too_deep"
    assert time.process_time() - began < 5


def test_what_came_in_can_always_come_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_module, "MAXIMUM_CHARACTERS", 10_000)
    longest = "&" * 2_000

    assert clean(clean(longest)) == clean(longest)
    with pytest.raises(Invalid) as refused:
        clean(longest + "&")
    assert refused.value.code == "html_too_long"


def test_a_stored_text_is_cleaned_again_and_never_refused() -> None:
    assert clean_again('<p onclick="a()">文</p><script>a()</script>') == "<p>文</p>"
    assert clean_again(NOTICE) == NOTICE
    assert clean_again("<div>" * 600) == "<div>" * 600 + "</div>" * 600


def test_a_long_text_costs_no_more_than_its_length() -> None:
    began = time.process_time()

    clean("<p>第一条　为了规范</p>" * 40_000)

    assert time.process_time() - began < 3


PIECES = """<p> </p> <div> </div> <b> </b> <i> <a> <a/href='/x'> </a> <table> <tr> <td> </table>
    <form> </form> <svg> <math> <mtext> <style> </style> <title> <!-- --> <select> <option>
    <button> <h1> </h1> <center> <li> <ul> </ul> <img/src='/a'> <font> </font> <noscript>
    <caption> <s> <p/style='width:1px;x:y'> <p/id='x'> <template> <mglyph> <nobr> <dd> <rt>
    <script> &lt; <"""
PIECE = st.sampled_from(PIECES.split())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECE, st.text(max_size=6)), max_size=40).map("".join))
def test_cleaning_twice_is_cleaning_once_and_nothing_acts(html: str) -> None:
    cleaned = clean(html)

    assert clean(cleaned) == cleaned
    assert list(dangers(cleaned)) == []


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp"))))
def test_any_text_survives_cleaning(text: str) -> None:
    assert body_text(clean(entities.escape(text))) == text
