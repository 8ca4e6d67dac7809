"""Reading a site's chain: what its tree should hold by all that was signed, and what is broken."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from hosting.publishing.blobs import BlobDamaged, BlobMissing, BlobStore
from hosting.publishing.changesets import GONE_MARK, Entry, content_of, entries_of
from hosting.publishing.manifest.signer import Head, is_signed
from hosting.publishing.manifest.statement import (
    CHANGES,
    NOTHING_BEFORE,
    SNAPSHOT,
    SWITCH,
    Signed,
    Statement,
)
from hosting.publishing.models import ChangeSet
from hosting.publishing.standing import Standing
from hosting.publishing.tree import FIRST_TREE
from hosting.runtime.session import WalledSession
from hosting.security.signing_key import PublicKey

log = logging.getLogger(__name__)

_SLICE = 50
"""Change sets that are read at once; each holds up to some hundred entries."""


_ENDLESS = 2**62


@dataclass
class Chain:
    """Where reading has come to. `standing` is what the tree should hold, by path.

    `broken` are the numbers of links that are not as the signer made them, which are left out, or
    that do not follow the one before. `is_known` is false when what the tree held at the start
    can't be told any more.
    """

    key: PublicKey
    tree: int = FIRST_TREE
    number: int = 0
    digest: str = NOTHING_BEFORE
    standing: dict[str, Standing] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)
    is_known: bool = True
    # Links were added before there was a signer: the rows are all there is to believe.
    is_unsigned: bool = False
    # How many links were read since one that states the whole.
    length: int = 0

    def ends_at(self, head: Head) -> bool:
        """Whether the chain ends where the signer remembers it to end."""
        return (self.number, self.digest) == (head.number, head.digest)

    def check(self, change_set: ChangeSet) -> bool:
        """Whether a link is as the signer made it; come to it, if so."""
        signed = signed_of(change_set)
        if signed is None or not is_signed(signed, self.key):
            self.broken.append(change_set.number)
            # What follows cannot be held against a link that is not itself any more.
            self.digest = ""
            return False
        if signed.statement.previous != self.digest and self._looks_back():
            self.broken.append(change_set.number)
        self.number, self.digest = change_set.number, signed.statement.digest
        self.tree = change_set.tree
        return True

    def take(self, change_set: ChangeSet, store: BlobStore) -> None:
        """Check a link and do to `standing` what it did to the tree."""
        if not self.check(change_set):
            return
        if change_set.snapshot is None:
            self.length += 1
            self._change(entries_of(change_set))
        else:
            self.length = 0
            self._replace(change_set.snapshot, store, change_set.tenant_id)

    def _looks_back(self) -> bool:
        """Whether the link before was read; reading begins at a snapshot, or after a broken one."""
        return bool(self.digest)

    def _change(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.new is None:
                self.standing.pop(entry.path, None)
        self.standing |= {e.path: standing_of(e) for e in entries if e.new is not None}

    def _replace(self, digest: str, store: BlobStore, tenant_id: int) -> None:
        try:
            lines = store.read(tenant_id, digest).splitlines()
        except (BlobMissing, BlobDamaged):
            log.exception("the snapshot %s of tenant %s is lost", digest, tenant_id)
            self.is_known = False
            return
        # One document is read three times as fast as its lines one by one.
        told = json.loads(b"[" + b",".join(lines) + b"]")
        self.standing = {(e := Entry(**facts)).path: standing_of(e) for facts in told}


def standing_of(entry: Entry) -> Standing:
    """What stands at an address once the entry is done."""
    digest = None if entry.new == GONE_MARK else entry.new
    return Standing(entry.page, entry.key, entry.path, digest, entry.rank, entry.at, entry.copies)


def as_it_stands(here: Standing) -> Entry:
    """What stands as an entry: a snapshot consists of these, in the order of their paths."""
    return Entry(here.path, None, here.mark, here.key, here.page, here.rank, here.at, here.copies)


def signed_of(change_set: ChangeSet) -> Signed | None:
    """The link as its row tells it; None for a row from before there was a signer."""
    if change_set.signature is None:
        return None
    kind = SWITCH if change_set.is_switch else CHANGES if change_set.snapshot is None else SNAPSHOT
    statement = Statement(
        tenant_id=change_set.tenant_id,
        site_id=change_set.site_id,
        number=change_set.number,
        kind=kind,
        tree=change_set.tree,
        previous=change_set.previous or "",
        content=change_set.snapshot or content_of(entries_of(change_set)),
        recorded_at=change_set.recorded_at.isoformat(),
    )
    return Signed(
        statement, change_set.algorithm or "", change_set.key_id or "", change_set.signature
    )


def read_chain(
    session: WalledSession,
    store: BlobStore,
    site_id: int,
    key: PublicKey,
    *,
    until: int = _ENDLESS,
) -> Chain:
    """The chain of a site from its last snapshot on, `until` the link of this number."""
    chain = Chain(key)
    start, signed = session.execute(
        select(
            func.max(ChangeSet.number).filter(ChangeSet.snapshot.is_not(None)),
            func.max(ChangeSet.number).filter(ChangeSet.signature.is_not(None)),
        ).where(ChangeSet.site_id == site_id, ChangeSet.number <= until)
    ).one()
    chain.is_unsigned = signed is None
    if start:
        chain.number, chain.digest = start - 1, ""
    if not chain.is_unsigned:
        follow(chain, session, store, site_id, until=until)
    return chain


def follow(
    chain: Chain,
    session: WalledSession,
    store: BlobStore,
    site_id: int,
    *,
    until: int = _ENDLESS,
) -> None:
    """Read on what was added since, `until` the link of this number."""
    for change_set in links_after(session, site_id, chain.number, until=until):
        chain.take(change_set, store)


def touched_since(chain: Chain, session: WalledSession, site_id: int) -> set[str] | None:
    """Check what was added since a site was switched, without reading what stands in its tree.

    The chain has come to the link before the switch. The keys of the pages that later links
    touched; None where readers were switched once more.
    """
    touched: set[str] = set()
    switches = 0
    for change_set in links_after(session, site_id, chain.number):
        if chain.check(change_set):
            switches += change_set.is_switch
            touched.update(entry.key for entry in entries_of(change_set))
    return touched if switches == 1 else None


def links_after(
    session: WalledSession, site_id: int, after: int, *, until: int = _ENDLESS
) -> Iterator[ChangeSet]:
    """A site's change sets in order, from the one after `after`; each detached."""
    while True:
        some = session.scalars(
            select(ChangeSet)
            .where(
                ChangeSet.site_id == site_id,
                ChangeSet.number > after,
                ChangeSet.number <= until,
            )
            .order_by(ChangeSet.number)
            .limit(_SLICE)
        ).all()
        if not some:
            return
        yield from some
        after = some[-1].number
        session.expunge_all()
