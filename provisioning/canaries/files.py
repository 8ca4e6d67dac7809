"""The files of a proving ground's tenant: canaries in their names, their bytes, their metadata."""

from __future__ import annotations

import io

from PIL import Image, PngImagePlugin

from hosting.publishing.blobs import open_store
from hosting.runtime.canaries import Canaries
from hosting.runtime.runtime import Runtime
from hosting.security import uploads
from hosting.security.actor import Actor
from tenants.media.models import Asset
from tenants.media.operations import StoredFile, store_assets

_DESCRIPTION = 0x010E
"""ImageDescription of EXIF (CIPA DC-008)."""

PHOTO, DRAWING, DOCUMENT, TABLE = "photo", "drawing", "document", "table"


def keep_files(
    runtime: Runtime, tenant_id: int, canaries: Canaries, *, by: Actor
) -> dict[str, Asset]:
    """Take the tenant's files in as uploads are; assets by what they are."""
    stored = {what: _put(runtime, tenant_id, *each) for what, each in _files(canaries).items()}
    with runtime.tenant_session(tenant_id) as session:
        made = store_assets(session, list(stored.values()), by=by)
        return {what: made[each.digest, each.name] for what, each in stored.items()}


def _files(canaries: Canaries) -> dict[str, tuple[str, bytes]]:
    """(name, bytes) of each. The drawing is the same at all tenants: one digest, many names."""
    names = {what: canaries.word("filename", what) for what in (PHOTO, DRAWING, DOCUMENT, TABLE)}
    return {
        PHOTO: (f"{names[PHOTO]}.jpg", _jpeg(canaries)),
        DRAWING: (f"{names[DRAWING]}.png", _png(canaries)),
        DOCUMENT: (f"{names[DOCUMENT]}.pdf", _pdf(canaries)),
        TABLE: (f"{names[TABLE]}.csv", f"{canaries.word('filebody', TABLE)},1\r\n".encode()),
    }


def _jpeg(canaries: Canaries) -> bytes:
    exif = Image.Exif()
    exif[_DESCRIPTION] = canaries.word("imagemetadata", PHOTO)
    out = io.BytesIO()
    colour = f"#{canaries.digest('colour')[:6]}"
    Image.new("RGB", (64, 40), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def _png(canaries: Canaries) -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", canaries.word("imagemetadata", DRAWING))
    out = io.BytesIO()
    Image.new("RGB", (64, 40), "#7ea8c9").save(out, "PNG", pnginfo=said)
    return out.getvalue()


def _pdf(canaries: Canaries) -> bytes:
    said = canaries.word("filebody", DOCUMENT)
    return (
        f"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Title ({said}) >>\nendobj\n"
        "trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    ).encode()


def _put(runtime: Runtime, tenant_id: int, name: str, data: bytes) -> StoredFile:
    checked = uploads.check(name, io.BytesIO(data), limits=runtime.settings)
    return StoredFile(
        open_store(runtime.settings).put(tenant_id, checked.data),
        checked.name,
        checked.content_type,
        checked.size_bytes,
        checked.width,
        checked.height,
    )
