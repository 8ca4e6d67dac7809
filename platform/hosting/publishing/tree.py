"""Where the public tree lies, and the small changes a tree is made of.

    public/hosts/<host>                    link to the site's `current`, or to a notice
    public/sites/<site>/current            link to the tree that readers see
    public/sites/<site>/trees/<number>/    a tree: files, `.gz` and `.br` copies, `.gone/` markers
    public/sites/<site>/staged             link to a tree that was built aside, for its preview
    public/sites/<site>/staging/           files on their way into a tree; no reader looks here
    public/sites/<site>/discarded/         trees that nobody will read any more, on their way out
    public/sites/<site>/rebuild.*          what a whole-site rebuild has to remember
    public/sites/<site>/switch.rows        what rows must say after a switch, until they do
    public/notices/                        pages of the platform itself, for hosts without a page

Links are relative, so that a HOME can be moved. Trees are copies of blobs, never hard links.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from posixpath import dirname

from hosting.publishing.compression import LATE_SUFFIX, SUFFIX, compressed
from hosting.publishing.files import Files

GONE = ".gone"
"""Folder of a tree with one empty file for each address that was withdrawn."""

FIRST_TREE = 1


class PublicFolder:
    """The layout of HOME/public; makes and changes nothing by itself."""

    def __init__(self, home: Path) -> None:
        self.root = home.absolute() / "public"
        self.hosts = self.root / "hosts"
        self.sites = self.root / "sites"
        self.notices = self.root / "notices"

    def site(self, site_id: int) -> SiteFolder:
        """One site's part of it."""
        return SiteFolder(self.sites / str(site_id))

    def clear_discarded(self, files: Files) -> None:
        """Remove the trees of all sites that nobody will read any more."""
        for folder in self.sites.glob("*/discarded"):
            SiteFolder(folder.parent).clear_discarded(files)


class SiteFolder:
    """One site's trees, the link that says which of them is read, and the staging folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.current = root / "current"
        self.staged = root / "staged"
        self.staging = root / "staging"
        self.discarded = root / "discarded"
        # These belong to a rebuild: its design, what its tree holds, the keys rendered meanwhile.
        self.design = root / "rebuild.design"
        self.plan = root / "rebuild.plan"
        # The plan of a tree that was switched to, until the rows say what it holds.
        self.rows = root / "switch.rows"
        self.journal = root / "rebuild.journal"

    def tree(self, number: int) -> Path:
        """The folder of a tree."""
        return self.root / "trees" / str(number)

    def trees(self) -> list[int]:
        """The numbers of the trees that lie here, ascending."""
        folder = self.root / "trees"
        if not folder.is_dir():
            return []
        return sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal())

    def current_number(self) -> int | None:
        """The number of the tree that readers see, or None when there is none."""
        return _number_of(self.current)

    def staged_number(self) -> int | None:
        """The number of the tree that was built aside and waits for its switch, or None."""
        return _number_of(self.staged)

    def prepare(self, files: Files, number: int = FIRST_TREE) -> None:
        """Make the tree's folder and let readers see it, where they do not yet."""
        files.make_folder(str(self.tree(number)))
        self.switch(files, number)

    def begin(self, files: Files) -> None:
        """Give a site that has no tree yet its first, without its lock: never over a publisher."""
        if self.current.is_symlink():
            return
        files.make_folder(str(self.tree(FIRST_TREE)))
        files.link_first(f"trees/{FIRST_TREE}", str(self.current))

    def switch(self, files: Files, number: int) -> None:
        """Let readers see another tree, by one rename."""
        replace_link(files, f"trees/{number}", self.current)

    def stage(self, files: Files, number: int) -> None:
        """Keep a tree for its preview and switch, by one rename."""
        replace_link(files, f"trees/{number}", self.staged)

    def set_aside(self, files: Files, number: int) -> None:
        """Take a tree away by one rename; `clear_discarded` removes its many files."""
        files.make_folder(str(self.discarded))
        name = f"{number}-{secrets.token_hex(4)}"
        files.rename(str(self.tree(number)), str(self.discarded / name))

    def clear_discarded(self, files: Files) -> None:
        """Remove what was set aside; needs no lock, since nobody reads there."""
        # Somebody else may be clearing it, too.
        with suppress(FileNotFoundError):
            discard(files, self.discarded)


def _number_of(link: Path) -> int | None:
    if not link.is_symlink():
        return None
    name = link.readlink().name
    return int(name) if name.isdecimal() else None


def replace_link(files: Files, target: str, path: Path) -> None:
    """Point a link at another target by one rename; nothing is done when it points there."""
    if path.is_symlink() and str(path.readlink()) == target:
        return
    # Hosts and sites never begin with a dot, so nobody can ask for this name.
    aside = str(path.with_name(f".{path.name}.new"))
    files.link(target, aside)
    files.rename(aside, str(path))


class TreeWriter:
    """Brings pages into one tree: stage them all, sync once, put them in place one by one.

    Staged files lie outside the tree under numbers, so a crash leaves nothing where readers look,
    and `discard` clears it.
    """

    def __init__(self, files: Files, staging: Path, tree: Path) -> None:
        self._files = files
        self._staging = str(staging)
        self._tree = str(tree)
        self._known_folders: set[str] = set()
        self._staged: dict[str, str] = {}
        self._count = 0

    def stage(self, path: str, body: bytes, copy: bytes | None, *, mtime: int) -> None:
        """Write a page and its compressed copy, where it has one, aside."""
        self._folder(self._staging)
        self._stage(path, body, mtime)
        if copy is not None:
            self._stage(path + SUFFIX, copy, mtime)

    def put_late(self, late: Iterable[tuple[str, bytes, int]], *, beat: Callable[[], None]) -> None:
        """Put late copies (page, bytes, time stamp) beside pages that they are copies of."""
        self._folder(self._staging)
        for path, copy, mtime in late:
            self._stage(path + LATE_SUFFIX, copy, mtime)
            beat()
        self.sync()
        for file in list(self._staged):
            self._place(file)

    def place(self, path: str) -> None:
        """Put a staged page in its place; a reader sees the old one or the new one."""
        self._folder(self._tree + dirname(path))
        # First: whoever takes a late copy gets the old page's prompt one until that changes.
        self._files.remove(f"{self._tree}{path}{LATE_SUFFIX}")
        self._place(path)
        if path + SUFFIX in self._staged:
            self._place(path + SUFFIX)
        else:
            self._files.remove(f"{self._tree}{path}{SUFFIX}")
        self._unmark(path)

    def mark_gone(self, path: str) -> None:
        """Leave a marker, so that the address answers "gone" once its page is removed."""
        marker = f"{self._tree}/{GONE}{path}"
        self._folder(dirname(marker))
        self._files.write(marker, b"")

    def remove(self, path: str) -> None:
        """Remove a page, its compressed copies, and folders that are empty then."""
        self._files.remove(f"{self._tree}{path}{LATE_SUFFIX}")
        self._files.remove(self._tree + path)
        self._files.remove(f"{self._tree}{path}{SUFFIX}")
        self._prune(dirname(path))

    def forget(self, path: str) -> None:
        """Remove a page and its gone marker: the address was never there."""
        self.remove(path)
        self._unmark(path)

    def write(self, path: str, body: bytes, *, mtime: int) -> bytes | None:
        """Write a page into a tree that nobody reads yet; its compressed copy, where it has one."""
        self._folder(self._tree + dirname(path))
        self._files.remove(f"{self._tree}{path}{LATE_SUFFIX}")
        self._files.write(self._tree + path, body, mtime=mtime)
        copy = compressed(path, body)
        if copy is not None:
            self._files.write(f"{self._tree}{path}{SUFFIX}", copy, mtime=mtime)
        else:
            self._files.remove(f"{self._tree}{path}{SUFFIX}")
        self._unmark(path)
        return copy

    def sync(self, also: Iterable[str] = ()) -> None:
        """Return when all written so far, here and in `also`, survives a power loss."""
        self._files.sync(self._tree, *also)

    def _stage(self, path: str, data: bytes, mtime: int) -> None:
        self._count += 1
        aside = f"{self._staging}/{self._count}"
        self._files.write(aside, data, mtime=mtime)
        self._staged[path] = aside

    def _place(self, path: str) -> None:
        self._files.rename(self._staged.pop(path), self._tree + path)

    def _unmark(self, path: str) -> None:
        self._files.remove(f"{self._tree}/{GONE}{path}")

    def _folder(self, folder: str) -> None:
        if folder not in self._known_folders:
            self._files.make_folder(folder)
            self._known_folders.add(folder)

    def _prune(self, folder: str) -> None:
        while folder != "/" and self._files.remove_folder(self._tree + folder):
            self._known_folders.discard(self._tree + folder)
            folder = dirname(folder)


def discard(files: Files, folder: Path) -> None:
    """Remove a folder with all that is in it; links in it are removed, not followed."""
    if folder.is_dir():
        _discard(files, str(folder))


def _discard(files: Files, folder: str) -> None:
    # A tree has tens of thousands of files: a Path for each costs more than to remove it.
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            _discard(files, entry.path)
        else:
            files.remove(entry.path)
    files.remove_folder(folder)


def discard_some(files: Files, folder: Path, most: int) -> int:
    """Remove at most so many files of a folder, and folders that are empty then; how many files."""
    count = 0
    if not folder.is_dir() or folder.is_symlink():
        return count
    for path in folder.iterdir():
        if count >= most:
            return count
        if path.is_dir() and not path.is_symlink():
            count += discard_some(files, path, most - count)
        else:
            files.remove(str(path))
            count += 1
    files.remove_folder(str(folder))
    return count
