"""Searching too often: who does has to wait, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import Client, TestResponse

from hosting.directory.application import create_application
from hosting.publishing.tree import PublicFolder
from hosting.runtime.cache import MemoryCache, open_cache
from hosting.runtime.runtime import Runtime
from parts.platform import HILL, RIVER, Place
from parts.redis_server import RedisSwitch

HERE, THERE = "203.0.113.7", "198.51.100.4"


class Readers:
    """Readers of both sites, at addresses of their own."""

    def __init__(self, runtime: Runtime, **settings: object) -> None:
        limits = {"search_limit_of_address": 3, "search_limit_of_tenant": 5} | settings
        self.settings = replace(runtime.settings, **limits)  # type: ignore[arg-type]  # as given
        self.now = 1_000.0
        cache = open_cache(self.settings)
        if isinstance(cache, MemoryCache):
            cache = MemoryCache(clock=lambda: self.now)
        self.client = Client(
            create_application(replace(runtime, settings=self.settings, cache=cache))
        )
        for place in (RIVER, HILL):
            folder = PublicFolder(runtime.settings.home).hosts / place.host
            folder.mkdir(parents=True, exist_ok=True)

    def ask(
        self, place: Place, query: str = "?q=通知", at: str = HERE, **headers: str
    ) -> TestResponse:
        return self.client.get(
            f"/-/search{query}",
            base_url=f"http://{place.host}",
            environ_base={"REMOTE_ADDR": at},
            headers=headers,
        )

    def search(self, place: Place, times: int, at: str = HERE, **headers: str) -> list[int]:
        return [self.ask(place, at=at, **headers).status_code for _ in range(times)]


@pytest.fixture(params=["memory", "redis"])
def readers(request: pytest.FixtureRequest, runtime: Runtime) -> Readers:
    """Counted in memory, or in Redis."""
    url = "" if request.param == "memory" else request.getfixturevalue("redis_url")
    return Readers(runtime, redis_url=url)


def test_an_address_that_searches_too_often_waits_and_others_search_on(
    readers: Readers, river: Place
) -> None:
    assert readers.search(river, 5) == [200] * 3 + [429] * 2
    assert readers.search(river, 2, at=THERE) == [200] * 2


def test_an_address_is_counted_over_all_sites(readers: Readers, river: Place, hill: Place) -> None:
    assert readers.search(river, 2) == [200] * 2
    assert readers.search(hill, 3) == [200, 429, 429]


def test_a_tenant_that_is_searched_too_often_leaves_the_other_alone(
    readers: Readers, river: Place, hill: Place
) -> None:
    at_river = [readers.ask(river, at=f"198.51.100.{number}") for number in range(7)]

    assert [each.status_code for each in at_river] == [200] * 5 + [429] * 2
    assert readers.search(hill, 3) == [200] * 3


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%E3%80%80", "?page=2"])
def test_the_empty_search_page_is_not_counted(readers: Readers, river: Place, query: str) -> None:
    assert [readers.ask(river, query).status_code for _ in range(9)] == [200] * 9
    assert readers.search(river, 4) == [200] * 3 + [429]


def test_further_pages_of_a_search_are_searches(readers: Readers, river: Place) -> None:
    pages = [readers.ask(river, f"?q=通知&page={number}").status_code for number in range(1, 5)]

    assert pages == [200] * 3 + [429]


def test_the_answer_says_in_both_languages_when_to_try_again(
    readers: Readers, river: Place
) -> None:
    readers.search(river, 3)

    answer = readers.ask(river)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "搜索过于频繁，请 1 分钟后再试。" in answer.text
    assert "Too many searches. Try again in 1 min." in answer.text
    assert "通知" not in answer.text


def test_the_wait_ends_with_the_window(runtime: Runtime, river: Place) -> None:
    readers = Readers(runtime)
    assert readers.search(river, 4) == [200] * 3 + [429]

    readers.now += readers.settings.search_window_seconds

    assert readers.search(river, 4) == [200] * 3 + [429]


def test_what_a_reader_says_of_their_address_changes_nothing(
    readers: Readers, river: Place
) -> None:
    answers = [
        readers.ask(
            river, X_Forwarded_For=f"198.51.100.{n}", X_Real_IP=f"198.51.100.{n}"
        ).status_code
        for n in range(5)
    ]

    assert answers == [200] * 3 + [429] * 2


@pytest.fixture
def away(runtime: Runtime, redis_switch: RedisSwitch) -> tuple[Readers, RedisSwitch]:
    """Readers, and the Redis in which they are counted."""
    return Readers(runtime, redis_url=redis_switch.url), redis_switch


def test_without_redis_the_limit_holds_and_searching_goes_on(
    away: tuple[Readers, RedisSwitch], river: Place
) -> None:
    readers, redis = away
    assert readers.search(river, 4) == [200] * 3 + [429]

    redis.stop()

    assert readers.search(river, 2) == [429] * 2
    assert readers.search(river, 3, at=THERE) == [200] * 2 + [429], "the tenant's limit holds too"


def test_the_standard_limits_leave_a_county_office_behind_one_address_at_work(
    runtime: Runtime,
) -> None:
    """Two hundred people who each search once in 45 seconds, and two who hold a key down."""
    people, each_seconds = 200, 45
    window = runtime.settings.search_window_seconds

    assert runtime.settings.search_limit_of_address >= people * window / each_seconds + 2 * 15
    assert runtime.settings.search_limit_of_tenant >= 10 * runtime.settings.search_limit_of_address
