"""Reads of tenants' steps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from hosting.runtime.session import WalledSession
from provisioning.lifecycle.models import TenantStep


def steps_of(session: WalledSession, tenant_id: int) -> Sequence[TenantStep]:
    """All steps of a tenant, the newest first."""
    return session.scalars(
        select(TenantStep)
        .where(TenantStep.subject_id == tenant_id)
        .order_by(TenantStep.taken_at.desc(), TenantStep.id.desc())
    ).all()


def last_step(session: WalledSession, tenant_id: int) -> TenantStep | None:
    """The step that brought a tenant into its state; None while it is as it was opened."""
    steps = steps_of(session, tenant_id)
    return steps[0] if steps else None
