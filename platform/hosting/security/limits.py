"""How often somebody may do something within a window of time.

Counts stand in the platform's cache; while Redis is away each process counts for itself and goes
on from what it has counted, so a limit never falls away, it only counts less.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from hosting.runtime.cache import Cache
from hosting.runtime.counters import Count
from hosting.runtime.errors import LimitReached
from hosting.runtime.language import N_

_IPV6_SUBSCRIBER = 64


@dataclass(frozen=True)
class Limit:
    """At most `times` within `seconds` for each subject; `name` keeps it apart from others.

    `sentence` is what somebody is told who must wait; its place is `{minutes}`.
    """

    name: str
    times: int
    seconds: int
    sentence: str = N_("尝试次数过多，请 {minutes} 分钟后再试")

    def count(self, cache: Cache, *subject: str, times: int = 1) -> None:
        """Count one more try (or `times`); raise LimitReached when that is one too many.

        The window begins with its first try. Subjects are hashed: they may hold what people typed.
        What comes at once in a larger number than the limit counts as the limit: it passes where
        nothing came before, and would never pass otherwise.
        """
        key = self._key(subject)
        counted = cache.increment(key, self.seconds, min(times, self.times))
        if counted.times > self.times:
            raise self._reached(key, counted)

    def check(self, cache: Cache, *subject: str) -> None:
        """Raise LimitReached when one more try would be too many; counts nothing."""
        key = self._key(subject)
        counted = cache.counted(key)
        if counted.times >= self.times:
            raise self._reached(key, counted)

    def forgive(self, cache: Cache, *subject: str) -> None:
        """Forget the tries of a subject that has succeeded."""
        cache.forget_count(self._key(subject))

    def _reached(self, key: str, counted: Count) -> LimitReached:
        seconds = max(1, math.ceil(counted.seconds_left))
        return LimitReached(
            "limit_reached",
            self.sentence,
            limit=self.name,
            counted_as=key,
            minutes=math.ceil(seconds / 60),
            retry_after_seconds=seconds,
        )

    def _key(self, subject: tuple[str, ...]) -> str:
        digest = hashlib.sha256("\0".join(subject).encode("utf-8", "replace")).hexdigest()
        return f"limit:{self.name}:{digest}"


def count_each(cache: Cache, counts: Iterable[tuple[Limit, str]], *, times: int = 1) -> None:
    """Count for one subject after another; LimitReached by the first that has had too many.

    The narrowest stands first: what one address is refused does not use up its tenant's share.
    """
    for limit, subject in counts:
        limit.count(cache, subject, times=times)


def subscriber(address: str) -> str:
    """Whose address it is, for counting: of IPv6 the network that one connection is given (/64).

    Whoever has one IPv6 address has 2^64 of them. What is no address counts as it is written.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))
