"""cutover: what was verified becomes public under an order of two people; addresses lead here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from hosting.directory.models import Site, Tenant
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import drain
from hosting.security.actor import Actor
from migrations.legacy.models import CUT_OVER, VERIFIED
from migrations.legacy.operations.ending import (
    close_history,
    has_drafts,
    lead_here,
    lead_nowhere,
    open_made_columns,
    public_part,
    reason_of,
    redirects_of,
    waiting_order,
)
from migrations.legacy.operations.marking import mark_cut_over, require_state
from migrations.legacy.queries import addresses_of, has_open_runs, run_by_id, run_of
from migrations.legacy.reading.sites import Progress, silent
from provisioning.domains.names import PlatformHosts
from provisioning.domains.operations import bind
from tenants.review.ordering import issue_order, propose_order


@dataclass(frozen=True)
class CutOver:
    """What a cut-over did; `order_id` is None where nothing was left to order."""

    order_id: int | None
    order_lines: int
    public: int
    waiting: int
    redirects: int


def cut_over(
    runtime: Runtime,
    tenant_id: int,
    name: str,
    *,
    proposed_by: Actor,
    by: Actor,
    bind_host: str | None = None,
    progress: Progress = silent,
) -> CutOver:
    """Order, publish, redirect; interrupted anywhere and taken again, it goes on.

    Conflict unless the move was verified; Forbidden where one person signs twice.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run_id = run_of(session, name).id
    order_id, lines = _order(runtime, tenant_id, run_id, proposed_by, by)
    drain(runtime)
    if bind_host is not None:
        _bind(runtime, tenant_id, bind_host, by)
    redirects, public, waiting = _redirect(runtime, tenant_id, run_id, progress)
    with runtime.tenant_session(tenant_id) as session:
        run = run_by_id(session, run_id)
        mark_cut_over(session, run, redirects=redirects, by=by)
        is_last = not has_open_runs(session, but=run_id)
    if is_last:
        with runtime.platform_session(reason="legacy cut-over closes history") as session:
            close_history(session, tenant_id, by=by)
    return CutOver(order_id, lines, public, waiting, len(redirects))


def _order(
    runtime: Runtime, tenant_id: int, run_id: int, proposed_by: Actor, by: Actor
) -> tuple[int | None, int]:
    """Propose and sign, each for itself: the second person signs what was kept."""
    waiting = _proposed(runtime, tenant_id, run_id, proposed_by)
    if waiting is None:
        with runtime.tenant_session(tenant_id) as session:
            run = run_by_id(session, run_id)
            open_made_columns(session, run, by=by)
            return run.order_id, 0

    def keep_and_open(session: WalledSession) -> None:
        run = run_by_id(session, run_id)
        run.order_id = waiting[0]
        open_made_columns(session, run, by=by)

    order_id, digest = waiting
    issued = issue_order(runtime, tenant_id, order_id, digest=digest, by=by, along=keep_and_open)
    return issued.id, issued.lines


def _proposed(
    runtime: Runtime, tenant_id: int, run_id: int, proposed_by: Actor
) -> tuple[int, str] | None:
    """The order that waits for its second person, proposed where there is none and drafts wait.

    None where everything is ordered already.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run = run_by_id(session, run_id)
        require_state(run, VERIFIED, CUT_OVER)
        waiting = waiting_order(session, run)
        if waiting is not None:
            return waiting.id, waiting.digest
        if not has_drafts(session, run):
            return None
        batch, reason = run.batch, reason_of(run)
    proposed = propose_order(runtime, tenant_id, run=batch, reason=reason, by=proposed_by)
    return proposed.id, proposed.digest


def _redirect(
    runtime: Runtime, tenant_id: int, run_id: int, progress: Progress
) -> tuple[list[str], int, int]:
    """Keep redirects in short transactions; their addresses, and items public and waiting."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run = run_by_id(session, run_id)
        rows = addresses_of(session, run_id)
        public = public_part(session, run)
    leads = redirects_of(rows, public)
    addresses, pace, done = list(leads), Pace(runtime), 0
    while done < len(addresses):
        part = {one: leads[one] for one in addresses[done : done + pace.size]}
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            lead_here(session, run, part)
        done += len(part)
        progress("redirect", done, len(addresses))
    stale = sorted(set(run.facts.get("redirects", [])) - leads.keys())
    if stale:
        with runtime.tenant_session(tenant_id) as session:
            lead_nowhere(session, run, stale)
    items = {row.item_id for row in rows if row.item_id is not None}
    return addresses, len(items & public.items), len(items - public.items)


def _bind(runtime: Runtime, tenant_id: int, host: str, by: Actor) -> None:
    """Let the site answer under the old host too, so that old addresses arrive here."""
    hosts = PlatformHosts.of(runtime.settings)
    with runtime.platform_session(reason="legacy cut-over binds the old host") as session:
        tenant = session.scalars(select(Tenant).where(Tenant.id == tenant_id)).one()
        site = session.scalars(
            select(Site).where(Site.tenant_id == tenant_id, Site.kind == "main")
        ).one()
        bind(session, tenant, site, host, is_main=False, platform_hosts=hosts, by=by)
    drain(runtime)
