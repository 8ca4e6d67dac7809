"""What every source of an old site can do, whatever it is read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Found:
    """One thing that the source holds, before it is read.

    `aliases` are other addresses that showed the same thing (``/a/`` for ``/a/index.html``).
    `trouble` is a word of `TROUBLES` where it cannot or must not be read; it is still counted.
    """

    address: str
    location: str
    size_bytes: int
    aliases: tuple[str, ...] = ()
    trouble: str | None = None


@dataclass(frozen=True)
class Resource:
    """The bytes, with content type and charset as a server named them, if one did."""

    address: str
    data: bytes
    content_type: str | None = None
    charset: str | None = None


# outside: a link to somewhere outside the source; special: not a file; too_large: past the limit;
# same_address: another file has this address already; left_by_tool: the saving program's own file.
# Readers add: too_complex (a tree made to harm) and unreadable.
TROUBLES = frozenset(
    {
        "outside",
        "special",
        "too_large",
        "same_address",
        "left_by_tool",
        "too_complex",
        "unreadable",
    }
)


class Source(Protocol):
    """A site as it was, read but never changed.

    Both methods may be called again at any time and answer the same for the same source; addresses
    come in a fixed order, each once. `read` raises NotFound for an address that is not there, and
    Refusal where it must not be read. `text` is what the operator wrote to name the source.
    """

    kind: str
    text: str
    host: str | None

    def addresses(self) -> Iterable[Found]: ...

    def read(self, address: str) -> Resource: ...
