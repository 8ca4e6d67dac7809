"""How a process of a crew is begun, and spoken to.

Composing the platform takes a second. A process with one thread forks its hands, which have it
composed already; one with more must not, since a fork may take along a lock that another thread
holds: its hands are processes of their own.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import IO, Any, cast

from hosting.publishing import hand
from hosting.publishing.aside import Rendered
from hosting.publishing.plan_file import line_of
from hosting.runtime.environment import environment_of
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime


class Hand:
    """A process that renders; `process` is it, `ask` and `answer` the ways to it and from it."""

    def __init__(
        self, process: subprocess.Popen[str] | ForkProcess, ask: IO[str], answer: IO[str]
    ) -> None:
        self.process = process
        self._ask = ask
        self._answer = answer

    def render(self, batch: list[str]) -> Rendered:
        """Have a batch rendered; returns when it is in the tree. Unavailable when it has ended."""
        try:
            self._ask.write(json.dumps(batch) + "\n")
            self._ask.flush()
            told = self._answer.readline()
        except BrokenPipeError:
            told = ""
        if not told.endswith("\n"):
            raise Unavailable("crew_lost", N_("整站生成的一个进程意外结束，请重试"))
        facts = json.loads(told)
        facts["lines"] = [line_of(each) for each in facts["lines"]]
        return Rendered(**facts)

    def dismiss(self) -> None:
        """Let it end: it does when nobody asks any more."""
        with suppress(BrokenPipeError):
            self._ask.close()

    def wait(self) -> None:
        """Return when it has ended."""
        self._answer.close()
        if isinstance(self.process, ForkProcess):
            self.process.join()
        else:
            self.process.wait()


def begin(runtime: Runtime, order: dict[str, Any]) -> Hand:
    """Begin a process that renders for this order; it holds the order's lock with us."""
    return forked(runtime, order) if threading.active_count() == 1 else fresh(runtime, order)


def forked(runtime: Runtime, order: dict[str, Any]) -> Hand:
    """A fork of this process, which must not be in a session."""
    # Connections serve one process alone; each opens its own when it needs one.
    runtime.database.close()
    its_asks, ask = os.pipe()
    answer, its_told = os.pipe()
    # A daemon, so that it ends with us also when nobody could dismiss it.
    process = multiprocessing.get_context("fork").Process(
        target=_serve, args=(runtime, order, its_asks, its_told), daemon=True
    )
    process.start()
    os.close(its_asks)
    os.close(its_told)
    return Hand(process, _text(ask, "w"), _text(answer, "r"))


def _serve(runtime: Runtime, order: dict[str, Any], asks: int, told: int) -> None:
    # What we were forked with is never looked at for garbage: its memory stays our parent's.
    gc.freeze()
    _let_go_of_all_but({0, 1, 2, asks, told, order["lock"]})
    hand.serve(runtime, order, _text(asks, "r"), _text(told, "w"))


def _text(pipe: int, mode: str) -> IO[str]:
    return os.fdopen(pipe, mode, encoding="utf-8")


def _let_go_of_all_but(kept: set[int]) -> None:
    """Hold no lock, connection or way to another hand that our parent had open.

    The numbers stay taken, so that whoever still knows one never closes a newer file.
    """
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for number in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        if number not in kept and number != nothing:
            os.dup2(nothing, number, inheritable=False)


def fresh(runtime: Runtime, order: dict[str, Any]) -> Hand:
    """A process that composes the platform of the installed areas."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hosting.publishing.hand", json.dumps(order)],
        # Not as arguments: whoever lists processes would read them.
        env=environment_of(runtime.settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(order["lock"],),
        text=True,
        encoding="utf-8",
    )
    return Hand(process, cast(IO[str], process.stdin), cast(IO[str], process.stdout))
