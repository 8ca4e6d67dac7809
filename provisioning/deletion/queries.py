"""Reads of deletions, and of what a tenant has that would go. Need platform sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from hosting.directory.models import Site, Tenant
from hosting.directory.queries import hosts_of_tenant
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.account_queries import member_count
from provisioning.deletion.models import DONE, TenantDeletion
from provisioning.lifecycle.queries import steps_of
from provisioning.quotas.queries import item_count, storage_bytes
from tenants.media.models import Asset
from tenants.sites.models import Column


def stock_of(session: WalledSession, tenant: Tenant) -> dict[str, Any]:
    """What would go with a tenant, in numbers that people know; hosts by name."""
    files = select(func.count(Asset.id)).where(Asset.tenant_id == tenant.id)
    columns = select(func.count(Column.id)).where(Column.tenant_id == tenant.id)
    return {
        "items": item_count(session, tenant.id),
        "columns": session.scalar(columns) or 0,
        "files": session.scalar(files) or 0,
        "bytes": storage_bytes(session, tenant.id),
        "accounts": member_count(session, tenant.id),
        "hosts": list(hosts_of_tenant(session, tenant.id)),
    }


def site_ids_of(session: WalledSession, tenant_id: int) -> list[int]:
    """All sites of a tenant."""
    return list(session.scalars(select(Site.id).where(Site.tenant_id == tenant_id)))


def closed_at(session: WalledSession, tenant: Tenant) -> datetime | None:
    """Since when a tenant is closed; None while it is not."""
    if tenant.state != "closed":
        return None
    steps = steps_of(session, tenant.id)
    return next((each.taken_at for each in steps if each.new_state == "closed"), None)


def deletable_at(session: WalledSession, tenant: Tenant, *, wait_days: int) -> datetime | None:
    """From when a closed tenant may be deleted; None while it is not closed."""
    since = closed_at(session, tenant)
    return None if since is None else since + timedelta(days=wait_days)


def unfinished_of(session: WalledSession, code: str) -> TenantDeletion | None:
    """The deletion of a tenant that has begun and not come to its end."""
    return session.scalars(
        select(TenantDeletion).where(TenantDeletion.code == code, TenantDeletion.state != DONE)
    ).first()


def unfinished(session: WalledSession) -> Sequence[int]:
    """All deletions that have not come to their end, by their ids."""
    return session.scalars(select(TenantDeletion.id).where(TenantDeletion.state != DONE)).all()


def deletions(session: WalledSession, *, limit: int = 200) -> Sequence[TenantDeletion]:
    """The latest deletions, the newest first."""
    return session.scalars(
        select(TenantDeletion).order_by(TenantDeletion.id.desc()).limit(limit)
    ).all()


def deletion(session: WalledSession, deletion_id: int) -> TenantDeletion:
    """One deletion as it stands now; NotFound where there is none."""
    found = session.get(TenantDeletion, deletion_id, populate_existing=True)
    if found is None:
        raise NotFound("no_such_deletion", N_("没有找到这次注销"))
    return found
