"""What a feed says, whatever format it is written in."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

# Characters that XML 1.0 has no way to write (section 2.2), lone surrogates among them.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# No name of a host in it: an entry stays the same entry when its site moves to another domain.
_NAMESPACE = uuid.UUID("5f0c2b0e-58a1-4c0c-9d43-8b5d1c1f6a52")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item: texts are plain text, `address` is absolute, instants are local.

    `published_at` is the item's date, `updated_at` when its live edition was issued.
    """

    id: str
    title: str
    address: str
    published_at: datetime
    updated_at: datetime
    summary: str
    source: str
    author: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A site's or a column's feed. `home` is the page it belongs to, `address` its own."""

    id: str
    title: str
    description: str
    language: str
    sponsor: str
    home: str
    address: str
    updated_at: datetime
    entries: tuple[FeedEntry, ...]


def writable(text: str) -> str:
    """The text without what no XML document can hold."""
    return _UNWRITABLE.sub("", text)


def lasting_id(kind: str, id_: int) -> str:
    """The id of an entry or feed for ever, as RFC 4287 (4.2.6) wants one."""
    return uuid.uuid5(_NAMESPACE, f"{kind}:{id_}").urn
