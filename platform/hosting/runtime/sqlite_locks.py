"""Locks beside an SQLite file, on which its writers of all processes agree.

They are flock(2)s; the kernel drops them with the process that held them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url


class WaitingRoom:
    """Who waits to write, so that bulk work rests for people and for nobody else.

    A lock that is shared by all who wait; nobody enters who need not wait.
    """

    def __init__(self, file: Path) -> None:
        self._path = file

    @classmethod
    def of_url(cls, url: str) -> WaitingRoom | None:
        """That of an SQLite file; None for every other database."""
        file = _beside(url, "waiting")
        return cls(file) if file else None

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Wait within this block."""
        descriptor = _opened(self._path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def is_empty(self) -> bool:
        """Whether nobody waits at this moment."""
        with _taken(self._path) as is_ours:
            return is_ours


class Relay:
    """Who hands out events: on SQLite one at a time, since others would only wait for its writes.

    Elsewhere anybody does; rows that one has in hand are skipped by the others.
    """

    def __init__(self, url: str) -> None:
        self._path = _beside(url, "relaying")

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Whether it is ours while the block lasts; never waits."""
        if self._path is None:
            yield True
            return
        with _taken(self._path) as is_ours:
            yield is_ours


def _beside(url: str, suffix: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    database = Path(str(parsed.database))
    return database.with_name(f"{database.name}-{suffix}")


@contextmanager
def _taken(path: Path) -> Iterator[bool]:
    """Whether nobody else has the lock, which is ours then."""
    descriptor = _opened(path)
    try:
        yield _locks(descriptor)
    finally:
        os.close(descriptor)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
