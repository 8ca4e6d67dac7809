"""How often somebody may try something within a window of time.

Counts stand in the platform's cache; while Redis is away each process counts for itself, so a
limit never falls away, it only counts less.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hosting.runtime.cache import Cache
from hosting.runtime.errors import LimitReached
from hosting.runtime.language import N_


@dataclass(frozen=True)
class Limit:
    """At most `times` within `seconds` for each subject; `name` keeps it apart from others."""

    name: str
    times: int
    seconds: int

    def count(self, cache: Cache, *subject: str) -> None:
        """Count one more try; raise LimitReached when that is one too many.

        The window begins with its first try. Subjects are hashed: they may hold what people typed.
        """
        if cache.increment(self._key(subject), self.seconds) > self.times:
            raise self._reached()

    def check(self, cache: Cache, *subject: str) -> None:
        """Raise LimitReached when one more try would be too many; counts nothing."""
        if (cache.get(self._key(subject)) or 0) >= self.times:
            raise self._reached()

    def forgive(self, cache: Cache, *subject: str) -> None:
        """Forget the tries of a subject that has succeeded."""
        cache.delete(self._key(subject))

    def _reached(self) -> LimitReached:
        minutes = max(1, round(self.seconds / 60))
        return LimitReached(
            f"too_many_{self.name}", N_("尝试次数过多，请 {minutes} 分钟后再试"), minutes=minutes
        )

    def _key(self, subject: tuple[str, ...]) -> str:
        digest = hashlib.sha256("\0".join(subject).encode("utf-8", "replace")).hexdigest()
        return f"limit:{self.name}:{digest}"
