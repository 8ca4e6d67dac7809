"""The bytes that go to an edge: from the tree or the blobs here, and only what was signed for."""

from __future__ import annotations

from pathlib import Path

from hosting.publishing.blobs import BlobDamaged, BlobMissing, BlobStore, checked_bytes
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_


class SourceLost(Unavailable):
    """Neither tree nor blobs here have the bytes that were signed for an address."""


class Bodies:
    """Reads what was signed for the addresses of one site. `tree` is the one that readers see."""

    def __init__(self, store: BlobStore, tenant_id: int, tree: Path) -> None:
        self._store = store
        self._tenant_id = tenant_id
        self._tree = tree

    def __call__(self, path: str, digest: str) -> bytes:
        """See `edge.Body`. Raises SourceLost."""
        try:
            return checked_bytes(digest, (self._tree / path[1:]).read_bytes())
        except (OSError, BlobDamaged):
            # The tree is behind or ahead of what was read, or somebody altered it.
            return self._of_store(path, digest)

    def _of_store(self, path: str, digest: str) -> bytes:
        try:
            return checked_bytes(digest, self._store.read(self._tenant_id, digest))
        except (BlobMissing, BlobDamaged) as error:
            raise SourceLost(
                "edge_source_lost",
                N_("网页 {path} 的原文件缺失或被改动，未送往边缘节点：请运行 jiyue publish verify"),
                path=path,
            ) from error
