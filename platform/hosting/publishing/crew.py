"""Several processes that render a whole site beside one another, on as many cores.

One line of JSON names the keys of a batch, one line answers. Each holds the rebuild's lock with
us: whatever becomes of us, nobody begins another tree while one of them still writes into ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import IO, cast

from hosting.publishing.aside import AsideTree, Rendered
from hosting.publishing.batches import BATCH
from hosting.publishing.plan_file import line_of
from hosting.publishing.press import Press
from hosting.publishing.standing import slices
from hosting.runtime.environment import environment_of
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_


class Crew:
    """The hands, for the block; they compose the platform of the installed areas.

    `renderer` raises Unavailable when one of them ends before its time.
    """

    def __init__(self, aside: Press, tree: AsideTree, processes: int) -> None:
        self._order = {
            "tenant_id": aside.tenant_id,
            "site_id": aside.site_id,
            "tree": tree.number,
            "design_id": tree.design_id,
            "lock": aside.lock.descriptor,
        }
        # Not as arguments: whoever lists processes would read them.
        self._environment = environment_of(aside.runtime.settings)
        self._size = processes
        self.hands: list[_Hand] = []
        self._idle: SimpleQueue[_Hand] = SimpleQueue()

    def __enter__(self) -> Crew:
        for _ in range(self._size):
            hand = _Hand(self._order, self._environment)
            self.hands.append(hand)
            self._idle.put(hand)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for hand in self.hands:
            hand.dismiss()
        for hand in self.hands:
            hand.wait()

    def renderer(self, keys: list[str]) -> Iterator[Rendered]:
        """Renders keys, batch by batch, at most two for each hand ahead of who asks."""
        waiting = deque(slices(keys, BATCH))
        asked: deque[tuple[list[str], Future[Rendered]]] = deque()
        with ThreadPoolExecutor(self._size, "crew") as pool:
            while waiting or asked:
                while waiting and len(asked) < 2 * self._size:
                    batch = waiting.popleft()
                    asked.append((batch, pool.submit(self._ask, batch)))
                batch, answer = asked.popleft()
                rendered = answer.result()
                done = set(rendered.done)
                if left := [key for key in batch if key not in done]:
                    waiting.append(left)
                yield rendered

    def _ask(self, batch: list[str]) -> Rendered:
        hand = self._idle.get()
        try:
            return hand.ask(batch)
        finally:
            self._idle.put(hand)


class _Hand:
    def __init__(self, order: dict[str, int | None], environment: dict[str, str]) -> None:
        lock = cast(int, order["lock"])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hosting.publishing.hand", json.dumps(order)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(lock,),
            text=True,
            encoding="utf-8",
        )

    def ask(self, batch: list[str]) -> Rendered:
        """Have a batch rendered; returns when it is in the tree."""
        ask, answer = cast(IO[str], self.process.stdin), cast(IO[str], self.process.stdout)
        try:
            ask.write(json.dumps(batch) + "\n")
            ask.flush()
            told = answer.readline()
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
            cast(IO[str], self.process.stdin).close()

    def wait(self) -> None:
        """Return when it has ended."""
        cast(IO[str], self.process.stdout).close()
        self.process.wait()
