"""The signer: keeps a key, and remembers the last link of each site's chain that it has signed.

Whoever can write the database or the tree, or has an older copy of both, cannot make a chain that
ends where the signer remembers it to end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hosting.publishing.manifest.statement import NOTHING_BEFORE, Signed, Statement
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.security.signing_key import ALGORITHM, PublicKey, make_key, read_key, write_private


@dataclass(frozen=True, slots=True)
class Link:
    """What a publisher asks to be signed; `at_least` is the lowest number that is free."""

    tenant_id: int
    site_id: int
    at_least: int
    kind: str
    tree: int
    content: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last link that the signer has seen recorded."""

    number: int = 0
    digest: str = NOTHING_BEFORE


class Signer(Protocol):
    """Signs links and remembers the last. Raises Unavailable when it cannot be asked.

    Two forms: the one that has the key, and one that asks it from another process.
    """

    def sign(self, link: Link) -> Signed:
        """Number the link, chain it to the site's head and sign it. The head stays where it is."""

    def confirm(self, signed: Signed) -> None:
        """The link is recorded: it is the head from now on. Safe to repeat.

        Raises Conflict for a link that we did not sign or that does not follow the head.
        """

    def head(self, tenant_id: int, site_id: int) -> Head:
        """Where a site's chain ends."""

    def forget(self, tenant_id: int, site_id: int) -> None:
        """Forget where a site's chain ends, because the site is deleted. Safe to repeat."""

    def key(self) -> PublicKey:
        """The key by which its signatures are known."""


class KeyHolder:
    """The signer itself, in whose folder lie the key and the heads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sign(self, link: Link) -> Signed:
        """See Signer."""
        head = self.head(link.tenant_id, link.site_id)
        statement = Statement(
            tenant_id=link.tenant_id,
            site_id=link.site_id,
            number=max(head.number + 1, link.at_least),
            kind=link.kind,
            tree=link.tree,
            previous=head.digest,
            content=link.content,
            recorded_at=link.recorded_at,
        )
        key = read_key(key_path(self._folder))
        return Signed(statement, ALGORITHM, key.key_id, key.sign(statement.text()))

    def confirm(self, signed: Signed) -> None:
        """See Signer."""
        told = signed.statement
        head = self.head(told.tenant_id, told.site_id)
        if told.number <= head.number:
            return
        if told.previous != head.digest or not is_signed(signed, self.key()):
            raise Conflict("not_the_next_link", N_("发布清单与签名方的记录不衔接"))
        path = self._head_path(told.tenant_id, told.site_id)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(path, json.dumps(signed.as_facts()).encode())

    def head(self, tenant_id: int, site_id: int) -> Head:
        """See Signer."""
        path = self._head_path(tenant_id, site_id)
        if not path.is_file():
            return Head()
        told = Signed.from_facts(json.loads(path.read_bytes())).statement
        return Head(told.number, told.digest)

    def forget(self, tenant_id: int, site_id: int) -> None:
        """See Signer."""
        self._head_path(tenant_id, site_id).unlink(missing_ok=True)

    def key(self) -> PublicKey:
        """See Signer."""
        return PublicKey(read_key(key_path(self._folder)).public)

    def _head_path(self, tenant_id: int, site_id: int) -> Path:
        return self._folder / "heads" / f"{tenant_id}-{site_id}"


def is_signed(signed: Signed, key: PublicKey) -> bool:
    """Whether this key vouches for the statement."""
    return signed.key_id == key.key_id and key.has_signed(
        signed.statement.text(), signed.signature, algorithm=signed.algorithm
    )


def key_path(folder: Path) -> Path:
    """Where the signer's key lies in its folder."""
    return folder / "key"


def make_signer(folder: Path) -> bool:
    """Make the signer's folder and key where there are none; whether the key was made."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    return make_key(key_path(folder))
