"""The worker's two processes: one does what people wait for, and nothing else.

Python runs one thread of a process at a time: beside bulk work in a thread of the same process a
page that somebody waits for is rendered at half the speed, however many processors there are.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Worker, loops

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2

_Handler = Callable[[int, FrameType | None], None]


def work(runtime: Runtime) -> int:
    """Work in two processes until told to stop; the exit code, 1 where the other one was lost.

    Whoever ends this process, in whatever way, ends both.
    """
    # Connections and sockets must not be shared with another process.
    runtime.close()
    theirs, ours = os.pipe()
    starter = os.getpid()
    other = os.fork()
    if other == 0:
        os.close(ours)
        _work_for_the_rest(runtime, theirs, starter)
    os.close(theirs)
    workers = loops(runtime)[:1]
    is_lost = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        _stop(workers)

    def attend() -> None:
        """Stop as well when the other process ends before its time."""
        os.waitpid(other, 0)
        if not all(each.is_stopping for each in workers):
            log.error("the process for bulk work ended and is missed")
            is_lost.set()
            _stop(workers)

    attending = threading.Thread(target=attend)
    attending.start()
    _run(workers, stop)
    # It finishes what it has in hand.
    os.close(ours)
    attending.join()
    return int(is_lost.is_set())


def _work_for_the_rest(runtime: Runtime, told: int, starter: int) -> NoReturn:
    """The other process. It stops when told to, and ends at once with whoever started it."""
    workers = loops(runtime)[1:]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        _stop(workers)

    def attend() -> None:
        """Nothing is ever written there: reading ends when the one who could is done."""
        os.read(told, 1)
        _stop(workers)
        while os.getppid() == starter:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=attend, daemon=True).start()
    try:
        _run(workers, stop)
    finally:
        logging.shutdown()
        os._exit(0)


def _stop(workers: Sequence[Worker]) -> None:
    for each in workers:
        each.stop()


def _run(workers: Sequence[Worker], stop: _Handler) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threads = [threading.Thread(target=each.run) for each in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
