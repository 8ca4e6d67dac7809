"""Content codings (RFC 9110, 8.4.1): how bytes are compressed for whoever asks, and unpacked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli

_WHOLE_GZIP = 31
"""zlib's number for data with gzip's header and check sum."""

_GZIP_LEVEL = 6  # 0.55 ms a page; level 9 takes twice that for one hundredth less
_BROTLI_LEVELS = ((256 * 1024, 11), (8 * 1024 * 1024, 5))
"""Up to so many bytes this level: at 11 a page takes 19 ms, a megabyte well over a second."""


@dataclass(frozen=True)
class Coding:
    """One coding. `name` is HTTP's, `suffix` that of a file beside the one that it is a copy of.

    `pack` gives the same bytes for the same bytes: no time stamp; None where it is not worth while.
    `unpack(data, most)` raises ValueError for what is damaged, or longer than `most` bytes.
    """

    name: str
    suffix: str
    pack: Callable[[bytes], bytes | None]
    unpack: Callable[[bytes, int], bytes]

    def is_copy(self, data: bytes, body: bytes) -> bool:
        """Whether unpacked data are this body."""
        try:
            return self.unpack(data, len(body)) == body
        except ValueError:
            return False


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0)


def _gunzip(data: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=_WHOLE_GZIP)
    try:
        body = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("cut short, too long, or more than one")
    return body


def _brotli(body: bytes) -> bytes | None:
    level = next((level for most, level in _BROTLI_LEVELS if len(body) <= most), None)
    return None if level is None else bytes(brotli.compress(body, quality=level))


def _unbrotli(data: bytes, most: int) -> bytes:
    body = b"".join(_unbrotli_pieces(data, most))
    if len(body) > most:
        raise ValueError("too long")
    return body


def _unbrotli_pieces(data: bytes, most: int) -> Iterator[bytes]:
    """Piece by piece, so that a few bytes which stand for gigabytes are not believed."""
    unpacker = brotli.Decompressor()
    length = 0
    try:
        piece = unpacker.process(data, output_buffer_limit=most + 1)
        while piece:
            yield piece
            length += len(piece)
            if length > most:
                return
            piece = unpacker.process(b"", output_buffer_limit=most + 1 - length)
    except brotli.error as error:
        raise ValueError(str(error)) from error
    if not unpacker.is_finished():
        raise ValueError("cut short")


GZIP = Coding("gzip", ".gz", _gzip, _gunzip)
BROTLI = Coding("br", ".br", _brotli, _unbrotli)

CODINGS = (BROTLI, GZIP)
"""The better first: who takes several gets this."""
