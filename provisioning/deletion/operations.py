"""Beginning and ending a tenant's deletion. Need a platform session: they are the city's to do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from hosting.directory.models import Tenant
from hosting.runtime.clock import local, now
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.jobs import BULK
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from hosting.security.audit import seal_chain
from provisioning.deletion.models import SCRUBBING, TenantDeletion
from provisioning.deletion.queries import (
    closed_at,
    deletable_at,
    site_ids_of,
    stock_of,
    unfinished_of,
)
from provisioning.events import TenantDeleted, TenantDeletionBegun
from provisioning.lifecycle.models import TenantStep

DELETE_TENANT = "delete_tenant"


def begin_deletion(
    session: WalledSession,
    tenant: Tenant,
    *,
    reason: str,
    wait_days: int,
    is_early: bool = False,
    by: Actor,
) -> TenantDeletion:
    """Have a closed tenant deleted for good; one that has begun goes on.

    Conflict while it is not closed, or (unless `is_early`) not yet closed for `wait_days`. Records
    TenantDeletionBegun.
    """
    if (begun := unfinished_of(session, tenant.code)) is not None:
        go_on(session, begun.id)
        return begun
    since = closed_at(session, tenant)
    if since is None:
        raise Conflict("tenant_not_closed", N_("只有已关停的租户才能注销，请先关停"))
    _require_waited(session, tenant, wait_days=wait_days, is_early=is_early)
    if not reason.strip():
        raise Invalid("reason_missing", N_("请写明理由"))
    deletion = _record(session, tenant, since, by)
    deletion.reason, deletion.is_early = reason.strip(), is_early
    session.add(deletion)
    session.flush()
    session.record(TenantDeletionBegun(tenant.id, deletion.reason, is_early), by=by)
    go_on(session, deletion.id)
    return deletion


def _record(session: WalledSession, tenant: Tenant, since: datetime, by: Actor) -> TenantDeletion:
    """What has to be known when the tenant's own rows are gone."""
    found = stock_of(session, tenant)
    return TenantDeletion(
        subject_id=tenant.id,
        code=tenant.code,
        name=tenant.name,
        kind=tenant.kind,
        closed_at=since,
        site_ids=site_ids_of(session, tenant.id),
        hosts=found["hosts"],
        found={**found, "hosts": len(found["hosts"])},
        asked_by=by.account_id,
        asked_name=by.name,
    )


def _require_waited(
    session: WalledSession, tenant: Tenant, *, wait_days: int, is_early: bool
) -> None:
    due = deletable_at(session, tenant, wait_days=wait_days)
    if not is_early and due is not None and due > now():
        raise Conflict(
            "deletion_too_early",
            N_("关停满 {days} 天后才能注销，最早为 {day}"),
            days=wait_days,
            day=local(due).date().isoformat(),
        )


def go_on(session: WalledSession, deletion_id: int) -> None:
    """Have a deletion done, or what is left of it; one job waits at a time."""
    session.enqueue(
        DELETE_TENANT,
        key=str(deletion_id),
        lane=BULK,
        tenant_id=PLATFORM_ID,
        deletion_id=deletion_id,
    )


def end_deletion(session: WalledSession, deletion: TenantDeletion) -> None:
    """Remove the tenant itself, once nothing of it is left, and seal its trail.

    Records TenantDeleted, the last row of its chain.
    """
    subject_id = deletion.subject_id
    session.execute(delete(TenantStep).where(TenantStep.subject_id == subject_id))
    session.execute(delete(Tenant).where(Tenant.id == subject_id))
    deletion.state, deletion.step = SCRUBBING, ""
    happened = TenantDeleted(
        subject_id,
        code=deletion.code,
        tenant_name=deletion.name,
        reason=deletion.reason,
        found=deletion.found,
        removed=deletion.removed,
    )
    session.record(happened, by=Actor(deletion.asked_by, deletion.asked_name))
    seal_chain(session, subject_id)
