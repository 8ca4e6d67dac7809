"""Counting within windows of time, in this process's memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """How often something was done in its window, and how much of the window is left."""

    times: int
    seconds_left: float


NOTHING = Count(0, 0.0)


@dataclass(slots=True)
class _Window:
    until: float
    times: int


class Counters:
    """Windows by key; safe between threads.

    At most `most` keys. When they are too many, those whose window is over go first, then those
    that were counted least: whoever makes up new subjects by the thousand wears out their own
    counts and not the one that keeps somebody out.
    """

    def __init__(self, most: int = 100_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def increment(self, key: str, seconds: int, times: int = 1) -> Count:
        """Count up a window of so many seconds that begins with the first count."""
        at = self._clock()
        with self._lock:
            window = self._windows.get(key)
            if window is None or window.until <= at:
                self._make_room(at)
                window = self._windows[key] = _Window(at + seconds, 0)
            window.times += times
            return Count(window.times, window.until - at)

    def counted(self, key: str) -> Count:
        """What was counted, without counting."""
        window, at = self._windows.get(key), self._clock()
        if window is None or window.until <= at:
            return NOTHING
        return Count(window.times, window.until - at)

    def forget(self, key: str) -> None:
        """Begin anew."""
        with self._lock:
            self._windows.pop(key, None)

    def __len__(self) -> int:
        return len(self._windows)

    def _make_room(self, at: float) -> None:
        if len(self._windows) < self._most:
            return
        running = [item for item in self._windows.items() if item[1].until > at]
        running.sort(key=lambda item: item[1].times, reverse=True)
        # Half at once, so that it is not sorted again at the next key.
        self._windows = dict(running[: self._most // 2])
