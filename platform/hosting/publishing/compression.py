"""The compressed copies that lie beside a page.

The prompt one is written with its page. A late one takes too long for that: it follows in a job,
and leaves before its page changes, so that where it stands it is a copy of what stands there.
"""

from __future__ import annotations

from hosting.publishing.media_types import media_type
from hosting.runtime.codings import BROTLI, CODINGS, GZIP, Coding

PROMPT, LATE = GZIP, BROTLI
SUFFIX = PROMPT.suffix
LATE_SUFFIX = LATE.suffix

SUFFIXES = tuple(coding.suffix for coding in CODINGS)
"""Of all files that may lie beside a page."""

_SMALLEST = 256  # below it the compressed copy saves no packet


def compressed(path: str, body: bytes, coding: Coding = PROMPT) -> bytes | None:
    """A page's copy, or None where none is worth keeping. Depends on path and body alone."""
    kind = media_type(path)
    if kind is None or not kind.compressible or len(body) < _SMALLEST:
        return None
    copy = coding.pack(body)
    return copy if copy is not None and len(copy) < len(body) else None


def page_of(file: str) -> str:
    """The page that a file is, or is a copy of."""
    suffix = next((suffix for suffix in SUFFIXES if file.endswith(suffix)), "")
    return file.removesuffix(suffix)
