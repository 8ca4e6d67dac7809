"""Ordering, beginning and ending what the city puts over sites. Need a platform session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from hosting.directory.models import Site, Tenant
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from provisioning.events import CityNoticeBegun, CityNoticeEnded, CityNoticeOrdered
from provisioning.notices.queries import due, notice
from tenants.sites.banners import BannerWords, problems_of
from tenants.sites.events import NoticeChanged
from tenants.sites.models import (
    BANNER,
    NOTICE_KINDS,
    OVER,
    STANDING,
    CityNotice,
)

NOTICES_DUE = "city_notices_due"
SPREAD_NOTICE = "spread_city_notice"


@dataclass(frozen=True)
class NoticeFacts:
    """What to put over which sites, from when (None: at once) until when.

    `tenant_ids` None: over all sites, those that are opened later among them.
    """

    kind: str
    ends_at: datetime | None
    begins_at: datetime | None = None
    words: BannerWords | None = None
    tenant_ids: tuple[int, ...] | None = None


def order_notice(
    session: WalledSession, *, facts: NoticeFacts, reason: str, by: Actor
) -> CityNotice:
    """Order it; it begins now where no later time is named, and ends by itself.

    Invalid lists all that is wrong. Records CityNoticeOrdered, and CityNoticeBegun.
    """
    if problems := _problems(session, facts, reason):
        raise Invalid("wrong_notice", N_("公告有误，未发布："), problems=problems)
    assert facts.ends_at is not None
    ordered_at = now()
    made = CityNotice(
        kind=facts.kind,
        words=asdict(facts.words) if facts.words is not None else {},
        is_for_all=facts.tenant_ids is None,
        tenant_ids=sorted(set(facts.tenant_ids or ())),
        begins_at=facts.begins_at or ordered_at,
        ends_at=facts.ends_at,
        reason=reason.strip(),
        ordered_by=by.account_id,
        ordered_name=by.name,
        ordered_at=ordered_at,
    )
    session.add(made)
    session.flush()
    until = made.ends_at.isoformat()
    session.record(CityNoticeOrdered(PLATFORM_ID, made.id, made.kind, made.reason, until), by=by)
    _look_at(session, made.ends_at)
    if made.begins_at <= ordered_at:
        _begin(session, made, by=by)
    else:
        _look_at(session, made.begins_at)
    return made


def _problems(session: WalledSession, facts: NoticeFacts, reason: str) -> list[Problem]:
    problems = [*_wrong_times(facts)]
    if facts.kind not in NOTICE_KINDS:
        problems.append(Problem("kind", "wrong_kind", N_("只能是横幅或灰度")))
    if facts.kind == BANNER:
        problems += problems_of(facts.words or BannerWords(""))
    if facts.tenant_ids is not None and not _are_known(session, facts.tenant_ids):
        problems.append(Problem("tenants", "no_tenants", N_("请选择至少一个单位")))
    if not reason.strip():
        problems.append(Problem("reason", "reason_missing", N_("请写明理由")))
    return problems


def _wrong_times(facts: NoticeFacts) -> list[Problem]:
    begins, ends = facts.begins_at or now(), facts.ends_at
    if ends is None:
        return [Problem("ends_at", "end_missing", N_("请填写结束时间"))]
    if ends <= max(begins, now()):
        message = N_("结束时间应晚于开始时间和现在")
        return [Problem("ends_at", "ends_before_it_begins", message)]
    wrong = [name for name, at in (("begins_at", begins), ("ends_at", ends)) if at.year >= 3000]
    return [Problem(name, "wrong_year", N_("年份应在 1900 至 2999 之间")) for name in wrong]


def _are_known(session: WalledSession, tenant_ids: Sequence[int]) -> bool:
    found = session.scalars(select(Tenant.id).where(Tenant.id.in_(tenant_ids))).all()
    return bool(tenant_ids) and len(found) == len(set(tenant_ids))


def end_notice(session: WalledSession, notice_id: int, *, reason: str, by: Actor) -> CityNotice:
    """End it before its time, or call it off before it begins. Records CityNoticeEnded."""
    if not reason.strip():
        raise Invalid("reason_missing", N_("请写明理由"))
    ended = notice(session, notice_id, locked=True)
    if ended.state == OVER:
        raise Conflict("notice_over", N_("这项公告已经结束"))
    ended.ended_name, ended.end_reason = by.name, reason.strip()
    _end(session, ended, by=by)
    return ended


def carry_out_due(session: WalledSession) -> None:
    """Begin and end what is due; what begins and ends in one sleep never stood."""
    at = now()
    for each in due(session, at):
        if each.ends_at <= at:
            _end(session, each, by=PLATFORM_ACTOR)
        else:
            _begin(session, each, by=PLATFORM_ACTOR)


def _begin(session: WalledSession, begun: CityNotice, *, by: Actor) -> None:
    begun.state, begun.begun_at = STANDING, now()
    session.record(CityNoticeBegun(PLATFORM_ID, begun.id, begun.kind), by=by)
    _spread(session, begun)


def _end(session: WalledSession, ended: CityNotice, *, by: Actor) -> None:
    stood = ended.state == STANDING
    ended.state, ended.ended_at = OVER, now()
    session.record(CityNoticeEnded(PLATFORM_ID, ended.id, ended.kind, ended.end_reason), by=by)
    if stood:
        _spread(session, ended)


def _spread(session: WalledSession, changed: CityNotice) -> None:
    changed.told_through = 0
    session.enqueue(SPREAD_NOTICE, key=str(changed.id), tenant_id=PLATFORM_ID, notice_id=changed.id)


def _look_at(session: WalledSession, at: datetime) -> None:
    session.enqueue(NOTICES_DUE, key=at.isoformat(), run_at=at, tenant_id=PLATFORM_ID)


def tell_some(session: WalledSession, notice_id: int, *, limit: int) -> bool:
    """Tell the next sites that a notice has begun or ended; False when all have been told.

    Records NoticeChanged in each tenant's trail. A site that is opened meanwhile reads the state
    when its pages are first made.
    """
    told = notice(session, notice_id, locked=True)
    rows = session.execute(
        select(Site.tenant_id, Site.id)
        .where(Site.id > told.told_through)
        .order_by(Site.id)
        .limit(limit)
    ).all()
    for tenant_id, site_id in rows:
        if told.covers(tenant_id):
            facts = (site_id, told.id, told.kind, told.state)
            session.record(NoticeChanged(tenant_id, *facts), by=PLATFORM_ACTOR)
        told.told_through = site_id
    return len(rows) == limit
