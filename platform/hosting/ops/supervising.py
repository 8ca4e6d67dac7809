"""Everything for one machine: a parent that keeps gunicorn, worker, watcher and signer running.

A child that dies is started again, after a growing pause when it dies at once. SIGTERM and SIGINT
let both finish what they have in hand.
"""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from hosting.directory.proxies import trusted_proxies
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

log = logging.getLogger(__name__)

_DRAIN_SECONDS = 30.0
_LOOK_SECONDS = 0.2
_SHORT_LIFE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=0.0)
    start_at: float = 0.0

    def keep(self) -> None:
        """Start it when it is not running and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._note_death()
        if time.monotonic() >= self.start_at:
            self.process = subprocess.Popen(self.command, env=self.environment)
            self.started = time.monotonic()

    def _note_death(self) -> None:
        assert self.process is not None
        log.error("%s ended with %s and is started again", self.name, self.process.returncode)
        lived = time.monotonic() - self.started
        short = lived < _SHORT_LIFE_SECONDS
        self.pause = min(max(1.0, self.pause * 2), _LONGEST_PAUSE_SECONDS) if short else 0.0
        self.start_at = time.monotonic() + self.pause
        self.process = None

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until the deadline, then kill."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("%s did not end in time and is killed", self.name)
            self.process.kill()
            self.process.wait()


def supervise(children: Sequence[Child], *, ready: Callable[[], bool]) -> None:
    """Keep the children running until SIGTERM or SIGINT; `ready` is asked until it says True."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    is_ready = False
    while not stopping:
        for child in children:
            child.keep()
        is_ready = is_ready or ready()
        time.sleep(_LOOK_SECONDS)
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + _DRAIN_SECONDS
    for child in children:
        child.end(deadline)


@contextmanager
def companion() -> Iterator[None]:
    """A second worker for as long as a long command runs: it publishes while the command writes.

    A process and not a thread: rendering in a thread would hold up the command's transactions.
    """
    process = subprocess.Popen(worker_command())
    try:
        yield
    finally:
        process.terminate()
        process.wait(_DRAIN_SECONDS)


def check_free(bind: str) -> None:
    """Raise Conflict where nobody can listen on `host:port`, and say why.

    Asked before anything is started: a web process that cannot listen would be started again and
    again, and whoever listens there instead be taken for it.
    """
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise Conflict(
                "bind_refused",
                N_(
                    "不能在 {bind} 提供服务（{reason}）：请停止占用它的程序，或用 JIYUE_BIND 换一个"
                ),
                bind=bind,
                reason=error.strerror or str(error),
            ) from None


def web_command(settings: Settings) -> list[str]:
    """Gunicorn with threads; it loads the same composition as this process.

    Whether a reader came by https is believed of the proxies of ours alone, like their address.
    """
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "hosting.directory.application:create_application()",
        "--config=python:hosting.ops.web_server",
        f"--bind={settings.bind}",
        f"--threads={settings.web_threads}",
        f"--forwarded-allow-ips={','.join(sorted(trusted_proxies(settings)))}",
        "--worker-tmp-dir=/dev/shm" if sys.platform == "linux" else "--no-sendfile",
    ]


def worker_command() -> list[str]:
    """A worker as its own process."""
    return [sys.executable, "-m", "hosting.runtime", "worker"]


def watcher_command() -> list[str]:
    """Who undoes what was done to the public tree, as a process of its own."""
    return [sys.executable, "-m", "hosting.runtime", "publish", "watch"]


def signer_command() -> list[str]:
    """The signer as its own process."""
    return [sys.executable, "-m", "hosting.runtime", "signer"]
