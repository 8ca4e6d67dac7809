"""The pages of a source, parsed when asked for and kept a while."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from migrations.legacy.reading.charset import Decoded, decode
from migrations.legacy.reading.documents import parse
from migrations.legacy.reading.sheets import Sheet
from migrations.legacy.sources.source import Source

# A tree takes about twenty times its text; so many of them stay below some hundred megabytes.
_KEPT = 300


class Shelf:
    """Hands out sheets; the same bytes give the same sheet."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._kept: OrderedDict[str, Sheet] = OrderedDict()

    def sheet(self, address: str) -> Sheet:
        """The page at an address. Raises what the source raises."""
        if address in self._kept:
            self._kept.move_to_end(address)
            return self._kept[address]
        sheet = Sheet(address, parse(self.decoded(address).text))
        self._kept[address] = sheet
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return sheet

    def decoded(self, address: str) -> Decoded:
        resource = self.source.read(address)
        return decode(resource.data, resource.charset)


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
