"""How much a tenant keeps."""

from __future__ import annotations

from sqlalchemy import func, select

from hosting.runtime.session import WalledSession
from tenants.content.models import Item
from tenants.media.models import Asset


def item_count(session: WalledSession, tenant_id: int) -> int:
    """All items of a tenant."""
    return session.scalar(select(func.count(Item.id)).where(Item.tenant_id == tenant_id)) or 0


def storage_bytes(session: WalledSession, tenant_id: int) -> int:
    """The size of all files of a tenant, each counted once."""
    sizes = (
        select(Asset.digest, Asset.size_bytes)
        .where(Asset.tenant_id == tenant_id)
        .distinct()
        .subquery()
    )
    # PostgreSQL sums to a decimal.
    return int(session.scalar(select(func.coalesce(func.sum(sizes.c.size_bytes), 0))) or 0)
