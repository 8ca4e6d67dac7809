"""Counts in a window: in memory, in Redis, and while Redis comes and goes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from hosting.runtime.cache import Cache, MemoryCache, RedisCache
from hosting.runtime.counters import Counters
from parts.redis_server import RedisSwitch


@dataclass
class Clock:
    """Time that passes when it is told to."""

    at: float = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Cache:
    """Either form."""
    if request.param == "memory":
        return MemoryCache()
    return RedisCache(request.getfixturevalue("redis_url"))


def test_each_subject_counts_by_itself_within_its_window(cache: Cache) -> None:
    counts = [cache.increment("limit:a", 60) for _ in range(3)]
    other = cache.increment("limit:b", 30, 5)

    assert [each.times for each in counts] == [1, 2, 3]
    assert other.times == 5
    assert all(59 < each.seconds_left <= 60 for each in counts)
    assert 29 < other.seconds_left <= 30


def test_looking_does_not_count(cache: Cache) -> None:
    assert cache.counted("limit:a").times == 0
    cache.increment("limit:a", 60)

    looked = [cache.counted("limit:a") for _ in range(3)]

    assert [each.times for each in looked] == [1, 1, 1]
    assert all(59 < each.seconds_left <= 60 for each in looked)


def test_a_later_count_does_not_put_off_the_end_of_the_window(cache: Cache) -> None:
    first = cache.increment("limit:a", 60)
    later = cache.increment("limit:a", 6_000)

    assert later.seconds_left <= first.seconds_left


def test_what_is_forgiven_begins_anew(cache: Cache) -> None:
    cache.increment("limit:a", 60, 5)
    cache.forget_count("limit:a")

    assert cache.counted("limit:a").times == 0
    assert cache.increment("limit:a", 60).times == 1


def test_no_count_is_lost_between_threads(cache: Cache) -> None:
    with ThreadPoolExecutor(8) as threads:
        counted = list(threads.map(lambda _: cache.increment("limit:a", 60).times, range(400)))

    assert sorted(counted) == list(range(1, 401))


def test_a_window_ends_with_its_time(clock: Clock) -> None:
    cache = MemoryCache(clock=clock)
    cache.increment("limit:a", 60, 9)
    clock.at += 60

    assert cache.counted("limit:a").times == 0
    assert cache.increment("limit:a", 60).times == 1


def test_subjects_made_up_by_the_thousand_push_out_none_that_was_reached(clock: Clock) -> None:
    counters = Counters(most=100, clock=clock)
    for _ in range(6):
        counters.increment("the one who is kept out", 600)

    for number in range(10_000):
        counters.increment(f"made up {number}", 600)

    assert counters.counted("the one who is kept out").times == 6
    assert len(counters) <= 100


def test_windows_that_are_over_go_first(clock: Clock) -> None:
    counters = Counters(most=10, clock=clock)
    for number in range(9):
        counters.increment(f"old {number}", 10, 50)
    clock.at += 10
    counters.increment("new", 600)

    counters.increment("newer", 600)

    assert counters.counted("new").times == 1
    assert len(counters) == 2


def test_values_that_come_and_go_push_out_no_count() -> None:
    """Host names that somebody makes up are kept in the same cache."""
    cache = MemoryCache(most=50)
    cache.increment("limit:a", 600, 5)

    for number in range(1_000):
        cache.set(f"host:{number}.gov.cn", {}, 60)

    assert cache.counted("limit:a").times == 5


def test_while_redis_is_away_a_process_goes_on_from_what_it_has_counted(
    redis_switch: RedisSwitch, clock: Clock
) -> None:
    cache = RedisCache(redis_switch.url, clock=clock)
    before = [cache.increment("limit:a", 600).times for _ in range(3)]
    redis_switch.stop()

    away = [cache.increment("limit:a", 600).times for _ in range(3)]

    assert (before, away) == ([1, 2, 3], [4, 5, 6])
    assert cache.counted("limit:a").times == 6


def test_a_limit_that_begins_while_redis_is_away_counts_from_the_first(
    redis_switch: RedisSwitch,
) -> None:
    redis_switch.stop()
    cache = RedisCache(redis_switch.url)

    assert [cache.increment("limit:a", 600).times for _ in range(3)] == [1, 2, 3]


def test_when_redis_is_back_all_processes_count_together_again(
    redis_switch: RedisSwitch, clock: Clock
) -> None:
    one, other = (RedisCache(redis_switch.url, clock=clock) for _ in range(2))
    redis_switch.stop()
    assert one.increment("limit:a", 600).times == other.increment("limit:a", 600).times == 1
    redis_switch.start()
    clock.at += 2

    together = [each.increment("limit:a", 600).times for each in (one, other, one, other)]

    assert together == [1, 2, 3, 4]


def test_what_is_forgiven_while_redis_is_away_is_forgiven_here(
    redis_switch: RedisSwitch, clock: Clock
) -> None:
    cache = RedisCache(redis_switch.url, clock=clock)
    cache.increment("limit:a", 600, 4)
    redis_switch.stop()

    cache.forget_count("limit:a")

    assert cache.increment("limit:a", 600).times == 1


@pytest.fixture
def silent_server() -> Iterator[tuple[str, Callable[[], int]]]:
    """The address of something that takes connections and never answers, and how many it took."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)

        def taken() -> int:
            found = 0
            try:
                while True:
                    server.accept()[0].close()
                    found += 1
            except BlockingIOError:
                return found

        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", taken


def test_a_redis_that_hangs_is_waited_for_once_and_then_left_alone_for_a_while(
    silent_server: tuple[str, Callable[[], int]], clock: Clock
) -> None:
    address, connections = silent_server
    cache = RedisCache(address, clock=clock)
    began = time.monotonic()

    counted = [cache.increment("limit:a", 600).times for _ in range(50)]
    cache.set("host:a", {}, 60)
    assert cache.get("host:a") == {}

    assert counted == list(range(1, 51))
    assert connections() == 1
    assert time.monotonic() - began < 5, "and not half a second for each"
    clock.at += 2
    assert cache.increment("limit:a", 600).times == 51
    assert connections() == 1, "asked once again"
