"""Progress of long work, for whoever watches a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Tell = Callable[[str, int, int], None]
"""Called with what is worked on, how much of it is done, and how much there is."""


@contextmanager
def progress_bars() -> Iterator[Tell]:
    """A bar for each name that is told of, on stderr, where that is a terminal."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
        # Drawn when told of, not by a thread: a process with one thread can be forked.
        auto_refresh=False,
    )
    tasks: dict[str, Any] = {}

    def tell(name: str, done: int, known: int) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=known)
        bars.update(tasks[name], completed=done, total=known, refresh=True)

    with bars:
        yield tell
