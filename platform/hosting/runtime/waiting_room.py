"""Who waits to write to an SQLite file, so that bulk work rests for people and for nobody else.

A shared flock(2) on a file beside the database, held while waiting; the kernel drops it with the
process that held it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

_SUFFIX = "-waiting"


class WaitingRoom:
    """The room of one database file; nobody enters who need not wait."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + _SUFFIX)

    @classmethod
    def of_url(cls, url: str) -> WaitingRoom | None:
        """That of an SQLite file; None for every other database."""
        parsed = make_url(url)
        is_file = parsed.get_backend_name() == "sqlite" and parsed.database
        return cls(Path(str(parsed.database))) if is_file else None

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Wait within this block."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def is_empty(self) -> bool:
        """Whether nobody waits at this moment."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    def _open(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
