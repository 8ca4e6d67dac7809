"""How instants, sizes and numbers are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from hosting.console.display import count, day, file_size, moment, since

SHANGHAI = ZoneInfo("Asia/Shanghai")
INSTANT = datetime(2024, 9, 30, 16, 5, 9, tzinfo=UTC)


def test_an_instant_is_shown_as_it_is_here_with_its_machine_form() -> None:
    assert moment(INSTANT, SHANGHAI) == (
        '<time datetime="2024-10-01T00:05:09+08:00">2024-10-01 00:05</time>'
    )


def test_what_has_no_time_yet_is_a_dash() -> None:
    assert moment(None, SHANGHAI) == '<span class="nothing">—</span>'
    assert day(None) == moment(None, SHANGHAI)


def test_a_day_has_no_hour() -> None:
    assert day(date(2024, 5, 1)) == '<time datetime="2024-05-01">2024-05-01</time>'


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2024-09-30T16:05:30", ">刚刚<"),
        ("2024-09-30T16:25:09", ">20 分钟前<"),
        ("2024-09-30T20:05:09", ">4 小时前<"),
        ("2024-10-02T16:05:09", ">2024-10-01 00:05<"),
        ("2024-09-30T15:00:00", ">2024-10-01 00:05<"),
    ],
)
def test_fresh_instants_say_how_long_ago(at: str, shown: str) -> None:
    with time_machine.travel(f"{at}+00:00", tick=False):
        assert shown in since(INSTANT, SHANGHAI)


@pytest.mark.parametrize(
    ("size_bytes", "written"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 kB"),
        (1_534_231, "1.5 MB"),
        (52_428_800, "50.0 MB"),
        (3 * 2**40, "3.0 TB"),
        (5000 * 2**40, "5000.0 TB"),
    ],
)
def test_sizes_have_the_unit_that_suits_them(size_bytes: int, written: str) -> None:
    assert file_size(size_bytes) == written


def test_large_numbers_have_their_thousands_apart() -> None:
    assert count(1_234_567) == "1,234,567"
