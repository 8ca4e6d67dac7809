"""A small cache of JSON values: process memory, or Redis where it is configured.

Everything in it may vanish at any time. Keys of tenants are made by `tenant_cache_key` only.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any, Protocol

import redis

from hosting.runtime.settings import Settings


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

    def increment(self, key: str, seconds: int) -> int:
        """Count up a window of so many seconds that begins with the first count; the new count."""


def tenant_cache_key(tenant_id: int, *parts: object) -> str:
    """The only way to make a key for a tenant's value."""
    return ":".join(("t", str(tenant_id), *(str(part) for part in parts)))


def open_cache(settings: Settings) -> Cache:
    """Redis where it is configured, else this process's memory."""
    return RedisCache(settings.redis_url) if settings.redis_url else MemoryCache()


class MemoryCache:
    """A dictionary with ends; at most `most` keys, the oldest go first. Safe between threads."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._kept: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        """The value unless its time ran out."""
        until, value = self._kept.get(key, (0.0, None))
        return value if until > time.monotonic() else None

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep it."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (time.monotonic() + seconds, value)
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

    def increment(self, key: str, seconds: int) -> int:
        """Count up."""
        with self._lock:
            until, count = self._kept.get(key, (0.0, 0))
            if until <= time.monotonic():
                until, count = time.monotonic() + seconds, 0
            self._kept[key] = (until, count + 1)
            return int(count) + 1


class RedisCache:
    """Redis as a cache; while it is away this process's memory stands in, so limits still count."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, protocol=2, socket_timeout=0.5, socket_connect_timeout=0.5
        )
        self._meanwhile = MemoryCache()

    def get(self, key: str) -> Any:
        """The value, from memory while Redis is away."""
        try:
            raw = self._client.get(key)
        except redis.RedisError:
            return self._meanwhile.get(key)
        return None if raw is None else json.loads(raw)

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep it in both."""
        with contextlib.suppress(redis.RedisError):
            self._client.set(key, json.dumps(value, ensure_ascii=False), ex=seconds)
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

    def increment(self, key: str, seconds: int) -> int:
        """Count up in Redis, or locally while it is away."""
        try:
            with self._client.pipeline() as pipeline:
                pipeline.set(key, 0, ex=seconds, nx=True)
                pipeline.incr(key)
                return int(pipeline.execute()[1])
        except redis.RedisError:
            return self._meanwhile.increment(key, seconds)
