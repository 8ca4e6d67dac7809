"""Bytes become text whatever the page says of itself."""

from __future__ import annotations

from migrations.legacy.reading.charset import decode

_TEXT = "清河镇人民政府关于印发防汛预案的通知，镇长朱镕江签发"


def _page(label: str, encoding: str) -> bytes:
    return f'<html><meta charset="{label}"><p>{_TEXT}</p></html>'.encode(encoding)


def test_gb2312_pages_keep_the_characters_that_gb2312_lacks() -> None:
    decoded = decode(_page("gb2312", "gb18030"))

    assert "朱镕江" in decoded.text
    assert (decoded.encoding, decoded.label) == ("gb18030", None)


def test_utf8_labelled_gb2312_is_read_as_utf8_and_the_label_named() -> None:
    decoded = decode(_page("gb2312", "utf-8"))

    assert _TEXT in decoded.text
    assert (decoded.encoding, decoded.label) == ("utf-8", "gb2312")


def test_a_byte_order_mark_goes_before_everything() -> None:
    assert _TEXT in decode(b"\xef\xbb\xbf" + _page("gbk", "utf-8")).text
    assert _TEXT in decode("\ufeff".encode("utf-16-le") + _TEXT.encode("utf-16-le")).text


def test_pages_without_a_label_are_read() -> None:
    assert _TEXT in decode(_TEXT.encode("gb18030")).text
    assert _TEXT in decode(_TEXT.encode()).text


def test_big5_without_a_label_is_not_taken_for_gbk() -> None:
    text = "臺北市政府公告：為便利民眾，自即日起調整服務時間，敬請配合辦理。"

    assert decode(text.encode("big5")).text == text


def test_a_few_broken_bytes_cost_a_few_characters_and_no_more() -> None:
    decoded = decode(_page("gb2312", "gb18030") * 20 + b"\xff")

    assert decoded.text.count(_TEXT) == 20
    assert decoded.lost == 1
