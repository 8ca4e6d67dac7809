"""The worker at work beside a test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import loops


@contextmanager
def at_work(runtime: Runtime) -> Iterator[None]:
    """The two loops that `jiyue worker` runs."""
    workers = loops(runtime)
    threads = [threading.Thread(target=each.run, daemon=True) for each in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in workers:
            each.stop()
        for thread in threads:
            thread.join(timeout=30)
        for each in workers:
            each._runtime.close()
