"""An edge that is a folder: mounted, or on the disk that an edge's nginx reads.

It is laid out as HOME is, so that the same gateway serves it:

    <folder>/public/                   hosts, sites and notices, as in `hosting.publishing.tree`
    <folder>/redirects/<site>.map      old addresses, for the gateway here
    <folder>/.jiyue/platform           whose copy this is
    <folder>/.jiyue/sites/<site>.json  how far each site's copy has come
    <folder>/quarantine/               what was found here and does not belong here
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hosting.publishing.applying import apply
from hosting.publishing.changesets import Entry
from hosting.publishing.comparing import (
    FOREIGN,
    address_of,
    copies_of,
    files_in,
    files_of,
    problem_with,
    problems_at,
)
from hosting.publishing.compression import LATE_SUFFIX
from hosting.publishing.edges.edge import (
    Body,
    Turn,
    Wanted,
    away,
    not_begun,
    not_empty,
    of_another,
)
from hosting.publishing.evidence import evidence_folder, move_to_evidence
from hosting.publishing.files import Files
from hosting.publishing.hosts import HostLinks
from hosting.publishing.notices import write_notices
from hosting.publishing.standing import Standing
from hosting.publishing.tree import (
    GONE,
    PublicFolder,
    TreeWriter,
    discard,
    discard_some,
)

_AT_ONCE = 1_000
_THERE_ANYHOW = frozenset({"lost+found"})


class DiskEdge:
    """See Edge."""

    # Readers come by host links alone.
    is_open = False

    def __init__(self, name: str, root: Path, files: Files | None = None) -> None:
        self.name = name
        self._root = root
        self._files = files or Files()
        self._public = PublicFolder(root)
        self._own = root / ".jiyue"

    @contextmanager
    def answering(self) -> Iterator[None]:
        """See Edge."""
        try:
            yield
        except OSError as error:
            raise away(self.name, error.strerror or type(error).__name__) from error

    def claim(self, platform: str, *, may_begin: bool) -> None:
        """See Edge."""
        path = self._own / "platform"
        if path.is_file():
            if path.read_text(encoding="ascii") != platform:
                raise of_another(self.name)
            return
        if not may_begin:
            raise not_begun(self.name)
        there = {each.name for each in self._root.iterdir()} if self._root.is_dir() else set()
        if there - _THERE_ANYHOW - {self._own.name}:
            raise not_empty(self.name)
        self._write(path, platform.encode("ascii"))

    def bookmark(self, site_id: int) -> bytes | None:
        """See Edge."""
        path = self._bookmark(site_id)
        return path.read_bytes() if path.is_file() else None

    def bookmarks(self) -> dict[int, str]:
        """See Edge."""
        found = sorted((self._own / "sites").glob("*.json"))
        return {
            int(path.stem): hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            for path in found
            if path.stem.isdecimal()
        }

    def keep_bookmark(self, site_id: int, bookmark: bytes, turn: Turn) -> None:
        """See Edge."""
        turn.beat()
        self._write(self._bookmark(site_id), bookmark)

    def clear(self, site_id: int) -> None:
        """See Edge."""
        discard(self._files, self._public.site(site_id).staging)

    def live(self, site_id: int) -> int | None:
        """See Edge."""
        return self._public.site(site_id).current_number()

    def takes_changes(self, site_id: int, tree: int, entries: Sequence[Entry]) -> bool:
        """See Edge. Nothing is written through a link that somebody made of a folder."""
        folder = self._public.site(site_id)
        root = folder.tree(tree)
        if folder.current_number() != tree or not root.is_dir():
            return False
        parents = {parent for entry in entries for parent in _folders_of(entry.path)}
        return not any((root / parent).is_symlink() for parent in parents)

    def wrong(self, wanted: Wanted, beat: Callable[[], None]) -> set[str]:
        """See Edge. Reads every file."""
        tree = self._public.site(wanted.site_id).tree(wanted.tree)
        found = set()
        for path, here in wanted.standing.items():
            beat()
            if problem_with(tree, here) is not None:
                found.add(path)
        if tree.is_dir():
            known = {file for here in wanted.standing.values() for file in files_of(here)}
            for file in files_in(tree):
                beat()
                if file not in known:
                    found.add(address_of(file))
        return found

    def confirmed(self, wanted: Wanted, addresses: Iterable[str]) -> set[str]:
        """See Edge."""
        tree = self._public.site(wanted.site_id).tree(wanted.tree)
        return {
            address
            for address in addresses
            if any(problems_at(tree, address, wanted.standing.get(address)))
        }

    def evict(self, wanted: Wanted, addresses: Iterable[str]) -> None:
        """See Edge. It is kept as evidence."""
        tree = self._public.site(wanted.site_id).tree(wanted.tree)
        evidence = self._evidence(str(wanted.site_id))
        for address in addresses:
            for finding in problems_at(tree, address, wanted.standing.get(address)):
                is_folder = (tree / finding.path[1:]).is_dir()
                if is_folder or finding.problem == FOREIGN:
                    move_to_evidence(self._files, tree, finding.path, evidence)

    def apply(
        self, site_id: int, tree: int, entries: Sequence[Entry], body: Body, turn: Turn
    ) -> None:
        """See Edge: staged, synchronised, and renamed into place."""

        def bytes_of(entry: Entry) -> bytes:
            assert entry.new is not None
            return body(entry.path, entry.new)

        folder = self._public.site(site_id)
        root = folder.tree(tree)
        for each in (root, *root.parents[:5], folder.staging):
            if each.is_symlink():
                raise away(self.name, f"link: {each}")
        self._files.make_folder(str(root))
        apply(self._files, folder, tree, entries, bytes_of, beat=turn.beat)

    def late_copies(self, site_id: int, tree: int) -> set[str]:
        """See Edge."""
        root = self._public.site(site_id).tree(tree)
        files = files_in(root) if root.is_dir() else ()
        return {file for file in files if file.endswith(LATE_SUFFIX)}

    def put_late(
        self,
        site_id: int,
        tree: int,
        entries: Sequence[Entry],
        late: Mapping[str, bytes],
        turn: Turn,
    ) -> None:
        """See Edge: staged, synchronised, and renamed into place."""
        folder = self._public.site(site_id)
        discard(self._files, folder.staging)
        writer = TreeWriter(self._files, folder.staging, folder.tree(tree))
        writer.put_late(((e.path, late[e.path], e.at) for e in entries), beat=turn.beat)
        discard(self._files, folder.staging)

    def show(self, site_id: int, tree: int, beat: Callable[[], None]) -> None:
        """See Edge. One rename; what was withdrawn is not left in older trees."""
        folder = self._public.site(site_id)
        folder.switch(self._files, tree)
        self._files.sync(str(folder.root))
        for number in folder.trees():
            while number != tree and discard_some(self._files, folder.tree(number), _AT_ONCE):
                beat()

    def holds(self, site_id: int, here: Standing) -> bool:
        """See Edge."""
        folder = self._public.site(site_id)
        number = folder.current_number()
        return number is not None and not any(problems_at(folder.tree(number), here.path, here))

    def left(self, site_id: int, addresses: Iterable[str]) -> list[str]:
        """See Edge."""
        current = self._public.site(site_id).current
        return [
            address
            for address in addresses
            if any(_is_there(current / file[1:]) for file in (address, *copies_of(address)))
        ]

    def bind(self, shown: Mapping[str, int | str]) -> None:
        """See Edge."""
        write_notices(self._files, self._public)
        HostLinks(self._files, self._root).bind(dict(shown), None)

    def keep_redirects(self, site_id: int, lines: bytes) -> None:
        """See Edge."""
        path = self._redirects(site_id)
        if not lines:
            self._files.remove(str(path))
        elif not path.is_file() or path.read_bytes() != lines:
            self._write(path, lines)

    def expel(self, known: Iterable[int]) -> list[str]:
        """See Edge."""
        names = {str(site_id) for site_id in known}
        sites = self._public.sites
        there = sorted(path.name for path in sites.iterdir()) if sites.is_dir() else []
        strange = [name for name in there if name not in names]
        for name in strange:
            move_to_evidence(self._files, sites, f"/{name}", self._evidence("sites"))
            if name.isdecimal():
                self._files.remove(str(self._bookmark(int(name))))
                self._files.remove(str(self._redirects(int(name))))
        return strange

    def discard(self, site_id: int, most: int) -> int:
        """See Edge."""
        self._files.remove(str(self._bookmark(site_id)))
        self._files.remove(str(self._redirects(site_id)))
        count = discard_some(self._files, self._public.site(site_id).root, most)
        if count < most:
            evidence = self._root / "quarantine" / str(site_id)
            count += discard_some(self._files, evidence, most - count)
        return count

    def _redirects(self, site_id: int) -> Path:
        return self._root / "redirects" / f"{site_id}.map"

    def _bookmark(self, site_id: int) -> Path:
        return self._own / "sites" / f"{site_id}.json"

    def _evidence(self, of: str) -> Path:
        return evidence_folder(self._root, of)

    def _write(self, path: Path, data: bytes) -> None:
        self._files.make_folder(str(path.parent))
        aside = str(path.with_name(f".{path.name}.new"))
        self._files.write(aside, data)
        self._files.sync(str(path.parent))
        self._files.rename(aside, str(path))


def _folders_of(path: str) -> Iterator[str]:
    """The folders that lead to a page and to its marker, as paths in the tree."""
    for file in (Path(path[1:]), Path(GONE) / path[1:]):
        yield from (str(folder) for folder in file.parents if folder.name)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
