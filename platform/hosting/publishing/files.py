"""Every file operation of the publisher, in one small class.

All that publishing does to the disk goes through here, so that a test can make operation N fail,
kill the process there, or count. Paths are strings: this is the hot path of a build.
"""
# pathlib costs as much here as the system calls themselves:
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH108, PTH112, PTH116, PTH120, PTH211

from __future__ import annotations

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)

PAGE_MODE = 0o644
"""Of every file in a tree: the gateway reads it as another user, and nobody else writes it."""


class Files:
    """The operations, each of which happens whole or raises OSError.

    `write` alone may leave a torn file behind, which is why it is only used for names that no
    reader knows yet.
    """

    def write(self, path: str, data: bytes, *, mtime: int | None = None) -> None:
        """Make a new file, readable by everyone, never through a link."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, PAGE_MODE)
        try:
            # The gateway runs as another user, whatever our umask says.
            os.fchmod(descriptor, PAGE_MODE)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if mtime is not None:
                os.utime(descriptor, (mtime, mtime))
        finally:
            os.close(descriptor)

    def append(self, path: str, data: bytes) -> None:
        """Add to a file of ours."""
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)

    def rename(self, source: str, target: str) -> None:
        """Put a file, folder or link in the place of what is at `target`."""
        os.rename(source, target)

    def remove(self, path: str) -> None:
        """Remove a file or link; one that is not there is no error."""
        try:
            os.unlink(path)
        except FileNotFoundError:
            return

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; existing ones are no error."""
        if os.path.isdir(path):
            return
        self.make_folder(os.path.dirname(path))
        try:
            os.mkdir(path, 0o755)
        except FileExistsError:
            return
        os.chmod(path, 0o755)  # noqa: S103 - the gateway reads it as another user

    def remove_folder(self, path: str) -> bool:
        """Remove an empty folder; False when it is not empty or not there."""
        try:
            os.rmdir(path)
        except OSError:
            return False
        return True

    def link(self, target: str, path: str) -> None:
        """Make a symbolic link, replacing what stale one lies at `path`.

        Not atomic: make it under a name that nobody reads, then `rename` it.
        """
        self.remove(path)
        os.symlink(target, path)

    def link_first(self, target: str, path: str) -> None:
        """Make a symbolic link at once where nothing stands yet; else leave what stands there."""
        try:
            os.symlink(target, path)
        except FileExistsError:
            return

    def sync(self, *folders: str) -> None:
        """Return when all that was written to the folders' file systems survives a power loss.

        Each file system is synced once.
        """
        for folder in {os.stat(folder).st_dev: folder for folder in folders}.values():
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                sync_filesystem(descriptor)
            finally:
                os.close(descriptor)


def sync_filesystem(descriptor: int) -> None:
    """syncfs(2) where there is one: a whole change set for the price of one; else sync(2)."""
    syncfs = getattr(_libc, "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(descriptor) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
