"""What changed between two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hosting.console.differences import Paragraph, compare

LINES = st.lists(st.sampled_from(["一、时间。", "二、材料。", "电话：1", "附件"]), max_size=8)


def kinds(paragraphs: list[Paragraph]) -> list[str]:
    return [paragraph.kind for paragraph in paragraphs]


def test_the_same_text_has_no_differences() -> None:
    assert compare("甲\n\n乙", "甲\n乙  \n") == []


def test_a_changed_word_is_shown_within_its_paragraph() -> None:
    [paragraph] = compare("材料一式三份报县发改局", "材料一式两份报县发改局")

    assert [(part.kind, part.text) for part in paragraph.parts] == [
        ("same", "材料一式"),
        ("removed", "三"),
        ("added", "两"),
        ("same", "份报县发改局"),
    ]


def test_numbers_and_latin_words_change_as_wholes() -> None:
    [paragraph] = compare("申报截至2024年9月30日", "申报截至2024年10月30日")

    assert [part.text for part in paragraph.parts if part.kind != "same"] == ["9", "10"]


def test_paragraphs_that_came_and_went_stand_in_their_order() -> None:
    paragraphs = compare("甲的全文\n乙的正文在此\n丙", "甲的全文\n丙\n丁的附言")

    assert kinds(paragraphs) == ["same", "removed", "same", "added"]


def test_what_did_not_change_is_counted_but_for_its_nearest() -> None:
    alike = "\n".join(f"第{n}段原文照旧" for n in "一二三四五六七")

    paragraphs = compare(alike + "\n甲", alike + "\n乙")

    assert paragraphs[0] == Paragraph("skipped", count=6)
    assert paragraphs[1].kind == "same"


@given(LINES, LINES)
def test_both_texts_can_be_read_back_from_the_differences(old: list[str], new: list[str]) -> None:
    paragraphs = compare("\n".join(old), "\n".join(new))

    skipped = sum(paragraph.count for paragraph in paragraphs)
    before = [p for p in paragraphs if p.kind in ("same", "changed", "removed")]
    after = [p for p in paragraphs if p.kind in ("same", "changed", "added")]
    if old != new:
        assert len(before) + skipped == len(old)
        assert len(after) + skipped == len(new)
        assert [text for p in after if (text := read(p, "added")) not in new] == []
        assert [text for p in before if (text := read(p, "removed")) not in old] == []


def read(paragraph: Paragraph, side: str) -> str:
    return "".join(part.text for part in paragraph.parts if part.kind in ("same", side))
