"""Verbs of a tenant's life. All need a platform session: they are the city's to do.

open <-> suspended; open | suspended -> closing -> closed; closing -> open while it is called off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from hosting.directory.models import Site, Tenant
from hosting.directory.operations import set_state
from hosting.runtime.clock import today
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.language import N_, language_of, text
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from provisioning.events import TenantClosed, TenantClosing, TenantResumed, TenantSuspended
from provisioning.lifecycle.models import TenantStep
from provisioning.lifecycle.queries import last_step
from tenants.sites.events import SiteChanged

# A site that is closed for good says so on its pages for at least a month (provincial rules on
# taking government sites offline; STANDARDS: 永久下线).
NOTICE = timedelta(days=30)


def suspend(session: WalledSession, tenant: Tenant, *, reason: str, by: Actor) -> TenantStep:
    """Show a notice instead of a tenant's sites. Its content stays, and its people can work on.

    Records HostsChanged and TenantSuspended.
    """
    _require(tenant, "preparing", "open", "closing")
    step = _take(session, tenant, "suspended", reason=reason, by=by)
    session.record(TenantSuspended(tenant.id, step.reason), by=by)
    return step


def resume(session: WalledSession, tenant: Tenant, *, reason: str, by: Actor) -> TenantStep:
    """Show a suspended tenant's sites again, or call off a closing.

    Records HostsChanged and TenantResumed.
    """
    _require(tenant, "suspended", "closing")
    _announce(session, tenant, lambda _site: "", by=by)
    step = _take(session, tenant, "open", reason=reason, by=by)
    session.record(TenantResumed(tenant.id, step.reason), by=by)
    return step


def announce_closing(
    session: WalledSession,
    tenant: Tenant,
    *,
    reason: str,
    successor: str = "",
    notice_until: date | None = None,
    by: Actor,
) -> TenantStep:
    """Begin to close a tenant: every page of its sites says until when, and where to go then.

    `notice_until` is 30 days away unless it is later. Records HostsChanged, SiteChanged and
    TenantClosing.
    """
    _require(tenant, "preparing", "open", "suspended")
    earliest = today() + NOTICE
    until = notice_until or earliest
    if until < earliest:
        raise Invalid(
            "notice_too_short",
            N_("关停公告至少保留到 {earliest}"),
            earliest=earliest.isoformat(),
        )
    _announce(session, tenant, partial(_closing_notice, until, successor), by=by)
    step = _take(
        session,
        tenant,
        "closing",
        reason=reason,
        by=by,
        successor=successor.strip(),
        notice_until=until,
    )
    session.record(
        TenantClosing(tenant.id, step.reason, until.isoformat(), step.successor),
        by=by,
    )
    return step


def close(session: WalledSession, tenant: Tenant, *, reason: str, by: Actor) -> TenantStep:
    """Close a tenant whose notice has run out: its hosts show a notice, its content is kept.

    Conflict while the notice still runs. Records HostsChanged and TenantClosed.
    """
    _require(tenant, "closing")
    announced = last_step(session, tenant.id)
    if announced and announced.notice_until and announced.notice_until > today():
        raise Conflict(
            "notice_running",
            N_("关停公告保留到 {until}，届时才能关停"),
            until=announced.notice_until.isoformat(),
        )
    step = _take(session, tenant, "closed", reason=reason, by=by)
    session.record(TenantClosed(tenant.id, step.reason), by=by)
    return step


def _require(tenant: Tenant, *states: str) -> None:
    if tenant.state not in states:
        raise Conflict(
            "wrong_tenant_state",
            N_("租户“{name}”当前状态为 {state}，不能这样操作"),
            name=tenant.name,
            state=tenant.state,
        )


def _take(
    session: WalledSession,
    tenant: Tenant,
    state: str,
    *,
    reason: str,
    by: Actor,
    successor: str = "",
    notice_until: date | None = None,
) -> TenantStep:
    if not reason.strip():
        raise Invalid("reason_missing", N_("请写明理由"))
    step = TenantStep(
        subject_id=tenant.id,
        old_state=tenant.state,
        new_state=state,
        reason=reason.strip(),
        successor=successor,
        notice_until=notice_until,
        taken_by=by.account_id,
        taken_name=by.name,
    )
    session.add(step)
    set_state(session, tenant, state)
    return step


def _closing_notice(until: date, successor: str, site: Site) -> str:
    """What readers are told. In the site's language, because it is stored and not translated."""
    locale = language_of(site.locale).locale
    if successor.strip():
        return text(
            N_("本网站将于{until}关停，届时请访问：{successor}"),
            locale,
            until=until.isoformat(),
            successor=successor.strip(),
        )
    return text(N_("本网站将于{until}关停"), locale, until=until.isoformat())


def _announce(
    session: WalledSession, tenant: Tenant, banner: Callable[[Site], str], *, by: Actor
) -> None:
    """Put a sentence on top of every page of each of the tenant's sites; "" takes it away."""
    for site in session.scalars(select(Site).where(Site.tenant_id == tenant.id)):
        site.tokens = {**site.tokens, "banner": banner(site)}
        session.record(SiteChanged(tenant.id, site.id), by=by)
