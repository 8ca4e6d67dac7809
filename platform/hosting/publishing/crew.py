"""Several processes that render a whole site beside one another, on as many cores.

One line of JSON names the keys of a batch, one line answers. Each holds the rebuild's lock with
us: whatever becomes of us, nobody begins another tree while one of them still writes into ours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType

from hosting.publishing.aside import AsideTree, Rendered
from hosting.publishing.batches import BATCH
from hosting.publishing.hands import Hand, begin
from hosting.publishing.press import Press
from hosting.publishing.standing import slices


class Crew:
    """The hands, for the block; their platform is that of the installed areas, or ours.

    `renderer` raises Unavailable when one of them ends before its time.
    """

    def __init__(self, aside: Press, tree: AsideTree, processes: int) -> None:
        self.order = {
            "tenant_id": aside.tenant_id,
            "site_id": aside.site_id,
            "tree": tree.number,
            "design_id": tree.design_id,
            "lock": aside.lock.descriptor,
        }
        self._runtime = aside.runtime
        self._size = processes
        self.hands: list[Hand] = []
        self._idle: SimpleQueue[Hand] = SimpleQueue()

    def __enter__(self) -> Crew:
        for _ in range(self._size):
            hand = begin(self._runtime, self.order)
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
            return hand.render(batch)
        finally:
            self._idle.put(hand)
