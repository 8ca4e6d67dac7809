"""A saved mirror: a folder of files as wget, HTTrack or a browser leaves them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from hosting.runtime.errors import Invalid, LimitReached, NotFound
from hosting.runtime.language import N_
from migrations.legacy.sources.addresses import address_of_file, host_in_name
from migrations.legacy.sources.source import Found, Resource

# Of one file; a mirror may hold videos, which are not read into memory to be looked at.
FILE_LIMIT_BYTES = 200 * 1024 * 1024
# Of all files: more than any county's site has, fewer than a folder named by mistake.
FILE_LIMIT = 500_000

# What the saving programs and file managers leave behind; none of it was an address of the site.
_TOOL_FILES = frozenset(
    [
        "hts-log.txt",
        "hts-cache.zip",
        "cookies.txt",
        "wget-log",
        ".wget-hsts",
        ".ds_store",
        "thumbs.db",
        "desktop.ini",
        "backblue.gif",
        "fade.gif",
    ]
)
_TOOL_FOLDERS = frozenset(["hts-cache", "hts-tmp", ".git", ".svn", ".hg", "__macosx"])


class Mirror:
    """Reads a folder; follows no link out of it and opens nothing but regular files."""

    kind = "mirror"

    def __init__(self, folder: Path, *, host: str | None = None) -> None:
        """`host` is the site's own name; without it the folder's name is asked for one."""
        if not folder.is_dir():
            raise Invalid("source_missing", N_("找不到老网站文件夹：{path}"), path=str(folder))
        self.text = str(folder)
        self._root = _site_folder(folder.resolve(), host)
        self.host = host or host_in_name(self._root.name) or host_in_name(folder.name)

    def addresses(self) -> list[Found]:
        """Everything in the folder, by address; a second file of one address keeps its own name."""
        return list(self._found.values())

    def read(self, address: str) -> Resource:
        found = self._found.get(address)
        if found is None:
            raise NotFound(
                "address_missing", N_("老网站中没有这个地址：{address}"), address=address
            )
        if found.trouble not in {None, "same_address"}:
            raise Invalid("address_unreadable", N_("这个地址不能读取：{address}"), address=address)
        return Resource(address, self._bytes_of(self._root / found.location, address))

    @cached_property
    def _found(self) -> dict[str, Found]:
        taken: dict[str, Found] = {}
        for relative, info, trouble in sorted(_files(self._root), key=lambda file: file[0]):
            found = _describe(relative, info, trouble)
            if found.address in taken:
                found = Found(f"/{relative}", relative, info.st_size, (), "same_address")
            taken.setdefault(found.address, found)
            if len(taken) > FILE_LIMIT:
                raise LimitReached(
                    "source_too_large", N_("老网站文件超过 {limit} 个"), limit=FILE_LIMIT
                )
        return dict(sorted(taken.items()))

    def _bytes_of(self, path: Path, address: str) -> bytes:
        """Read what was described, even if it was swapped for a link since."""
        try:
            handle = os.open(path.resolve(), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise NotFound(
                "address_unreadable", N_("这个地址不能读取：{address}"), address=address
            ) from error
        with os.fdopen(handle, "rb") as stream:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode) or not path.resolve().is_relative_to(self._root):
                raise Invalid(
                    "address_unreadable", N_("这个地址不能读取：{address}"), address=address
                )
            return stream.read(FILE_LIMIT_BYTES)


def _site_folder(folder: Path, host: str | None) -> Path:
    """The folder that holds the site: wget and HTTrack put it into one named after the host."""
    inside = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.is_symlink()]
    hosts = [path for path in inside if host_in_name(path.name)]
    pages = any(
        path.suffix.lower() in {".html", ".htm", ".asp", ".php"} for path in folder.iterdir()
    )
    wanted = [path for path in hosts if host and host in {path.name, host_in_name(path.name)}]
    if wanted:
        return wanted[0]
    return hosts[0] if len(hosts) == 1 and not pages else folder


def _files(root: Path) -> Iterator[tuple[str, os.stat_result, str | None]]:
    """Each file below: relative name, facts, trouble. Folders that are links are not entered."""
    waiting = [root]
    while waiting:
        for entry in os.scandir(waiting.pop()):
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
                continue
            relative = path.relative_to(root).as_posix()
            yield relative, entry.stat(follow_symlinks=False), _trouble(entry, root)


def _trouble(entry: os.DirEntry[str], root: Path) -> str | None:
    path = Path(entry.path)
    parts = {part.lower() for part in path.relative_to(root).parts}
    if entry.name.lower() in _TOOL_FILES or parts & _TOOL_FOLDERS:
        return "left_by_tool"
    if entry.is_symlink() and not path.resolve().is_relative_to(root):
        return "outside"
    if not entry.is_file():
        return "special"
    return "too_large" if entry.stat().st_size > FILE_LIMIT_BYTES else None


def _describe(relative: str, info: os.stat_result, trouble: str | None) -> Found:
    address, aliases = address_of_file(relative)
    return Found(address, relative, info.st_size, aliases, trouble)
