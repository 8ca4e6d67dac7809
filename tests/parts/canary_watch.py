"""Looking for canaries where they must not stand, and saying where they stood."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from hosting.runtime.canaries import owners

_TAG = re.compile(r"<[^>]*>")
_GZIP = b"\x1f\x8b"
_WORD = re.compile(r"canary-nest[0-9]{3,}-([a-z0-9]+)", re.IGNORECASE)
_OFFERS_TENANTS = "/reposts"
_TEXT = ("text/", "application/json", "application/xml")

MADE_UP = "CANARY-nest900-made-00000000"
"""Nobody's: what the tests themselves put somewhere."""


@dataclass
class Watch:
    """How much was looked at, whose words were seen, and every word that was in a wrong place."""

    looked_at: int = 0
    seen: set[str] = field(default_factory=set)
    sightings: list[str] = field(default_factory=list)
    names: tuple[str, ...] = ()
    """What tenants are called: pages of reposts offer them to one another, by these words alone."""

    def look(self, where: str, said: str | bytes, *, allowed: Iterable[str] = ()) -> None:
        """Note the words of tenants that are not allowed there."""
        self.looked_at += 1
        found = owners_in(said)
        self.seen |= found
        if foreign := found - set(allowed):
            self.report(where, ", ".join(sorted(foreign)))

    def answer(self, where: str, answer: TestResponse, *, allowed: Iterable[str] = ()) -> None:
        """The same for an HTTP answer: its headers and body."""
        said = answer.data
        if _OFFERS_TENANTS in where:
            for name in self.names:
                said = said.replace(name.encode(), b"")
        self.look(where, headers_of(answer).encode() + said, allowed=allowed)
        if answer.headers.get("Content-Encoding") == "gzip":
            self.look(where, answer.data, allowed=allowed)

    def report(self, where: str, what: str) -> None:
        """Note something wrong."""
        self.sightings.append(f"{where}: {what}")


def headers_of(answer: TestResponse) -> str:
    """All headers, cookies and redirects among them."""
    return "".join(f"{name}: {value}\n" for name, value in answer.headers)


def owners_in(said: str | bytes) -> set[str]:
    """Whose words stand in a text or in bytes, packed or not, with tags between or without."""
    if isinstance(said, bytes):
        data = gzip.decompress(said) if said[:2] == _GZIP else said
        said = data.decode("utf-8", "ignore")
    return owners(said) | owners(html.unescape(_TAG.sub("", said)))


def fields_in(answer: TestResponse) -> set[str]:
    """The fields whose words an answer shows, whoever's they are."""
    body = answer.text if (answer.mimetype or "").startswith(_TEXT) else ""
    return {each.lower() for each in _WORD.findall(headers_of(answer) + body)}


def plain(value: object) -> str:
    """A value of a row as one text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
