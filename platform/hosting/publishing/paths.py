"""Which paths a public tree can hold: the tree's names and a reader's addresses are the same."""

from __future__ import annotations

import re
import unicodedata

from hosting.publishing.media_types import media_type

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]|[\ud800-\udfff]")
_LONGEST_PART = 240  # a file system's 255 bytes, less what ".gz" and the like need
_LONGEST_PATH = 1024
WELL_KNOWN = ".well-known"
INDEX = "index.html"
"""What a folder's address means."""
DYNAMIC = "/-/"
"""Addresses under it belong to the application, on every host."""

ENDPOINT = r"^/-/([a-z]{1,40})(?:/|$)"
"""What an address under it asks for."""
FALLBACK = r"^/503-[a-z]{1,40}\.html$"
"""Pages for such endpoints while the application is away; nobody gets them with 200."""

LEGACY_HOME_QUERY = r"[A-Za-z_]{1,20}=[0-9]{1,20}"
"""Old systems address an article as the home page with a number: `/?p=123`. Such a query is looked
up in the redirects before the home page is shown."""


class UnsafePath(ValueError):
    """A path that no tree may hold; the message says why."""


def fallback_path(endpoint: str) -> str:
    """Where the page stands that readers get while the application cannot answer an endpoint."""
    return f"/503-{endpoint}.html"


def fallback_for(address: str) -> str | None:
    """The same of an address; None where it is not one under `/-/`."""
    asked = re.match(ENDPOINT, address)
    return fallback_path(asked[1]) if asked else None


def checked_path(path: str) -> str:
    """The path itself when a page may stand there; raises UnsafePath otherwise.

    It begins with "/", is NFC, ends in a known extension, and has no empty, dot or overlong part.
    No folder has such an extension, so a page never stands where another needs a folder.
    """
    parts = path.split("/")
    if parts[0] or len(parts) < 2:
        raise UnsafePath(f"{path!r} does not begin with a slash")
    if _FORBIDDEN.search(path) or unicodedata.normalize("NFC", path) != path:
        raise UnsafePath(f"{path!r} has characters that addresses and file names do not share")
    if len(path.encode()) > _LONGEST_PATH:
        raise UnsafePath(f"{path!r} is longer than {_LONGEST_PATH} bytes")
    if path.startswith(DYNAMIC):
        raise UnsafePath(f"{path!r} belongs to the application")
    for number, part in enumerate(parts[1:]):
        _check_part(path, part, is_first=number == 0)
    if any(media_type(part) for part in parts[1:-1]):
        raise UnsafePath(f"{path!r} has a folder that is named like a file")
    if media_type(path) is None:
        raise UnsafePath(f"{path!r} has no extension that is served")
    return path


def _check_part(path: str, part: str, *, is_first: bool) -> None:
    if not part:
        raise UnsafePath(f"{path!r} has an empty part")
    if part.startswith(".") and not (is_first and part == WELL_KNOWN):
        raise UnsafePath(f"{path!r} has a part that begins with a dot")
    if len(part.encode()) > _LONGEST_PART:
        raise UnsafePath(f"{path!r} has a part of more than {_LONGEST_PART} bytes")


def is_hidden(path: str) -> bool:
    """Whether an address has a part that begins with a dot, `/.well-known/` apart."""
    return any(
        part.startswith(".") and not (number == 0 and part == WELL_KNOWN)
        for number, part in enumerate(path.split("/")[1:])
    )


def resolved_path(path: str) -> str | None:
    """A request's path with empty and dot parts resolved; None when it climbs above the root.

    The same as nginx does before it looks for a file, so that both servers see one address.
    """
    if not path.startswith("/") or "\x00" in path:
        return None
    parts: list[str] = []
    pieces = path.split("/")[1:]
    for piece in pieces:
        if piece == "..":
            if not parts:
                return None
            parts.pop()
        elif piece not in ("", "."):
            parts.append(piece)
    is_folder = pieces[-1] in ("", ".", "..")
    return "/" + "/".join(parts) + ("/" if is_folder and parts else "")
