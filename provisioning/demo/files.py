"""The demo's pictures and attachments, taken in as a person would upload them.

The project drew and wrote all of them; figures in them are fictional.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hosting.publishing.blobs import BlobStore
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import uploads
from hosting.security.actor import Actor
from provisioning.demo.municipality import FOLDER
from tenants.media.models import Asset
from tenants.media.operations import StoredFile, store_assets

# What readers are offered, in place of the plain file names.
SHOWN_NAMES = {
    "annual-report.pdf": "政府信息公开工作年度报告.pdf",
    "application-form.docx": "申请表.docx",
    "budget.xlsx": "预算表.xlsx",
    "inspection.xlsx": "抽检明细.xlsx",
    "list.xlsx": "清单.xlsx",
    "measures.pdf": "管理办法.pdf",
    "notice-list.xlsx": "汇总表.xlsx",
    "statistics.xlsx": "主要指标.xlsx",
}


def put_files(
    store: BlobStore, tenant_id: int, names: Iterable[str], *, settings: Settings
) -> dict[str, StoredFile]:
    """Check files and put their bytes into the blob store; before any transaction."""
    return {
        name: _put(store, tenant_id, FOLDER / "files" / name, settings)
        for name in sorted(set(names))
    }


def take_in(session: WalledSession, files: dict[str, StoredFile], *, by: Actor) -> dict[str, Asset]:
    """The tenant's assets for files whose bytes are stored, by file name."""
    made = store_assets(session, list(files.values()), by=by)
    return {name: made[file.digest, file.name] for name, file in files.items()}


def _put(store: BlobStore, tenant_id: int, path: Path, settings: Settings) -> StoredFile:
    with path.open("rb") as stream:
        upload = uploads.check(SHOWN_NAMES.get(path.name, path.name), stream, limits=settings)
    return StoredFile(
        digest=store.put(tenant_id, upload.data),
        name=upload.name,
        content_type=upload.content_type,
        size_bytes=upload.size_bytes,
        width=upload.width,
        height=upload.height,
    )
