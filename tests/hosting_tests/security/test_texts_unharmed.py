"""Two thousand official texts, laid out as offices lay them out, come out as they went in."""

from __future__ import annotations

import gzip
import html as entities
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import lxml.html
import pytest

from hosting.security.html import clean

_PARAGRAPHS = 12
# What stands in real texts and looks like markup to a careless tool.
SNIPPETS = (
    "云政办发〔2026〕{n}号，自２０２６年１月１日起施行；气温＜{n}℃、湿度＞60%",
    "if (a < {n} && b > 2) {{ return x & y; }}",
    '<a href="x">不是链接</a> &amp; &lt;b&gt; &nbsp; ]]> <!-- 不是注释 -->',
    "SELECT * FROM t WHERE a <> {n} AND b = 'O''Brien' -- 注",
    "「引」『文』——……·、。．，｜￥％‰①②㈠Ⅳ㎡℃ 𠮷野家 👨‍👩‍👧",
    "联系人：张三 <zhangsan@example.gov.cn>，电话：0771-586325{n}",
)


def official(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(title, paragraphs) of laws and local rules."""
    for name in ("laws_national", "laws_local_zj_sh_ha"):
        for path in sorted(folder.glob(f"{name}*")):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    said = json.loads(line)
                    yield said["title"], said["text"].split("\n")


def laid_out(number: int, title: str, paragraphs: list[str]) -> tuple[str, list[str]]:
    """(HTML, its words in order): centred title, indented text, a table, a list, a sample."""
    said = [each.strip() for each in paragraphs if each.strip()][:_PARAGRAPHS]
    snippet = SNIPPETS[number % len(SNIPPETS)].format(n=number)
    words = [title, *said, "序号", "责任单位", str(number), snippet, snippet, snippet, "原文"]
    put = [entities.escape(each, quote=False).replace("\xa0", "&nbsp;") for each in words]
    body = "".join(f'<p style="text-indent:2em">{each}</p>' for each in put[1 : 1 + len(said)])
    *_, first, second, third, cell, item, sample, link = put
    return (
        f'<p style="text-align:center"><strong>{put[0]}</strong></p>{body}'
        f'<table border="1"><thead><tr><th scope="col">{first}</th>'
        f'<th scope="col" colspan="2">{second}</th></tr></thead><tbody><tr><td>{third}</td>'
        f'<td align="right">{cell}</td></tr></tbody></table><ol start="3"><li>{item}</li></ol>'
        f'<pre>{sample}</pre><p><a href="https://www.gov.cn/a?b=1&amp;c=2">{link}</a></p>'
    ), words


@pytest.mark.sample("documents")
def test_two_thousand_official_texts_come_out_as_they_went_in(
    sample: Path, record_property: Callable[[str, object], None]
) -> None:
    harmed, tried = [], 0
    for number, (title, paragraphs) in enumerate(islice(official(sample), 2_000)):
        html, words = laid_out(number, title, paragraphs)
        cleaned = clean(html)
        tried += 1
        if cleaned != html or clean(cleaned) != html or read_in(cleaned) != "".join(words):
            harmed.append(title)

    record_property("tried", tried)

    assert harmed == []
    assert tried == 2_000


def read_in(html: str) -> str:
    """What a browser would show of it."""
    return str(lxml.html.fragment_fromstring(html, create_parent="div").text_content())
