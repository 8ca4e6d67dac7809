"""Reading a site's chain for an edge: what was done since a link, or all that should stand.

An edge gets what was signed and is done. A link that is still being brought into the tree here is
left for the next time, because it may yet be taken back.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from hosting.directory.models import Site
from hosting.publishing.blobs import BlobStore
from hosting.publishing.changesets import OPEN, Entry, entries_of
from hosting.publishing.manifest.chain import Chain, links_after, signed_of
from hosting.publishing.manifest.signer import Head, Signer, is_signed
from hosting.publishing.models import ChangeSet
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession


@dataclass(frozen=True)
class Bookmark:
    """The link that a copy has come to. The signature names it: there is none other like it."""

    tenant_id: int
    site_id: int
    number: int
    tree: int
    signature: str

    def text(self) -> bytes:
        """As an edge keeps it: always the same bytes."""
        facts = {name: getattr(self, name) for name in sorted(_FIELDS)}
        return json.dumps(facts, separators=(",", ":")).encode()

    @classmethod
    def of_text(cls, text: bytes | None) -> Bookmark | None:
        """Back from what an edge keeps; None where that is no bookmark."""
        try:
            facts = json.loads(text or b"")
            kept = cls(**{name: kind(facts[name]) for name, kind in _FIELDS.items()})
        except (ValueError, KeyError, TypeError):
            return None
        return kept if kept.text() == text else None

    @classmethod
    def at(cls, change_set: ChangeSet) -> Bookmark:
        """The bookmark of a link."""
        return cls(
            change_set.tenant_id,
            change_set.site_id,
            change_set.number,
            change_set.tree,
            change_set.signature or "",
        )


_FIELDS = {"tenant_id": int, "site_id": int, "number": int, "tree": int, "signature": str}


@dataclass
class Reading:
    """How far a chain was read. `changes` are the last entries by path since it was read before.

    `is_whole`: all that stands is known (`chain.standing`), and changes alone are not enough.
    `bookmark` is None where nothing was ever signed.
    """

    chain: Chain
    is_whole: bool
    bookmark: Bookmark | None = None
    changes: dict[str, Entry] = field(default_factory=dict)
    # Places of the chain that were seen: the signer must remember one of them as its end.
    seen: set[tuple[int, str]] = field(default_factory=set)


class Reader:
    """Reads one site's chain. Raises Unavailable where it is broken: an edge keeps what it has."""

    def __init__(
        self, runtime: Runtime, tenant_id: int, site_id: int, store: BlobStore, signer: Signer
    ) -> None:
        self._runtime = runtime
        self._tenant_id = tenant_id
        self._site_id = site_id
        self._store = store
        self._signer = signer
        self._key = signer.key()

    def newest(self) -> int:
        """The number of the last link that the signer remembers."""
        return self._head().number

    def number_of(self, kept: Bookmark | None) -> int | None:
        """The number of a bookmark that names a link of the chain; None for any other."""
        with self._runtime.tenant_session(self._tenant_id, reading=True) as session:
            chain = self._resumed(session, kept)
        return None if chain is None else chain.number

    def whole(self) -> Reading:
        """All that should stand, and how far that is read."""
        head = self._head()
        with self._runtime.tenant_session(self._tenant_id, reading=True) as session:
            chain = self._beginning(session)
            reading = Reading(chain, is_whole=True, seen={(chain.number, chain.digest)})
            if not chain.is_unsigned:
                self._walk(session, reading, head)
        self._check(reading, head)
        return reading

    def since(self, kept: Bookmark | None) -> Reading:
        """What was done since a bookmark; the whole where the bookmark is no link of the chain."""
        head = self._head()
        with self._runtime.tenant_session(self._tenant_id, reading=True) as session:
            chain = self._resumed(session, kept)
            if chain is not None:
                reading = Reading(chain, is_whole=False, bookmark=kept)
                reading.seen.add((chain.number, chain.digest))
                self._walk(session, reading, head)
        if chain is None or reading.is_whole:
            return self.whole()
        self._check(reading, head)
        return reading

    def on(self, before: Reading) -> Reading:
        """What was done since; `is_whole` where all was stated anew meanwhile."""
        head = self._head()
        chain = before.chain
        reading = Reading(chain, is_whole=False, bookmark=before.bookmark)
        reading.seen.add((chain.number, chain.digest))
        with self._runtime.tenant_session(self._tenant_id, reading=True) as session:
            self._walk(session, reading, head)
        self._check(reading, head)
        return reading

    def _head(self) -> Head:
        return self._signer.head(self._tenant_id, self._site_id)

    def _beginning(self, session: WalledSession) -> Chain:
        """A chain that begins at the last snapshot that is done."""
        chain = Chain(self._key)
        is_done = ChangeSet.state != OPEN
        start, signed = session.execute(
            select(
                func.max(ChangeSet.number).filter(ChangeSet.snapshot.is_not(None), is_done),
                func.max(ChangeSet.number).filter(ChangeSet.signature.is_not(None)),
            ).where(ChangeSet.site_id == self._site_id)
        ).one()
        chain.is_unsigned = signed is None
        if start:
            chain.number, chain.digest = start - 1, ""
        return chain

    def _resumed(self, session: WalledSession, kept: Bookmark | None) -> Chain | None:
        """A chain that stands at a bookmark, if that names a link which the signer made."""
        if kept is None or (kept.tenant_id, kept.site_id) != (self._tenant_id, self._site_id):
            return None
        link = session.scalars(
            select(ChangeSet).where(
                ChangeSet.site_id == self._site_id, ChangeSet.number == kept.number
            )
        ).first()
        signed = signed_of(link) if link is not None else None
        if link is None or signed is None or not is_signed(signed, self._key):
            return None
        if Bookmark.at(link) != kept:
            return None
        return Chain(self._key, kept.tree, kept.number, signed.statement.digest)

    def _walk(self, session: WalledSession, reading: Reading, head: Head) -> None:
        """Take what is done; look at what is not, for the signer may remember that."""
        chain = reading.chain
        ahead: Chain | None = None
        for link in links_after(session, self._site_id, chain.number):
            # An older link that somebody opened again hides nothing.
            if ahead is None and link.state == OPEN and link.number >= head.number:
                ahead = Chain(self._key, chain.tree, chain.number, chain.digest)
            taking = ahead or chain
            taking.take(link, self._store)
            reading.seen.add((taking.number, taking.digest))
            if ahead is None:
                reading.bookmark = Bookmark.at(link)
                reading.is_whole |= link.snapshot is not None
                reading.changes |= {entry.path: entry for entry in entries_of(link)}

    def _check(self, reading: Reading, before: Head) -> None:
        """That the chain is unbroken and ends where the signer remembers it to end."""
        chain = reading.chain
        ends = {(head.number, head.digest) for head in (before, self._head())}
        if chain.broken or not chain.is_known or not ends & reading.seen:
            raise Unavailable(
                "edge_manifest_broken",
                N_("网站 {site_id} 的发布清单不实，边缘节点未更新：请运行 jiyue publish verify"),
                site_id=self._site_id,
            )


@dataclass(frozen=True)
class End:
    """Where a site's publishing stands: what its copies should have come to, and since when."""

    bookmark: Bookmark
    closed_at: datetime | None

    def is_at(self, state: str) -> bool:
        """Whether an edge that tells its bookmark's state so has come here."""
        return hashlib.md5(self.bookmark.text(), usedforsecurity=False).hexdigest() == state


def ends(session: WalledSession) -> dict[int, End]:
    """The last signed link that is done, by site. For platform sessions; reads no entries.

    A look into the index for each site: chains grow for years.
    """
    link = aliased(ChangeSet)
    last = (
        select(link.number)
        .where(
            link.tenant_id == Site.tenant_id,
            link.site_id == Site.id,
            link.state != OPEN,
            link.signature.is_not(None),
        )
        .order_by(link.number.desc())
        .limit(1)
        .correlate(Site)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ChangeSet.tenant_id,
            ChangeSet.site_id,
            ChangeSet.number,
            ChangeSet.tree,
            func.coalesce(ChangeSet.signature, "").label("signature"),
            ChangeSet.closed_at,
        ).join(
            Site,
            (Site.tenant_id == ChangeSet.tenant_id)
            & (Site.id == ChangeSet.site_id)
            & (ChangeSet.number == last),
        )
    )
    return {row.site_id: End(Bookmark(*row[:5]), row.closed_at) for row in rows}
