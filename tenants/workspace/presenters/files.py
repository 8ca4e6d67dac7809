"""Files as cards, as a page, and as the editor is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from hosting.console.display import file_size
from tenants.content.models import Edition, Item
from tenants.media.models import Asset
from tenants.workspace.presenters.states import Badge, badges_of
from tenants.workspace.queries.library import KnownFile


@dataclass(frozen=True)
class FileCard:
    """A file in the library; `kind` is its extension in capitals."""

    asset_id: int
    name: str
    kind: str
    is_image: bool
    size_bytes: int
    uploaded_at: datetime


@dataclass(frozen=True)
class FileView:
    """A file's page: `path` is its public address, `address` where the console shows it."""

    asset: Asset
    kind: str
    path: str
    address: str
    uploader: str
    uses: Sequence[tuple[Item, Edition, Sequence[Badge]]]
    hidden: int


def file_card(asset: Asset) -> FileCard:
    """A file in the library."""
    return FileCard(
        asset.id, asset.name, _kind(asset), asset.is_image, asset.size_bytes, asset.uploaded_at
    )


def file_view(found: KnownFile, code: str) -> FileView:
    """A file's page."""
    path = quote(found.asset.path)
    return FileView(
        found.asset,
        _kind(found.asset),
        path,
        f"/t/{code}{path}",
        found.uploader,
        [(item, edition, badges_of(item, edition)) for item, edition in found.uses],
        found.hidden,
    )


def editor_file(asset: Asset, code: str) -> dict[str, str]:
    """What the editor needs to show a file that has just come in."""
    return {
        "id": str(asset.id),
        "name": asset.name,
        "size": file_size(asset.size_bytes),
        "location": f"/t/{code}{asset.path}",
    }


def _kind(asset: Asset) -> str:
    return asset.name.rpartition(".")[2][:5].upper()
