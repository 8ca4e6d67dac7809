"""What a reviewer is told of the difference between two editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tenants.content.facts import Attachment, EditionFacts
from tenants.workspace.bodies import for_console, for_storage
from tenants.workspace.changes import FIELDS, Change, Names, changes_between
from tenants.workspace.reading import readable

NAMES = Names({1: "通知公告", 2: "政策文件"}, ZoneInfo("Asia/Shanghai"))
BASE = EditionFacts(title="公告", column_id=1, body_html="<p>周一办理。</p>")
DIGEST, OTHER = "a" * 32, "b" * 32


def shown(change: Change) -> str:
    parts = [part for each in change.paragraphs for part in each.parts if part.kind != "same"]
    return change.before + change.after + change.note + "".join(part.text for part in parts)


@pytest.mark.parametrize(
    ("changed", "label", "text"),
    [
        ({"title": "通告"}, "标题", "公通"),
        ({"column_id": 2}, "所属栏目", "通知公告政策文件"),
        ({"extra_column_ids": (2,)}, "同时显示在", "政策文件"),
        ({"original_date": date(2020, 1, 2)}, "原始日期", "2020-01-02"),
        (
            {"publish_at": datetime(2026, 1, 1, 1, 30, tzinfo=UTC)},
            "定时发布",
            "2026-01-01 09:30",
        ),
        (
            {"withdraw_at": datetime(2026, 1, 1, 16, 30, tzinfo=UTC)},
            "定时撤稿",
            "2026-01-02 00:30",
        ),
        ({"valid_until": date(2031, 11, 30)}, "有效期至", "2031-11-30"),
        ({"validity": "废止"}, "有效性", "废止"),
        ({"lost_attachments": ("清单.doc",)}, "缺失的附件", "清单.doc"),
        ({"body_html": "<p>周二办理。</p>"}, "正文", "一二"),
        ({"attachments": (Attachment(5, "清单"),)}, "附件", "1. 清单"),
    ],
)
def test_a_change_is_told_under_its_label(
    changed: dict[str, object], label: str, text: str
) -> None:
    (told,) = changes_between(BASE, replace(BASE, **changed), NAMES)  # type: ignore[arg-type]  # as given

    assert told.label == label
    assert shown(told) == text


def test_every_fact_of_an_edition_is_compared() -> None:
    told = {*FIELDS, "body_html", "attachments"}

    assert told == set(EditionFacts.__dataclass_fields__)


def test_editions_that_say_the_same_do_not_differ() -> None:
    assert changes_between(BASE, replace(BASE), NAMES) == []


def test_a_link_that_leads_elsewhere_is_a_change_though_no_word_is() -> None:
    before = readable('<p>见<a href="https://a.gov.cn/">附表</a>。</p>')
    after = readable('<p>见<a href="https://b.example/">附表</a>。</p>')

    assert before == "见附表［链接：https://a.gov.cn/］。"
    assert before != after


def test_another_picture_under_the_same_name_is_a_change() -> None:
    before = readable(f'<p><img src="/m/{DIGEST}/图.png" alt=""></p>')
    after = readable(f'<p><img src="/m/{OTHER}/图.png" alt=""></p>')

    assert before == "［文件：图.png·aaaaaa］"
    assert before != after


def test_another_file_under_the_same_attachments_name_is_a_change() -> None:
    before = replace(BASE, attachments=(Attachment(5, "清单"),))
    after = replace(BASE, attachments=(Attachment(6, "清单"),))

    (told,) = changes_between(before, after, NAMES)

    assert "文件已更换" in shown(told)


def test_a_change_of_layout_alone_is_said_in_words() -> None:
    (told,) = changes_between(
        BASE, replace(BASE, body_html='<p style="text-indent:2em">周一办理。</p>'), NAMES
    )

    assert "仅版式" in told.note


def test_addresses_of_files_change_on_the_way_to_the_editor_and_back() -> None:
    stored = (
        f'<p>/m/{DIGEST}/字.png <img alt="x" src="/m/{DIGEST}/图.png">'
        f'<a href="/m/{OTHER}/表.pdf">表</a><a href="/zwgk/">其他</a></p>'
    )

    edited = for_console(stored, "river")

    assert f'src="/t/river/m/{DIGEST}/图.png"' in edited
    assert f'href="/t/river/m/{OTHER}/表.pdf"' in edited
    assert 'href="/zwgk/"' in edited
    assert for_storage(edited) == stored
