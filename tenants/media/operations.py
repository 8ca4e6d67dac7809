"""Taking files in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hosting.runtime.ids import new_id
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.media.events import AssetsStored
from tenants.media.models import Asset


@dataclass(frozen=True)
class StoredFile:
    """A checked file whose bytes are in the blob store already."""

    digest: str
    name: str
    content_type: str
    size_bytes: int
    width: int | None = None
    height: int | None = None


def store_assets(
    session: WalledSession, files: Sequence[StoredFile], *, by: Actor
) -> dict[tuple[str, str], Asset]:
    """Take files in, each once by digest and name; all of them by (digest, name).

    Their bytes must be in the blob store before. Records AssetsStored where any is new.
    """
    wanted = {(each.digest, each.name): each for each in files}
    known = _known(session, [digest for digest, _ in wanted])
    rows = [
        {
            "id": new_id(),
            "digest": each.digest,
            "name": each.name,
            "content_type": each.content_type,
            "size_bytes": each.size_bytes,
            "width": each.width,
            "height": each.height,
            "uploaded_by": by.account_id,
        }
        for key, each in wanted.items()
        if key not in known
    ]
    if rows:
        insert_many(session, Asset, rows)
        session.record(
            AssetsStored(session.tenant_id, [int(str(row["id"])) for row in rows]), by=by
        )
        known = _known(session, [digest for digest, _ in wanted])
    return {key: known[key] for key in wanted}


def store_asset(session: WalledSession, file: StoredFile, *, by: Actor) -> Asset:
    """Take one file in; see `store_assets`."""
    return store_assets(session, [file], by=by)[(file.digest, file.name)]


def _known(session: WalledSession, digests: Sequence[str]) -> dict[tuple[str, str], Asset]:
    found: dict[tuple[str, str], Asset] = {}
    for start in range(0, len(digests), 500):
        part = digests[start : start + 500]
        for each in session.scalars(select(Asset).where(Asset.digest.in_(part))):
            found[(each.digest, each.name)] = each
    return found
