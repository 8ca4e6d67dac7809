"""Canaries: words that say whose they are. A proving ground is filled with nothing else.

`CANARY-<tenant code>-<field>-<digest>` has letters, digits and hyphens alone, so that HTML, JSON,
addresses and file names all write it in the same way and one search finds it in any of them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_NEST = "nest"
# The rest is not asked for: what is shown in part is shown. A slug made of one has no hyphens.
_OWNER = re.compile(rf"canary-?({_NEST}[0-9]{{3,}})", re.IGNORECASE)
_CODE = re.compile(rf"{_NEST}([0-9]{{3,}})")
_DIGITS = 8


def nest_code(number: int) -> str:
    """The code of a tenant that is filled with canaries."""
    return f"{_NEST}{number:03d}"


def nest_number(code: str) -> int | None:
    """The number of such a tenant; None for any other."""
    found = _CODE.fullmatch(code)
    return int(found[1]) if found else None


def owners(said: str) -> set[str]:
    """The codes of the tenants whose canaries stand in a text, as a whole or cut short."""
    return {found.lower() for found in _OWNER.findall(said)}


@dataclass(frozen=True)
class Canaries:
    """What one tenant says everywhere. The same seed gives the same words again."""

    code: str
    seed: str

    def word(self, field: str, *more: object) -> str:
        """The word for a field (lower-case letters and digits); `more` tells its places apart."""
        return f"CANARY-{self.code}-{field}-{self.digest(field, *more)[:_DIGITS]}"

    def slug(self, field: str, *more: object) -> str:
        """The same in lower case, for addresses, hosts and sign-in names."""
        return self.word(field, *more).lower()

    def digest(self, *said: object) -> str:
        """64 hexadecimal digits that only this tenant has."""
        text = "\n".join((self.seed, self.code, *(str(each) for each in said)))
        return hashlib.sha256(text.encode()).hexdigest()
