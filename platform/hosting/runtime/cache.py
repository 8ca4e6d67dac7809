"""A small cache of JSON values and counts: process memory, or Redis where it is configured.

Everything in it may vanish at any time. Keys of tenants are made by `tenant_cache_key` only.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import redis

from hosting.runtime.counters import NOTHING, Count, Counters
from hosting.runtime.settings import Settings

# After Redis has failed to answer it is left alone for so long: else each request waits for it.
_PAUSE_SECONDS = 2.0
_ANSWER_SECONDS = 0.5


class Cache(Protocol):
    """Values are what JSON can hold; a cache that is away answers None and forgets."""

    def get(self, key: str) -> Any:
        """The value, or None."""

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep a value for so many seconds."""

    def delete(self, key: str) -> None:
        """Forget a value."""

    def forget_tenant(self, tenant_id: int) -> int:
        """Forget all values of a tenant, as far as this process can reach; how many there were."""

    def increment(self, key: str, seconds: int, times: int = 1) -> Count:
        """Count up a window of so many seconds that begins with the first count; the new count."""

    def counted(self, key: str) -> Count:
        """What was counted in the window that runs, without counting."""

    def forget_count(self, key: str) -> None:
        """Let the next count begin a new window."""


def tenant_cache_key(tenant_id: int, *parts: object) -> str:
    """The only way to make a key for a tenant's value."""
    return ":".join(("t", str(tenant_id), *(str(part) for part in parts)))


def open_cache(settings: Settings) -> Cache:
    """Redis where it is configured, else this process's memory."""
    return RedisCache(settings.redis_url) if settings.redis_url else MemoryCache()


class MemoryCache:
    """A dictionary with ends; at most `most` keys, the oldest go first. Safe between threads.

    Counts stand apart: values that come and go by the thousand push none of them out.
    """

    def __init__(self, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._kept: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()
        self._counters = Counters(clock=clock)

    def get(self, key: str) -> Any:
        """The value unless its time ran out."""
        until, value = self._kept.get(key, (0.0, None))
        return value if until > self._clock() else None

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep it."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (self._clock() + seconds, value)
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]

    def delete(self, key: str) -> None:
        """Forget it."""
        with self._lock:
            self._kept.pop(key, None)

    def forget_tenant(self, tenant_id: int) -> int:
        """Forget what this process keeps of it."""
        beginning = tenant_cache_key(tenant_id, "")
        with self._lock:
            keys = [key for key in self._kept if key.startswith(beginning)]
            for key in keys:
                del self._kept[key]
        return len(keys)

    def increment(self, key: str, seconds: int, times: int = 1) -> Count:
        """Count up."""
        return self._counters.increment(key, seconds, times)

    def counted(self, key: str) -> Count:
        """What was counted."""
        return self._counters.counted(key)

    def forget_count(self, key: str) -> None:
        """Forget it."""
        self._counters.forget(key)


class RedisCache:
    """Redis as a cache; while it is away this process's memory stands in.

    What this process counts it counts in its memory as well, so that a limit that was reached
    stays reached when Redis goes.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = redis.Redis.from_url(
            url,
            protocol=2,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
        )
        self._clock = clock
        self._meanwhile = MemoryCache(clock=clock)
        self._asked_again_at = clock()

    def get(self, key: str) -> Any:
        """The value, from memory while Redis is away."""
        if self._is_there():
            try:
                raw = self._client.get(key)
            except redis.RedisError:
                self._leave_alone()
            else:
                return None if raw is None else json.loads(raw)
        return self._meanwhile.get(key)

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep it there, in memory while Redis is away."""
        if self._is_there():
            try:
                self._client.set(key, json.dumps(value, ensure_ascii=False), ex=seconds)
            except redis.RedisError:
                self._leave_alone()
            else:
                return
        self._meanwhile.set(key, value, seconds)

    def delete(self, key: str) -> None:
        """Forget it in both."""
        self._meanwhile.delete(key)
        with contextlib.suppress(redis.RedisError):
            self._client.delete(key)

    def forget_tenant(self, tenant_id: int) -> int:
        """Forget it in both; values that Redis keeps while it is away run out by themselves."""
        count = self._meanwhile.forget_tenant(tenant_id)
        with contextlib.suppress(redis.RedisError):
            keys = list(self._client.scan_iter(match=f"{tenant_cache_key(tenant_id, '')}*"))
            count += int(self._client.delete(*keys)) if keys else 0
        return count

    def increment(self, key: str, seconds: int, times: int = 1) -> Count:
        """Count up in both; Redis' count is the one of all processes."""
        here = self._meanwhile.increment(key, seconds, times)
        if not self._is_there():
            return here
        try:
            with self._client.pipeline() as pipeline:
                pipeline.set(key, 0, ex=seconds, nx=True)
                pipeline.incrby(key, times)
                pipeline.pttl(key)
                _, count, left = pipeline.execute()
        except redis.RedisError:
            self._leave_alone()
            return here
        return Count(int(count), left / 1000)

    def counted(self, key: str) -> Count:
        """What all processes counted; what this one did while Redis is away."""
        if self._is_there():
            try:
                with self._client.pipeline() as pipeline:
                    pipeline.get(key)
                    pipeline.pttl(key)
                    count, left = pipeline.execute()
            except redis.RedisError:
                self._leave_alone()
            else:
                return Count(int(count), left / 1000) if count else NOTHING
        return self._meanwhile.counted(key)

    def forget_count(self, key: str) -> None:
        """Forget it in both."""
        self._meanwhile.forget_count(key)
        self.delete(key)

    def _is_there(self) -> bool:
        return self._clock() >= self._asked_again_at

    def _leave_alone(self) -> None:
        self._asked_again_at = self._clock() + _PAUSE_SECONDS
