"""Files of the tenant, and where each is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import Edition, Item
from tenants.content.queries import items_showing
from tenants.content.rules import reach_of
from tenants.media.models import Asset
from tenants.media.queries import asset
from tenants.workspace.queries.people import names_of


@dataclass(frozen=True)
class KnownFile:
    """A file, who brought it, and the items that show it, as far as the person may see them.

    `hidden` counts those that they may not.
    """

    asset: Asset
    uploader: str
    uses: Sequence[tuple[Item, Edition]]
    hidden: int


def known_file(session: WalledSession, asset_id: int, by: Actor) -> KnownFile:
    """One file; NotFound for a missing one and a foreign one alike."""
    found = asset(session, asset_id)
    names = names_of(session, [found.uploaded_by])
    reach, uses = reach_of(session, by), items_showing(session, asset_id)
    seen = [use for use in uses if reach.covers(use[0].column_id, use[0].created_by)]
    return KnownFile(found, names.get(found.uploaded_by, ""), seen, len(uses) - len(seen))
