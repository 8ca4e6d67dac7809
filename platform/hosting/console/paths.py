"""Which addresses one may be sent back to: paths of the console itself."""

from __future__ import annotations

from unicodedata import category
from urllib.parse import urlsplit


def own_path(written: str, otherwise: str = "/") -> str:
    r"""The written path and query when it is one of this host, else another.

    Browsers read `//host`, `/\host` and control characters as ways to somewhere else, and what is
    not seen may be taken out on the way: `/\x7f/host` would be `//host` then.
    """
    if not written.startswith("/") or written[1:2] in ("/", "\\"):
        return otherwise
    if "\\" in written or any(category(each)[0] in "CZ" for each in written):
        return otherwise
    return written


def came_from(referrer: str | None, host_address: str) -> str:
    """The path of the page a request came from when that was ours; the first page otherwise."""
    if referrer is None or not referrer.startswith(host_address):
        return "/"
    parts = urlsplit(referrer)
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)
