"""One publisher at a time for a site: a lock that a dead holder cannot keep.

The kernel's flock(2) ends with the process that holds it. A holder that lives but does not move (a
stopped process, a hung disk) is ended by whoever takes over, so that it cannot wake up later and
put an older page over a newer one.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STALL_SECONDS = 120.0
"""A holder beats at every page; S3 answers or fails in less. Who is silent longer is stalled."""

_PATIENCE_SECONDS = 5.0


def locks_folder(home: Path) -> Path:
    """Where the locks lie."""
    return home / "run" / "locks"


def publish_lock(site_id: int) -> str:
    """The lock of whoever changes what readers see."""
    return f"site-{site_id}"


def rebuild_lock(site_id: int) -> str:
    """The lock of whoever builds a site's tree aside."""
    return f"rebuild-{site_id}"


class SiteLock:
    """A held lock. Call `beat` while working, or be taken for stalled.

    A process that is given `descriptor` holds it too, until the last of them ends.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._beaten = 0.0

    def beat(self) -> None:
        """Show that the holder is alive; costs nothing more than once a second."""
        if time.monotonic() - self._beaten > 1:
            os.utime(self.descriptor)
            self._beaten = time.monotonic()


@contextmanager
def site_lock(
    folder: Path,
    name: str,
    *,
    stall_seconds: float = STALL_SECONDS,
    end: Callable[[int, str], bool] | None = None,
) -> Iterator[SiteLock | None]:
    """Hold the lock of this name for the block, or give None when a live publisher holds it.

    A stalled holder is ended first, by `end(process id, its start time)`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _take(descriptor) and not _take_over(descriptor, stall_seconds, end or end_process):
            yield None
            return
        _sign(descriptor)
        yield SiteLock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def waiting_lock(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock of this name for the block, after waiting for it; for short work only."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_over(descriptor: int, stall_seconds: float, end: Callable[[int, str], bool]) -> bool:
    silent = time.time() - os.fstat(descriptor).st_mtime
    if silent < stall_seconds:
        return False
    process_id, _, started = os.pread(descriptor, 100, 0).decode().partition(" ")
    if not process_id.isdecimal() or not end(int(process_id), started):
        return False
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if _take(descriptor):
            return True
        time.sleep(0.01)
    return False


def _sign(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()} {start_time(os.getpid())}".encode(), 0)


def end_process(process_id: int, started: str) -> bool:
    """Kill a process if it is another one than ours and still the one that started then."""
    if process_id == os.getpid() or not started or start_time(process_id) != started:
        return False
    try:
        os.kill(process_id, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def start_time(process_id: int) -> str:
    """When the kernel started a process, in its own ticks; "" where that cannot be told."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    # The second field is the program's name in brackets and may hold spaces.
    return fields.rpartition(")")[2].split()[19]
