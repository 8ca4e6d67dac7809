"""Files on their way in: checked and kept before any transaction begins (law 2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from hosting.publishing.blobs import open_store
from hosting.runtime.runtime import Runtime
from hosting.security import uploads
from tenants.media.operations import StoredFile


def take_in(runtime: Runtime, tenant_id: int, sent: Iterable[FileStorage]) -> list[StoredFile]:
    """Check files and keep their bytes; fields left empty are skipped.

    Raises Invalid for the first file that may not come in; what was kept before it is swept later.
    """
    store = open_store(runtime.settings)
    stored: list[StoredFile] = []
    for file in sent:
        if not file.filename:
            continue
        stream = cast("BinaryIO", file.stream)
        checked = uploads.check(file.filename, stream, limits=runtime.settings)
        digest = store.put(tenant_id, checked.data)
        stored.append(
            StoredFile(
                digest,
                checked.name,
                checked.content_type,
                checked.size_bytes,
                checked.width,
                checked.height,
            )
        )
    if stored:
        store.sync()
    return stored
