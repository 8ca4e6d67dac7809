"""Copies in other tenants: a withdrawal at the origin has to take them down, too."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.publishing.traces import GONE, Place, Withdrawn
from hosting.runtime.areas import Trace
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from tenants.reposts.models import SentRepost


def _copies(_runtime: Runtime, session: WalledSession, withdrawn: Withdrawn) -> Iterable[Place]:
    """Where the tenants that carried it have said that readers find it.

    A closed tenant has no site any more at which to ask.
    """
    rows = session.execute(
        select(SentRepost.host, SentRepost.path)
        .join(Tenant, Tenant.id == SentRepost.receiver_tenant_id)
        .where(
            SentRepost.item_id == withdrawn.item_id,
            SentRepost.path != "",
            Tenant.state != "closed",
        )
        .order_by(SentRepost.host)
    )
    for host, path in rows:
        yield Place("repost", host, path, GONE)


TRACES = (Trace({"repost": N_("转载单位的网页")}, _copies),)
