"""Addresses that people hand in: only paths on our own host are followed."""

from __future__ import annotations

import re

# Browsers read `//` and `/\` as another host, and skip tabs and line ends before they look.
_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")


def own_path(address: str | None) -> str | None:
    """The address when it is a path on the same host, else None."""
    return address if address is not None and _OWN_PATH.fullmatch(address) else None
