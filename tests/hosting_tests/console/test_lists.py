"""Lists keep their place in their address."""

from __future__ import annotations

import pytest
from flask import Flask

from hosting.console.lists import Listing, Paging


@pytest.fixture
def asked() -> Flask:
    return Flask(__name__)


def read(app: Flask, address: str) -> Listing:
    with app.test_request_context(address):
        return Listing.read(sorts=("-date", "title"), size=10)


def test_the_first_named_order_is_the_default(asked: Flask) -> None:
    listing = read(asked, "/")

    assert str(listing.sorting) == "-date"
    assert listing.direction("date") == "descending"
    assert listing.direction("title") == "none"


def test_a_heading_turns_the_order_it_stands_for_and_begins_others_their_own_way(
    asked: Flask,
) -> None:
    listing = read(asked, "/?q=通知&page=4")

    assert listing.sorted_address("date") == "?q=%E9%80%9A%E7%9F%A5&sort=date"
    assert listing.sorted_address("title") == "?q=%E9%80%9A%E7%9F%A5&sort=title"


def test_pages_keep_filters_and_order(asked: Flask) -> None:
    listing = read(asked, "/?state=live&sort=title")

    assert listing.page_address(3) == "?state=live&sort=title&page=3"
    assert listing.page_address(1) == "?state=live&sort=title"
    assert listing.unfiltered_address == "?sort=title"


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "٣", "9" * 30, ""])
def test_a_page_number_that_is_none_is_answered_with_a_page(asked: Flask, page: str) -> None:
    paging = read(asked, f"/?page={page}").of(25)

    assert 1 <= paging.page <= paging.pages == 3


def test_an_unknown_order_is_the_default(asked: Flask) -> None:
    assert str(read(asked, "/?sort=-password").sorting) == "-date"


def test_a_page_beyond_a_list_that_has_become_shorter_is_its_last(asked: Flask) -> None:
    paging = read(asked, "/?page=9").of(21)

    assert (paging.page, paging.offset, paging.first, paging.last) == (3, 20, 21, 21)


def test_an_empty_list_has_one_page_and_no_rows(asked: Flask) -> None:
    paging = read(asked, "/").of(0)

    assert (paging.pages, paging.first, paging.last, paging.offset) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("page", "total", "numbers"),
    [
        (1, 5, [1]),
        (1, 100, [1, 2, 3, None, 10]),
        (4, 100, [1, 2, 3, 4, 5, 6, None, 10]),
        (5, 1000, [1, 2, 3, 4, 5, 6, 7, None, 100]),
        (50, 1000, [1, None, 48, 49, 50, 51, 52, None, 100]),
        (10, 100, [1, None, 8, 9, 10]),
    ],
)
def test_page_numbers_name_the_ends_and_what_is_near(
    asked: Flask, page: int, total: int, numbers: list[int | None]
) -> None:
    paging: Paging = read(asked, f"/?page={page}").of(total)

    assert paging.numbers == numbers
