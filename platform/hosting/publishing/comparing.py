"""Comparing a tree with what the rows say should stand in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hosting.publishing.blobs import digest_of
from hosting.publishing.compression import LATE, SUFFIXES, compressed, page_of
from hosting.publishing.files import PAGE_MODE
from hosting.publishing.standing import Standing
from hosting.publishing.tree import GONE
from hosting.runtime.codings import CODINGS, Coding

MISSING, ALTERED, FOREIGN = "missing", "altered", "foreign"
RECORD, FORGED = "record", "forged"
"""A row says something else than was signed; a link of the signed chain is not as it was made."""

# Never through a link, and never waiting for who is at the other end of a pipe.
_PLAINLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, order=True)
class Finding:
    """Something in a tree or its records that is not as it was published.

    `path` is the file's own: `/a.html.gz` for a compressed copy, `/.gone/a.html` for a marker; of
    a link of the chain its number: `#12`.
    """

    path: str
    problem: str


def problem_with(tree: Path, here: Standing) -> Finding | None:
    """What is wrong with a page that should stand in the tree, its copy or its marker."""
    root = str(tree)
    if here.digest is None:
        marker = f"/{GONE}{here.path}"
        return None if isinstance(read_plainly(root + marker), bytes) else Finding(marker, MISSING)
    body = read_plainly(root + here.path)
    if not isinstance(body, bytes):
        return Finding(here.path, body)
    if digest_of(body) != here.digest:
        return Finding(here.path, ALTERED)
    problems = (_problem_of_copy(root, here, body, coding) for coding in CODINGS)
    return next(filter(None, problems), None)


def problems_at(tree: Path, address: str, here: Standing | None) -> Iterator[Finding]:
    """All that is wrong at an address: with the page, and files that stand beside it unasked.

    A folder is no finding: what is in it has addresses of its own.
    """
    if here is not None and (finding := problem_with(tree, here)) is not None:
        yield finding
    expected = files_of(here) if here is not None else ()
    for path in (address, *copies_of(address), f"/{GONE}{address}"):
        if path not in expected and _is_file(tree / path[1:]):
            yield Finding(path, FOREIGN)


def _is_file(path: Path) -> bool:
    """Whether anything but a folder stands there; a link is a file."""
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _problem_of_copy(root: str, here: Standing, body: bytes, coding: Coding) -> Finding | None:
    """A late copy may not have been made yet. One whose digest was signed needs no unpacking.

    Any other must be its page's: another release of the compressor makes other bytes of a page,
    late copies are signed with no link, and links from before digests of copies were told say
    nothing of them.
    """
    file = here.path + coding.suffix
    copy = read_plainly(root + file)
    if copy == MISSING:
        is_missed = coding is not LATE and compressed(here.path, body) is not None
        return Finding(file, MISSING) if is_missed else None
    is_right = isinstance(copy, bytes) and (
        here.copies.get(coding.suffix) == digest_of(copy) or coding.is_copy(copy, body)
    )
    return None if is_right else Finding(file, ALTERED)


def read_plainly(path: str) -> bytes | str:
    """A file of ours, or what is wrong with it.

    A link, a device, or a file that others may write or the gateway can't read is not our work.
    Opened once for facts and bytes, by name and not through pathlib: a sweep does it for every
    file.
    """
    try:
        descriptor = os.open(path, _PLAINLY)
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except OSError:
        return ALTERED
    try:
        if os.fstat(descriptor).st_mode != stat.S_IFREG | PAGE_MODE:
            return ALTERED
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            return file.readall()
    finally:
        os.close(descriptor)


def files_in(tree: Path) -> Iterator[str]:
    """All files and links of a tree, as paths from its root; links are not followed."""
    waiting = [str(tree)]
    cut = len(str(tree))
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry.path[cut:]


def files_of(here: Standing) -> tuple[str, ...]:
    """The files that may stand in a tree for a page."""
    if here.digest is None:
        return (f"/{GONE}{here.path}",)
    return (here.path, *copies_of(here.path))


def copies_of(path: str) -> tuple[str, ...]:
    """The files in which a page's compressed copies lie, late ones too."""
    return tuple(path + suffix for suffix in SUFFIXES)


def address_of(path: str) -> str:
    """The address that a file of a tree belongs to: of a copy or marker, the page's."""
    if path.startswith(f"/{GONE}/"):
        return path.removeprefix(f"/{GONE}")
    return page_of(path)
