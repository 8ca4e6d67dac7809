"""Who looks at whole sites for the sweep: a process of its own that gives way to all others.

It changes nothing and takes no lock: whoever waits for a lock must not wait for one whose turn at
the processor comes last. One line of JSON names a site, one line answers.
"""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import IO, cast

from sqlalchemy.exc import SQLAlchemyError

from hosting.publishing.looking import Look
from hosting.runtime.environment import environment_of, read_settings
from hosting.runtime.errors import Refusal
from hosting.runtime.log_lines import write_log_lines
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings

log = logging.getLogger(__name__)

_ASK_SECONDS = 0.2

_KINDNESS = 10
"""A tenth of a busy processor, all of an idle one. At the lowest priority (19) whoever keeps the
processors busy would keep us from looking."""

LONGEST_CHAIN = 500
"""Links that are read one by one; a sweep reads them each time it looks at the site."""


class Looker:
    """The process, for the block or until `stop`; started again when it was lost."""

    def __init__(self, settings: Settings, stop: threading.Event) -> None:
        self._stop = stop
        # Not as arguments: whoever lists processes would read them.
        self._environment = environment_of(settings)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Looker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def is_in_order(self, tenant_id: int, site_id: int) -> bool:
        """Whether all of a site is as it was signed; False too where nobody could look.

        True when we are told to stop meanwhile: whoever has to end does not begin to repair.
        """
        process = self._process = self._process or self._start()
        ask, answer = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        try:
            ask.write(json.dumps([tenant_id, site_id]) + "\n")
            ask.flush()
            while not select.select([answer], [], [], _ASK_SECONDS)[0]:
                if self._stop.is_set():
                    return True
            told = answer.readline()
        except BrokenPipeError:
            told = ""
        if not told.endswith("\n"):
            log.error("the process that looks at sites was lost")
            self._end()
            return False
        return bool(json.loads(told))

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "hosting.publishing.looker"],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def _end(self) -> None:
        if self._process is None:
            return
        # It changes nothing, so it need not finish anything.
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                cast(IO[str], stream).close()
        self._process.wait()
        self._process = None


def is_in_order(runtime: Runtime, tenant_id: int, site_id: int) -> bool:
    """Whether nothing of a site seems wrong for long, and its chain is of a length to go on with.

    What a publish changes meanwhile seems wrong until its rows and links are read.
    """
    try:
        look = Look(runtime, tenant_id, site_id)
        return not look.lasting_suspects() and look.chain.length < LONGEST_CHAIN
    except (Refusal, SQLAlchemyError):
        log.exception("site %s cannot be looked at now", site_id)
        return False


def main() -> None:
    """Look at the sites that are named on stdin, one after another."""
    write_log_lines()
    # It looks at rows and files and asks nothing of any area: composing them would take a second.
    runtime = Runtime.open(read_settings(), ())
    os.nice(_KINDNESS)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(is_in_order(runtime, *json.loads(line))) + "\n")
        sys.stdout.flush()
    runtime.close()


if __name__ == "__main__":
    main()
