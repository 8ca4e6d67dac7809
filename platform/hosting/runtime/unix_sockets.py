"""Names for UNIX sockets that lie deep in the file system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def short_name(folder: Path) -> Iterator[str]:
    """A name of the folder that leaves room in a socket's address, which holds 107 bytes (unix(7)).

    Linux knows an open folder by its number; elsewhere the folder's own name has to do.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        numbered = f"/proc/self/fd/{opened}"
        yield numbered if Path(numbered).exists() else str(folder)
    finally:
        os.close(opened)
