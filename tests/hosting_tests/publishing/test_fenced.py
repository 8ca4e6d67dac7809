"""A publisher that was stopped amid its work never wakes up to put an older page over a newer."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from hosting.publishing.lock import STALL_SECONDS, locks_folder, publish_lock
from hosting.publishing.verify import verify_site
from parts.faults import FaultyFiles
from parts.newsroom import Newsroom, newsroom_runtime
from parts.platform import RIVER


@pytest.fixture
def standing(newsroom: Newsroom) -> Newsroom:
    newsroom.write(_1="旧文", _2="旧文", _3="旧文")
    newsroom.publish()
    return newsroom


def stopped_at(newsroom: Newsroom, operation: int) -> int:
    """A publisher of the change that waits, stopped at one of its file operations; its id."""
    newsroom.runtime.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            own = Newsroom(newsroom_runtime(newsroom.runtime.settings), RIVER)
            own.publish(FaultyFiles(operation, lambda: os.kill(os.getpid(), signal.SIGSTOP)))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    return child


def silent_for_long(newsroom: Newsroom) -> None:
    """As if the holder of the site had shown no sign of life for two minutes."""
    lock = locks_folder(newsroom.runtime.settings.home) / publish_lock(RIVER.site_id)
    then = time.time() - STALL_SECONDS - 1
    os.utime(lock, (then, then))


def operations(newsroom: Newsroom, change: Callable[[], None]) -> int:
    change()
    files = FaultyFiles()
    newsroom.publish(files)
    return files.count


def test_who_takes_over_ends_the_stopped_one_and_the_newest_text_stands(
    standing: Newsroom,
) -> None:
    total = operations(standing, lambda: standing.write(_1="甲", _2="甲", _3="甲"))
    for number, at in enumerate(range(1, total, max(1, total // 8))):
        standing.write(_1=f"较旧{number}", _2=f"较旧{number}", _3=None)
        stopped = stopped_at(standing, at)
        standing.write(_1=f"最新{number}", _3=f"最新{number}")
        silent_for_long(standing)

        standing.publish()

        _, status = os.waitpid(stopped, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "it will not wake up"
        assert f"最新{number}" in standing.read("/art/1.html")
        assert f"较旧{number}" in standing.read("/art/2.html")
        assert f"最新{number}" in standing.read("/art/3.html")
    assert verify_site(standing.runtime, RIVER.tenant_id, RIVER.site_id).findings == []


def test_a_stopped_one_that_is_not_silent_for_long_keeps_the_site(standing: Newsroom) -> None:
    standing.write(_1="较旧")
    stopped = stopped_at(standing, 3)
    standing.write(_1="最新")

    assert standing.publish().busy

    os.kill(stopped, signal.SIGCONT)
    _, status = os.waitpid(stopped, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    standing.publish()
    assert "最新" in standing.read("/art/1.html")
