"""A worker is two processes that begin and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hosting.runtime.environment import environment_of
from hosting.runtime.runtime import Runtime

_PATIENCE_SECONDS = 120


@pytest.fixture
def worker(runtime: Runtime) -> Iterator[subprocess.Popen[bytes]]:
    """A worker whose two processes wait for the bell."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hosting.runtime", "worker"],
        env=environment_of(runtime.settings),
        start_new_session=True,
    )
    bells = runtime.settings.home / "run" / "bells"
    try:
        until(
            lambda: {owner(bell) for bell in bells.glob("*")} >= {process.pid, *children(process)}
        )
        yield process
    finally:
        process.kill()
        process.wait()


def owner(bell: Path) -> int:
    return int(bell.name.partition("-")[0])


def children(process: subprocess.Popen[bytes]) -> list[int]:
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    found = [int(each) for each in told.split()]
    assert len(found) == 1 or not found
    return found or [0]


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def has_ended(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state.split()[0] == "Z"


def test_both_end_when_they_are_told_to(worker: subprocess.Popen[bytes]) -> None:
    [other] = children(worker)

    worker.terminate()

    assert worker.wait(_PATIENCE_SECONDS) == 0
    assert has_ended(other)


def test_without_the_other_the_first_ends_and_says_so(worker: subprocess.Popen[bytes]) -> None:
    [other] = children(worker)

    os.kill(other, signal.SIGKILL)

    assert worker.wait(_PATIENCE_SECONDS) == 1


def test_the_other_does_not_outlive_the_first(worker: subprocess.Popen[bytes]) -> None:
    [other] = children(worker)

    worker.kill()
    worker.wait()

    until(lambda: has_ended(other))
