"""Blobs: bytes kept under their own digest, one tenant's apart from another's.

What a page or an upload consists of is put here once and never changed. Two forms, disk and S3,
keep the same promises (one contract test runs against both).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import time
from typing import Protocol
from urllib.parse import unquote, urlsplit

from hosting.publishing.files import Files
from hosting.runtime.settings import Settings

_DIGEST = re.compile(r"[0-9a-f]{64}")
_LEFTOVER_SECONDS = 3600


class BlobMissing(LookupError):
    """There is no such blob of this tenant."""


class BlobDamaged(Exception):
    """The stored bytes no longer have the digest they were stored under."""


class BlobStore(Protocol):
    """Where blobs are kept. Safe to share between threads and processes; each call may be repeated.

    Any method may raise Unavailable when the store does not answer.
    """

    def put(self, tenant_id: int, data: bytes) -> str:
        """Keep the bytes and return their SHA-256 in hex; what is there already is left alone."""

    def read(self, tenant_id: int, digest: str) -> bytes:
        """The bytes, checked against their digest; raises BlobMissing or BlobDamaged."""

    def size(self, tenant_id: int, digest: str) -> int:
        """How many bytes are stored; raises BlobMissing."""

    def exists(self, tenant_id: int, digest: str) -> bool:
        """Whether there is such a blob."""

    def delete(self, tenant_id: int, digest: str) -> None:
        """Remove a blob; one that is not there is no error."""

    def digests(self, tenant_id: int) -> Iterator[str]:
        """All digests of a tenant, in ascending order."""

    def discard(self, tenant_id: int, most: int) -> int:
        """Remove at most so many blobs of a tenant; how many. After 0 nothing of it is left."""

    def sync(self) -> None:
        """Return when all that was put survives a power loss."""

    def unsynced(self) -> tuple[str, ...]:
        """Folders to sync with others, in place of `sync`; none where nothing is needed."""


def digest_of(data: bytes) -> str:
    """The name of these bytes: SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def checked_digest(digest: str) -> str:
    """The digest itself; raises BlobMissing when it cannot be one, so it is never a path."""
    if not _DIGEST.fullmatch(digest):
        raise BlobMissing(digest)
    return digest


def checked_bytes(digest: str, data: bytes) -> bytes:
    """The bytes themselves; raises BlobDamaged when they are not what the digest says."""
    if digest_of(data) != digest:
        raise BlobDamaged(digest)
    return data


class DiskBlobs:
    """Blobs in a folder: `<tenant>/<first two of digest>/<digest>`."""

    def __init__(self, root: Path, files: Files | None = None) -> None:
        self._root = root
        self._aside = root / "aside"
        self._files = files or Files()

    def put(self, tenant_id: int, data: bytes) -> str:
        """See BlobStore. Written aside under another name, then renamed: never torn."""
        digest = digest_of(data)
        target = self._path(tenant_id, digest)
        if target.is_file() and target.stat().st_size == len(data):
            return digest
        self._files.make_folder(str(self._aside))
        self._files.make_folder(str(target.parent))
        # Whose it is stands in the name, so that nothing of a deleted tenant lies here nameless.
        aside = str(self._aside / f"{tenant_id}-{secrets.token_hex(8)}")
        self._files.write(aside, data)
        self._files.rename(aside, str(target))
        return digest

    def read(self, tenant_id: int, digest: str) -> bytes:
        """See BlobStore."""
        try:
            data = self._path(tenant_id, digest).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        return checked_bytes(digest, data)

    def size(self, tenant_id: int, digest: str) -> int:
        """See BlobStore."""
        try:
            return self._path(tenant_id, digest).stat().st_size
        except FileNotFoundError:
            raise BlobMissing(digest) from None

    def exists(self, tenant_id: int, digest: str) -> bool:
        """See BlobStore."""
        return self._path(tenant_id, digest).is_file()

    def delete(self, tenant_id: int, digest: str) -> None:
        """See BlobStore."""
        self._files.remove(str(self._path(tenant_id, digest)))

    def digests(self, tenant_id: int) -> Iterator[str]:
        """See BlobStore."""
        for shard in sorted(self._root.glob(f"{tenant_id}/??")):
            yield from sorted(path.name for path in shard.iterdir())

    def discard(self, tenant_id: int, most: int) -> int:
        """See BlobStore. The tenant's folders go as they become empty."""
        for left in self._aside.glob(f"{tenant_id}-*"):
            self._files.remove(str(left))
        digests = list(islice(self.digests(tenant_id), most))
        for digest in digests:
            self.delete(tenant_id, digest)
        for shard in self._root.glob(f"{tenant_id}/??"):
            self._files.remove_folder(str(shard))
        self._files.remove_folder(str(self._root / str(tenant_id)))
        return len(digests)

    def sync(self) -> None:
        """See BlobStore: syncs the whole file system."""
        self._files.sync(*self.unsynced())

    def unsynced(self) -> tuple[str, ...]:
        """See BlobStore."""
        return (str(self._root),) if self._root.is_dir() else ()

    def sweep(self) -> int:
        """Remove what a killed writer left aside over an hour ago; how many there were."""
        if not self._aside.is_dir():
            return 0
        oldest = time() - _LEFTOVER_SECONDS
        left = [path for path in self._aside.iterdir() if path.stat().st_mtime < oldest]
        for path in left:
            self._files.remove(str(path))
        return len(left)

    def _path(self, tenant_id: int, digest: str) -> Path:
        return self._root / str(tenant_id) / checked_digest(digest)[:2] / digest


def open_store(settings: Settings, files: Files | None = None) -> BlobStore:
    """The store that the settings name; connects to nothing."""
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "s3":
        # boto3 takes a third of a second to import, and embedded platforms never need it.
        from hosting.publishing.blobs_s3 import S3Blobs

        return S3Blobs.of_url(settings.storage_url)
    root = Path(unquote(parts.path)) if parts.scheme == "file" else settings.home / "blobs"
    return DiskBlobs(root, files)
