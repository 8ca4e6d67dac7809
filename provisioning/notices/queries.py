"""Reads of what the city puts over sites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from hosting.directory.models import Site
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.sites.models import OVER, PLANNED_NOTICE, STANDING, CityNotice


def notice(session: WalledSession, notice_id: int, *, locked: bool = False) -> CityNotice:
    """One of them, or NotFound; `locked` until the transaction ends."""
    statement = select(CityNotice).where(CityNotice.id == notice_id)
    if locked:
        statement = statement.with_for_update()
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound("no_such_notice", N_("没有找到这项公告"))
    return found


def notices(session: WalledSession, *, is_over: bool, limit: int = 100) -> Sequence[CityNotice]:
    """Those that stand or will, or those that are over; the newest first."""
    states = (OVER,) if is_over else (PLANNED_NOTICE, STANDING)
    return session.scalars(
        select(CityNotice)
        .where(CityNotice.state.in_(states))
        .order_by(CityNotice.id.desc())
        .limit(limit)
    ).all()


def due(session: WalledSession, at: datetime) -> Sequence[CityNotice]:
    """What has to begin or to end by then, held until the transaction ends."""
    begins = and_(CityNotice.state == PLANNED_NOTICE, CityNotice.begins_at <= at)
    ends = and_(CityNotice.state == STANDING, CityNotice.ends_at <= at)
    return session.scalars(
        select(CityNotice).where(or_(begins, ends)).order_by(CityNotice.id).with_for_update()
    ).all()


def sites_covered(session: WalledSession, tenant_ids: Sequence[int] | None) -> int:
    """How many sites it is over now; None: those of all tenants."""
    counted = select(func.count()).select_from(Site)
    if tenant_ids is not None:
        counted = counted.where(Site.tenant_id.in_(tenant_ids))
    return session.scalar(counted) or 0
