"""One publisher at a time, and never a stalled one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from hosting.publishing.lock import end_process, site_lock, start_time

_HOLD = """
import sys, time
from pathlib import Path
from hosting.publishing.lock import site_lock
with site_lock(Path(sys.argv[1]), "site-1") as lock:
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[bytes]:
    """A process that holds the lock and does nothing."""
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_publisher_is_told_that_the_site_is_taken(tmp_path: Path) -> None:
    with site_lock(tmp_path, "site-1") as first, site_lock(tmp_path, "site-1") as second:
        assert first is not None
        assert second is None
    with site_lock(tmp_path, "site-1") as again:
        assert again is not None


def test_sites_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with site_lock(tmp_path, "site-1") as first, site_lock(tmp_path, "site-2") as second:
        assert first is not None
        assert second is not None


def test_a_dead_holder_keeps_nothing(tmp_path: Path) -> None:
    process = holder(tmp_path)
    process.kill()
    process.communicate()

    with site_lock(tmp_path, "site-1") as lock:
        assert lock is not None


def test_a_stalled_holder_is_ended_before_its_lock_is_taken(tmp_path: Path) -> None:
    process = holder(tmp_path)
    os.kill(process.pid, signal.SIGSTOP)
    try:
        with site_lock(tmp_path, "site-1") as lock:
            assert lock is None, "it may only be slow"
        stale = time.time() - 1000
        os.utime(tmp_path / "site-1", (stale, stale))

        with site_lock(tmp_path, "site-1") as lock:
            assert lock is not None
            assert process.wait(timeout=5) == -signal.SIGKILL
    finally:
        process.kill()
        process.communicate()


def test_a_holder_that_beats_is_not_stalled(tmp_path: Path) -> None:
    with site_lock(tmp_path, "site-1", stall_seconds=0.2) as lock:
        assert lock is not None
        os.utime(tmp_path / "site-1", (0, 0))
        lock.beat()
        with site_lock(tmp_path, "site-1", stall_seconds=30, end=lambda *_: False) as other:
            assert other is None
        assert (tmp_path / "site-1").stat().st_mtime > time.time() - 5


def test_only_the_process_that_signed_is_ended() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert not end_process(process.pid, "12345"), "another process has the number by now"
        assert not end_process(os.getpid(), start_time(os.getpid())), "never ourselves"
        assert process.poll() is None
        assert end_process(process.pid, start_time(process.pid))
        assert process.wait(timeout=5) == -signal.SIGKILL
    finally:
        process.kill()
        process.communicate()
