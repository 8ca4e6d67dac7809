"""Bulk writing that does not starve people: short transactions, and rests while anybody waits.

On SQLite one writer excludes all others; an editor who saves meanwhile must not feel it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from hosting.runtime.database import write_began
from hosting.runtime.runtime import Runtime

_AIM_SECONDS = 0.02
_LONGEST_REST_SECONDS = 0.5
# Below the smallest, what each transaction costs in itself would be most of its time.
_SMALLEST, _FIRST, _LARGEST = 25, 50, 500


class Pace:
    """How many rows a bulk transaction takes, learnt from how long the last ones held.

    Elsewhere than on SQLite writers don't exclude each other: the largest batches, no pauses.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._database = runtime.database
        self._is_gentle = not runtime.settings.is_postgresql
        self._not_before = 0.0
        self.size = _FIRST if self._is_gentle else _LARGEST

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Stand around one bulk transaction.

        Where somebody waits for a turn it begins as long after the last one as that one held; what
        is prepared between two transactions counts as rest.
        """
        if self._is_gentle and self._database.somebody_waits():
            time.sleep(max(0.0, self._not_before - time.monotonic()))
        began = time.monotonic()
        yield
        # Waiting for one's turn holds nobody up.
        held = time.monotonic() - max(began, write_began())
        self._not_before = time.monotonic() + min(held, _LONGEST_REST_SECONDS)
        if self._is_gentle:
            wanted = int(self.size * _AIM_SECONDS / max(held, 0.001))
            self.size = max(_SMALLEST, min(wanted, self.size * 2, _LARGEST))
