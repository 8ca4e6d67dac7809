"""What is found where only our own files belong: taken away or replaced, and never thrown away."""

from __future__ import annotations

import stat
from pathlib import Path

from hosting.publishing.files import Files
from hosting.runtime.clock import now


def evidence_folder(home: Path, of: str) -> Path:
    """A folder in quarantine for what is found now."""
    return home / "quarantine" / of / now().strftime("%Y%m%dT%H%M%S%fZ")


def move_to_evidence(files: Files, root: Path, path: str, evidence: Path) -> None:
    """Move what stands at a path below `root` into a folder of evidence, and empty folders away."""
    target = evidence / path[1:]
    files.make_folder(str(target.parent))
    file = root / path[1:]
    files.rename(str(file), str(target))
    folders = (str(each) for each in file.parents if each.is_relative_to(root))
    while (folder := next(folders, None)) and folder != str(root):
        if not files.remove_folder(folder):
            return


def keep_evidence(files: Files, root: Path, path: str, evidence: Path) -> None:
    """Keep a copy of a file; it stays until ours replaces it: no reader finds nothing there.

    What is no plain file is moved away.
    """
    file, target = root / path[1:], evidence / path[1:]
    try:
        is_plain = stat.S_ISREG(file.lstat().st_mode)
        data = file.read_bytes() if is_plain else b""
    except OSError:
        is_plain = False
    if not is_plain:
        move_to_evidence(files, root, path, evidence)
        return
    files.make_folder(str(target.parent))
    files.write(str(target), data)
