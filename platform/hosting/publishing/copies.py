"""Making the compressed copies of a batch of pages, and telling their digests for the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from hosting.publishing.blobs import digest_of
from hosting.publishing.changesets import Entry
from hosting.publishing.compression import SUFFIX, compressed

_COMPRESSORS = 2

Copies = Mapping[str, bytes | None]
"""The compressed copy of each page by its path; None where none is worth keeping."""


def packed(bodies: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """The copies of these pages, made in threads beside one another."""
    with ThreadPoolExecutor(_COMPRESSORS, "compress") as pool:
        return dict(zip(bodies, pool.map(compressed, bodies, bodies.values()), strict=True))


def digests_of(copy: bytes | None) -> dict[str, str]:
    """What the manifest says of a page's copy: its digest by its suffix."""
    return {} if copy is None else {SUFFIX: digest_of(copy)}


def with_digests(entry: Entry, copies: Copies) -> Entry:
    """The entry with the digests of its page's copies, where it writes one."""
    if not entry.is_write or entry.path not in copies:
        return entry
    return replace(entry, copies=digests_of(copies[entry.path]))
