"""File operations that fail, or end the process, at a chosen place."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hosting.publishing.files import Files


class FaultyFiles(Files):
    """Counts its operations; calls `fault` in the place of number `at`.

    A write that is hit leaves half of its bytes behind, as a full disk or a killed process does.
    """

    def __init__(self, at: int | None = None, fault: Callable[[], None] | None = None) -> None:
        self.count = 0
        self.seen: list[tuple[str, ...]] = []
        self._at = at
        self._fault = fault

    def _operation(self, name: str, *paths: str) -> bool:
        self.count += 1
        self.seen.append((name, *paths))
        return self.count == self._at

    def _fail(self) -> None:
        assert self._fault is not None
        self._fault()

    def write(self, path: str, data: bytes, *, mtime: int | None = None) -> None:
        """Half of it, when hit."""
        if self._operation("write", path):
            super().write(path, data[: len(data) // 2], mtime=mtime)
            self._fail()
        super().write(path, data, mtime=mtime)

    def __getattribute__(self, name: str) -> Any:
        """Every other operation."""
        found = super().__getattribute__(name)
        if name not in _OTHERS:
            return found

        def operation(*arguments: Any, **more: Any) -> Any:
            if self._operation(name, *(str(argument) for argument in arguments)):
                self._fail()
            return found(*arguments, **more)

        return operation


_OTHERS = (
    "append",
    "rename",
    "remove",
    "make_folder",
    "remove_folder",
    "link",
    "link_first",
    "sync",
)


def disk_error(number: int) -> Callable[[], None]:
    """A fault that raises this OSError."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail
