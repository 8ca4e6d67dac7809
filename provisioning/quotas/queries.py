"""How much a tenant keeps."""

from __future__ import annotations

from sqlalchemy import func, select

from hosting.runtime.session import WalledSession
from tenants.content.models import Item
from tenants.media.models import Asset


def item_count(session: WalledSession) -> int:
    """All items of the session's tenant."""
    return session.scalar(select(func.count(Item.id))) or 0


def storage_bytes(session: WalledSession) -> int:
    """The size of all files of the session's tenant, each counted once."""
    sizes = select(Asset.digest, Asset.size_bytes).distinct().subquery()
    return session.scalar(select(func.coalesce(func.sum(sizes.c.size_bytes), 0))) or 0
