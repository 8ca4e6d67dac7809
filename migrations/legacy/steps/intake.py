"""Taking in files of an old site: checked by the one door, their bytes kept before their rows."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re

from hosting.publishing.blobs import open_store
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.security.uploads import check
from migrations.legacy.sources.source import Source
from tenants.media.models import media_path
from tenants.media.operations import StoredFile

_INLINE = re.compile(r"data:image/([a-z]{3,4})[^,]{0,40};base64,(.+)", re.IGNORECASE | re.DOTALL)


class Intake:
    """Checks files and keeps their bytes; `inlined` are those that were written into pages."""

    def __init__(self, runtime: Runtime, tenant_id: int) -> None:
        self._settings = runtime.settings
        self._blobs = open_store(runtime.settings)
        self._tenant_id = tenant_id
        self.inlined: list[StoredFile] = []

    def take(self, address: str, source: Source) -> StoredFile:
        """The file at an old address. Raises Invalid where no door lets it in."""
        name = address.partition("?")[0].rpartition("/")[2] or "file"
        return self._keep(name, source.read(address).data)

    def inline(self, written: str) -> str | None:
        """A picture that is written into a page: where it is now, or None where it is none."""
        match = _INLINE.match(written)
        if match is None:
            return None
        try:
            data = base64.b64decode(match[2])
            name = f"inline-{hashlib.sha256(data).hexdigest()[:12]}.{match[1].lower()}"
            file = self._keep(name, data)
        except (binascii.Error, Invalid):
            return None
        self.inlined.append(file)
        return media_path(file.digest, file.name)

    def _keep(self, name: str, data: bytes) -> StoredFile:
        checked = check(name, io.BytesIO(data), limits=self._settings)
        digest = self._blobs.put(self._tenant_id, checked.data)
        return StoredFile(
            digest,
            checked.name,
            checked.content_type,
            checked.size_bytes,
            checked.width,
            checked.height,
        )
