"""Lists of items: narrowed, sorted, and they keep their place."""

from __future__ import annotations

import re

import pytest

from parts.workplace import Office, bench_of


@pytest.fixture
def titles(county: Office) -> None:
    """Items in three states and columns."""
    with bench_of(county) as bench:
        bench.write("甲草稿", "/tzgg/")
        bench.publish(bench.write("乙公告", "/zwgk/zcwj/xzfwj/", doc_number="清政发〔2026〕8号"))
        bench.hand_in(bench.write("丙通知", "/zwgk/zcjd/"))
        bench.write("丁信息", "/llz/zwgk/", "contributor")


def listed(county: Office, query: str = "") -> list[str]:
    page = county.browser("editor").get(county.path(f"items/?{query}")).text
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_the_last_written_stands_first(county: Office, titles: None) -> None:
    assert listed(county) == ["丁信息", "丙通知", "乙公告", "甲草稿"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=公告", ["乙公告"]),
        ("words=清政发", ["乙公告"]),
        ("state=draft", ["丁信息", "甲草稿"]),
        ("state=first_review", ["丙通知"]),
        ("state=published", ["乙公告"]),
        ("state=withdrawn", []),
        ("state=nonsense", ["丁信息", "丙通知", "乙公告", "甲草稿"]),
        ("mine=y", ["丙通知", "乙公告", "甲草稿"]),
    ],
)
def test_a_filter_leaves_what_it_names(
    county: Office, titles: None, query: str, found: list[str]
) -> None:
    assert listed(county, query) == found


def test_a_column_stands_for_those_below_it_too(county: Office, titles: None) -> None:
    with bench_of(county) as bench:
        top = bench.columns["/zwgk/"].id

    assert listed(county, f"column={top}") == ["丙通知", "乙公告"]


def test_a_list_is_paged_and_a_page_beyond_its_end_is_the_last(county: Office) -> None:
    with bench_of(county) as bench:
        for number in range(35):
            bench.write(f"第{number:02}号公告")

    assert len(listed(county)) == 30
    assert listed(county, "page=2") == listed(county, "page=99")
    assert len(listed(county, "page=2")) == 5
    assert listed(county, "sort=title")[0] == "第00号公告"


def test_what_another_tenant_wrote_is_never_listed(
    county: Office, department: Office, titles: None
) -> None:
    with bench_of(department) as bench:
        bench.write("市教育局内部安排")

    assert "市教育局内部安排" not in listed(county)
    assert (
        "市教育局内部安排"
        not in county.browser("editor").get(county.path("palette?q=市教育局")).text
    )


def test_the_palette_finds_items_and_columns(county: Office, titles: None) -> None:
    editor, admin = county.browser("editor"), county.browser("tenant_admin")

    assert "乙公告" in editor.get(county.path("palette?q=乙公")).text
    assert "/zwgk/zcjd/" in admin.get(county.path("palette?q=政策解读")).text


def test_a_column_reader_finds_a_wait_counted_from_the_last_step(county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.hand_in(bench.write("公告"))

    page = county.browser("first_reviewer").get(county.path("reviews/")).text

    assert f"reviews/{written.id}/" in page
    assert "刚刚送到" in page
