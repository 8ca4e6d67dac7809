"""Files of the tenant, and where each is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.content.queries import items_showing
from tenants.media.models import Asset
from tenants.media.queries import asset
from tenants.workspace.queries.people import names_of


@dataclass(frozen=True)
class KnownFile:
    """A file, who brought it, and the items that show it."""

    asset: Asset
    uploader: str
    uses: Sequence[tuple[Item, Edition]]


def known_file(session: WalledSession, asset_id: int) -> KnownFile:
    """One file; NotFound for a missing one and a foreign one alike."""
    found = asset(session, asset_id)
    names = names_of(session, [found.uploaded_by])
    return KnownFile(found, names.get(found.uploaded_by, ""), items_showing(session, asset_id))
