"""What is signed of a change set: one link of a site's chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CHANGES, SWITCH, SNAPSHOT = "changes", "switch", "snapshot"
"""Some addresses change; readers are switched to another tree; the whole is stated once more."""

NOTHING_BEFORE = "0" * 64

_DOMAIN = b"jiyue manifest 1\n"
"""Begins every text that is signed: no signature made for this can be taken for another's."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One link. `previous` is the digest of the one before; numbers grow, but may leave gaps.

    `content` is the SHA-256 of the entries (changes), or the snapshot of all that stands in the
    tree (switch, snapshot). Tenant and site are part of it: no link can be shown for another's.
    `recorded_at` is in ISO 8601, UTC.
    """

    tenant_id: int
    site_id: int
    number: int
    kind: str
    tree: int
    previous: str
    content: str
    recorded_at: str

    def text(self) -> bytes:
        """The bytes that are signed: all facts in one order."""
        return _DOMAIN + json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """By what the next link names this one."""
        return hashlib.sha256(self.text()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement and who vouches for it."""

    statement: Statement
    algorithm: str
    key_id: str
    signature: str

    def as_facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Signed:
        """Back from JSON; raises KeyError or TypeError where something is missing."""
        rest = {name: str(facts[name]) for name in ("algorithm", "key_id", "signature")}
        return cls(Statement(**facts["statement"]), **rest)
