"""Times that an edition names, as people write, sign and watch them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from hosting.runtime.clock import local, now, today
from parts.people import Browser
from parts.workplace import Office, bench_of
from tenants.review.due import EXPIRE, ISSUE, WITHDRAW, Due
from tenants.review.operations.scheduled import (
    expire_scheduled,
    note_hindrance,
    withdraw_scheduled,
)
from tenants.review.operations.signing import open_edition_of

DAY = timedelta(days=1)


def typed(when: datetime) -> str:
    """As the field for a moment sends it: by the clock here, to the minute."""
    return f"{local(when):%Y-%m-%dT%H:%M}"


def seen(when: datetime) -> str:
    """As pages show it."""
    return f"{local(when):%Y-%m-%d %H:%M}"


def create(office: Office, browser: Browser, **said: object) -> tuple[int, str, str]:
    """Send the form for a new item: (status, page or "", where one is led)."""
    with bench_of(office) as bench:
        column = bench.columns["/tzgg/"].id
    path = office.path("items/new")
    said = {"title": "公告", "column_id": column, "body_html": "<p>正文</p>", **said}
    answer = browser.post(path, on=path, **said)
    return answer.status_code, unescape(answer.text), answer.headers.get("Location", "")


def page(office: Office, role: str, rest: str) -> str:
    return unescape(office.browser(role).get(office.path(rest)).text)


def error_of(page: str, field: str) -> str:
    """What is said at a field."""
    found = re.search(rf'id="{field}-wrong"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""


def test_times_are_typed_by_the_clock_here_and_kept_in_utc(county: Office) -> None:
    editor = county.browser("editor")

    _, _, led = create(
        county,
        editor,
        publish_at="2030-01-01T09:30",
        withdraw_at="2030-02-01T00:30",
        valid_until="2035-12-31",
    )

    with bench_of(county) as bench:
        item_id = int(led.split("/")[-2])
        written = open_edition_of(bench.session, item_id)
        assert written.publish_at == datetime(2030, 1, 1, 1, 30, tzinfo=UTC)
        assert written.withdraw_at == datetime(2030, 1, 31, 16, 30, tzinfo=UTC)
        assert written.ends_at == datetime(2035, 12, 31, 16, 0, tzinfo=UTC)
    shown = page(county, "editor", f"items/{item_id}/")
    assert "定于 2030-02-01 00:30 撤下" in shown
    assert "有效期至 2035-12-31" in shown


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (
            {"publish_at": typed(now() + 2 * DAY), "withdraw_at": typed(now() + DAY)},
            "withdraw_at",
            "撤下时间应晚于定时发布的时间",
        ),
        (
            {"withdraw_at": typed(now() - DAY), "next": "submit"},
            "withdraw_at",
            "请改为将来的时间，或留空",
        ),
        (
            {"effective_date": "2026-12-01", "valid_until": "2026-11-30"},
            "valid_until",
            "有效期的最后一天不得早于施行日期",
        ),
        ({"withdraw_at": "0001-01-01T00:00"}, "withdraw_at", "年份应在 1900 至 2999 之间"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field_with_what_was_typed(
    county: Office, said: dict[str, str], field: str, words: str
) -> None:
    status, shown, _ = create(county, county.browser("editor"), **said)

    assert status == 422
    assert words in error_of(shown, field)
    assert f'value="{said[field]}"' in shown


def test_reviewers_see_when_it_goes_out_comes_down_and_ends_before_they_sign(
    county: Office,
) -> None:
    out, down = now() + DAY, now() + 9 * DAY
    with bench_of(county) as bench:
        written = bench.write(
            "公告", publish_at=out, withdraw_at=down, valid_until=today() + 8 * DAY
        )
        bench.hand_in(written)

    shown = page(county, "first_reviewer", f"reviews/{written.id}/")
    queue = page(county, "first_reviewer", "reviews/?stage=first")

    beside = shown.split('id="signing"')[1]
    assert f"定于 {seen(out)} 发布" in beside
    assert f"定于 {seen(down)} 撤下" in beside
    assert f"有效期至 {today() + 8 * DAY}" in beside
    assert f"{seen(down)} 撤下" in queue


def test_a_changed_end_is_among_the_differences(county: Office) -> None:
    before, after = now() + DAY, now() + 2 * DAY
    with bench_of(county) as bench:
        live = bench.publish(bench.write("公告", withdraw_at=before))
        changed = bench.hand_in(bench.change(live, withdraw_at=after, body_html=live.body_html))

    shown = page(county, "first_reviewer", f"reviews/{changed.id}/")

    differences = shown.split('id="changes"')[1].split("</section>")[0]
    assert seen(before) in differences
    assert seen(after) in differences


def test_what_will_come_down_says_so_on_its_page_in_lists_and_on_the_desk(county: Office) -> None:
    down = now() + DAY
    with bench_of(county) as bench:
        live = bench.publish(bench.write("招聘公告", withdraw_at=down))

    assert f"将于 {seen(down)} 自动撤下" in page(county, "editor", f"items/{live.item_id}/")
    assert "定时撤稿" in page(county, "editor", "items/").split("招聘公告")[1].split("</tr>")[0]
    desk = page(county, "editor", "").split('id="planned"')[1].split("</section>")[0]
    assert "招聘公告" in desk
    assert "届时自动撤下" in desk
    assert seen(down) in desk


def test_what_came_down_and_what_has_expired_is_told_in_the_record(
    county: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench_of(county) as bench:
        down = bench.publish(bench.write("甲公告", withdraw_at=now() + DAY))
        over = bench.publish(bench.write("乙办法", valid_until=today() - DAY))
    with bench_of(county) as bench, monkeypatch.context() as patched:
        patched.setattr("tenants.review.operations.scheduled.now", lambda: down.withdraw_at)
        withdraw_scheduled(bench.session, down.id)
        expire_scheduled(bench.session, over.id)

    assert "到时自动撤稿" in page(county, "editor", f"items/{down.item_id}/")
    shown = page(county, "editor", f"items/{over.item_id}/")
    assert f"有效期至 {today() - DAY}，自动标明失效" in shown
    assert f"有效期至 {today() - DAY}，已失效" in shown
    assert "已失效" in page(county, "editor", "items/").split("乙办法")[1].split("</tr>")[0]
    assert "乙办法" not in page(county, "editor", "schedule/")


def planned_in(text: str) -> list[str]:
    """The titles of a schedule, in its order."""
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', text)


def test_the_schedule_lists_what_is_planned_soonest_first(
    county: Office, department: Office
) -> None:
    with bench_of(county) as bench:
        bench.publish(bench.write("三", valid_until=today() + 3 * DAY))
        bench.publish(bench.write("二", withdraw_at=now() + 2 * DAY))
        bench.write("一", publish_at=now() + DAY)
        bench.publish(bench.write("四", publish_at=now() + 4 * DAY, withdraw_at=now() + 5 * DAY))
        bench.write("没有时间的")
    with bench_of(department) as bench:
        bench.write("外单位的", publish_at=now() + DAY)

    shown = page(county, "editor", "schedule/")

    assert planned_in(shown) == ["一", "二", "三", "四", "四"]
    assert "审核未完成，届时不会发布" in shown
    assert "届时自动发布" in shown
    assert planned_in(page(county, "contributor", "schedule/")) == []
    assert "没有时间安排" in page(county, "contributor", "schedule/")


def test_a_long_schedule_has_pages(county: Office) -> None:
    with bench_of(county) as bench:
        for number in range(32):
            bench.write(f"第{number:02d}号", publish_at=now() + DAY * (number + 1))

    first, second = (page(county, "editor", f"schedule/?page={each}") for each in (1, 2))

    assert planned_in(first) == [f"第{number:02d}号" for number in range(30)]
    assert planned_in(second) == ["第30号", "第31号"]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("column_not_open", "所在栏目尚未公开"),
        ("altered", "内容与签署时不一致"),
        ("secrecy_review_missing", "尚未通过保密审查"),
        ("path_taken", "系统会再次尝试"),
    ],
)
def test_what_was_not_done_at_its_time_says_why_where_people_look(
    county: Office, monkeypatch: pytest.MonkeyPatch, why: str, words: str
) -> None:
    with bench_of(county) as bench:
        live = bench.publish(bench.write("公告", withdraw_at=now() + DAY))
        at = live.withdraw_at
        assert at is not None
        note_hindrance(bench.session, Due(at, WITHDRAW, live.id), why=why)
    monkeypatch.setattr("tenants.workspace.presenters.planned.now", lambda: at)

    shown = page(county, "issuer", f"items/{live.item_id}/")
    desk = page(county, "issuer", "").split('id="planned"')[1].split("</section>")[0]

    assert f"应于 {seen(at)} 撤下，尚未办理" in shown
    assert words in shown
    assert "到时未撤下" in desk
    assert words in desk


def test_acts_of_one_instant_stand_in_the_order_in_which_they_are_done() -> None:
    at = now()
    acts = [Due(at, act, 1) for act in (EXPIRE, WITHDRAW, ISSUE)]

    assert [each.act for each in sorted(acts, key=lambda each: each.turn)] == [
        ISSUE,
        WITHDRAW,
        EXPIRE,
    ]
