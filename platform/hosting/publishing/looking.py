"""The first look at a site's tree and rows: without its lock, while publishing goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from hosting.publishing.blobs import open_store
from hosting.publishing.comparing import address_of, files_in, files_of, problem_with, problems_at
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.manifest.chain import Chain, follow, read_chain
from hosting.publishing.press import Press
from hosting.publishing.standing import (
    IN_LIMIT,
    Standing,
    all_standing,
    slices,
    standing_by_path,
)
from hosting.publishing.tree import PublicFolder, SiteFolder
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

_LOOKERS = 2
"""Reading, hashing and unpacking go on beside each other; more threads only wait for Python."""

_PIECE = 200

_MORE_LOOKS = 3
_SETTLE_SECONDS = 0.5
"""A change set's rows follow its files in less, but for large ones."""


class Look:
    """The first look, while publishing goes on."""

    def __init__(self, runtime: Runtime, tenant_id: int, site_id: int) -> None:
        self.runtime = runtime
        self.tenant_id = tenant_id
        self.site_id = site_id
        self._store = open_store(runtime.settings)
        self._folder: SiteFolder = PublicFolder(runtime.settings.home).site(site_id)
        self._signer = open_signer(runtime.settings)
        self._key = self._signer.key()
        self.chain = self._read()

    def suspects(self) -> set[str]:
        """Addresses where something seems wrong."""
        tree = self._folder.tree(self.chain.tree)
        standing = self.chain.standing
        with ThreadPoolExecutor(_LOOKERS, "look") as pool:
            pieces = slices(standing.values(), _PIECE)
            looked = pool.map(partial(_suspects_among, tree), pieces)
            # Rows are read meanwhile.
            suspects = self._differing_rows().union(*looked)
        if tree.is_dir():
            known = {file for here in standing.values() for file in files_of(here)}
            suspects.update(address_of(path) for path in files_in(tree) if path not in known)
        return suspects

    def seems_whole(self) -> bool:
        """Whether the chain is unbroken to its end, and readers see the tree that it names."""
        chain = self.chain
        head = self._signer.head(self.tenant_id, self.site_id)
        is_shown = self._folder.current_number() in (chain.tree, None)
        return chain.is_known and not chain.broken and chain.ends_at(head) and is_shown

    def followed(self, press: Press) -> Chain:
        """The chain with what was added since; the caller holds the site's lock."""
        with press.reading() as session:
            self._follow(session)
        return self.chain

    def lasting_suspects(self) -> bool:
        """Whether something seems wrong at the first look and at those that follow.

        Who publishes meanwhile changes a file, its row and the chain one after another.
        """
        suspects = self.suspects()
        for _ in range(_MORE_LOOKS):
            if not suspects and self.seems_whole():
                return False
            time.sleep(_SETTLE_SECONDS)
            suspects = self._still(suspects)
        return bool(suspects) or not self.seems_whole()

    def _still(self, suspects: Set[str]) -> set[str]:
        """Those of the suspects that seem wrong now."""
        found: set[str] = set()
        for addresses in slices(sorted(suspects), IN_LIMIT):
            with self.runtime.tenant_session(self.tenant_id, reading=True) as session:
                self._follow(session)
                rows = standing_by_path(session, self.site_id, addresses)
            tree, standing = self._folder.tree(self.chain.tree), self.chain.standing
            found |= {
                address
                for address in addresses
                if rows.get(address) != standing.get(address)
                or any(problems_at(tree, address, standing.get(address)))
            }
        return found

    def _follow(self, session: WalledSession) -> None:
        if self.chain.is_unsigned:
            self.chain = self._read()
        else:
            follow(self.chain, session, self._store, self.site_id)

    def _read(self) -> Chain:
        with self.runtime.tenant_session(self.tenant_id, reading=True) as session:
            chain = read_chain(session, self._store, self.site_id, self._key)
        if chain.is_unsigned or not chain.is_known:
            chain.standing = {row.path: row for row in self._rows()}
        return chain

    def _differing_rows(self) -> set[str]:
        standing = self.chain.standing
        seen = 0
        differing: set[str] = set()
        for row in self._rows():
            seen += row.path in standing
            if standing.get(row.path) != row:
                differing.add(row.path)
        if seen < len(standing):
            differing |= standing.keys() - {row.path for row in self._rows()}
        return differing

    def _rows(self) -> Iterator[Standing]:
        after = ""
        while True:
            with self.runtime.tenant_session(self.tenant_id, reading=True) as session:
                some = all_standing(session, self.site_id, after=after, limit=IN_LIMIT)
            if not some:
                return
            yield from some
            after = some[-1].path


def _suspects_among(tree: Path, some: Sequence[Standing]) -> set[str]:
    return {here.path for here in some if problem_with(tree, here) is not None}
