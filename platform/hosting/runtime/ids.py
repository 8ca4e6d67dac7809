"""Ids that we make: 63 bits, 41 of milliseconds and 22 random.

Unique over the platform, in order of making (which keeps inserts at the end of an index), and not
guessable from each other's order alone. A process never makes one twice: bulk inserts make dozens
a millisecond, and 22 random bits alone would soon meet.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import threading
import time
from datetime import UTC, datetime

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z; 41 bits last until 2093
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford: no i, l, o, u
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
MAXIMUM = 2**63 - 1
_DECIMAL = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_STEP_BITS = 6


class _Maker:
    def __init__(self) -> None:
        self.begin()
        # Whoever is forked has its parent's last id and next steps, and would make the same ids.
        os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """As a process that has made none yet."""
        self._last = 0
        self._lock = threading.Lock()
        # Steps within a millisecond need no secrecy of their own, and this is ten times as fast.
        self._step = random.Random(secrets.randbits(64)).getrandbits  # noqa: S311 - see above

    def make(self) -> int:
        milliseconds = time.time_ns() // 1_000_000 - _EPOCH_MS
        with self._lock:
            if milliseconds > self._last >> 22:
                self._last = (milliseconds << 22) | secrets.randbits(21)
            else:
                self._last += 1 + self._step(_STEP_BITS)
            return self._last


new_id = _Maker().make
"""Make an id, greater than all that this process made before."""


def made_at(id_: int) -> datetime:
    """When the id was made, aware, in UTC, to the millisecond."""
    return datetime.fromtimestamp(((id_ >> 22) + _EPOCH_MS) / 1000, UTC)


def decimal_id(written: str) -> int | None:
    """The id written in decimal ASCII digits without leading zero, or None when it is none.

    Neither digits of other scripts nor a number over 63 bits, which no database takes for an id.
    """
    if not _DECIMAL.fullmatch(written):
        return None
    value = int(written)
    return value if value <= MAXIMUM else None


def id_text(id_: int) -> str:
    """The id in lower-case Crockford base32, 13 characters at most."""
    text = ""
    while id_:
        id_, rest = divmod(id_, 32)
        text = _ALPHABET[rest] + text
    return text or "0"


def parse_id(text: str) -> int | None:
    """The id that `id_text` wrote, or None when the text is none."""
    value = 0
    for character in text:
        if character not in _VALUES:
            return None
        value = value * 32 + _VALUES[character]
    return value if 0 < value <= MAXIMUM else None
