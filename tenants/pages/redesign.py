"""A redesign from its first look to its end: the rows and the trees, step by step.

For edges: each step opens its own sessions. `hosting.publishing.whole_site` builds and switches
trees; what is shown is decided by `tenants.sites.operations.redesigning`.
"""

from __future__ import annotations

from functools import partial

from hosting.publishing.press import Report
from hosting.publishing.rebuild import Progress
from hosting.publishing.standing import Step
from hosting.publishing.whole_site import (
    leave_staged_site,
    processes_here,
    roll_back_site,
    stage_site,
    switch_site,
)
from hosting.runtime.errors import Conflict, Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.sites.models import SiteDesign
from tenants.sites.operations.redesigning import (
    DesignFacts,
    design_to_take_back,
    leave_design,
    may_show,
    show_design,
    stage_design,
    take_back_design,
)
from tenants.sites.queries import site_of, staged_design


def stage(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    facts: DesignFacts,
    by: Actor,
    progress: Progress | None = None,
) -> Report:
    """Put a design on trial and build the site in it, aside."""
    with runtime.tenant_session(tenant_id) as session:
        made = stage_design(session, site_of(session, site_id), facts=facts, by=by)
        design_id = made.id
    return _unless_busy(
        stage_site(
            runtime,
            tenant_id,
            site_id,
            design_id=design_id,
            progress=progress,
            processes=processes_here(),
        )
    )


def switch(runtime: Runtime, tenant_id: int, site_id: int, *, by: Actor) -> Report:
    """Let readers see the design on trial."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        wanted = _on_trial(session, site_id)
        may_show(wanted, by=by)
        design_id = wanted.id

    def step(tree: int) -> Step:
        return partial(_show, site_id=site_id, design_id=design_id, tree=tree, by=by)

    return _unless_busy(switch_site(runtime, tenant_id, site_id, design_id=design_id, step=step))


def roll_back(runtime: Runtime, tenant_id: int, site_id: int, *, by: Actor) -> Report:
    """Let readers see the design before the present one again."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        shown = design_to_take_back(session, site_id, by=by)
        assert shown.earlier_id is not None
        assert shown.earlier_tree is not None
        earlier_id, tree = shown.earlier_id, shown.earlier_tree
    return _unless_busy(
        roll_back_site(
            runtime,
            tenant_id,
            site_id,
            tree=tree,
            design_id=earlier_id,
            step=partial(_take_back, site_id=site_id, by=by),
        )
    )


def leave(runtime: Runtime, tenant_id: int, site_id: int, *, by: Actor) -> None:
    """Give the design on trial up and remove what was built in it."""
    with runtime.tenant_session(tenant_id) as session:
        leave_design(session, _on_trial(session, site_id), by=by)
    leave_staged_site(runtime, tenant_id, site_id)


def _on_trial(session: WalledSession, site_id: int) -> SiteDesign:
    wanted = staged_design(session, site_id)
    if wanted is None:
        raise Conflict("nothing_staged", N_("没有待切换的新版网站，请先生成新版"))
    return wanted


def _show(session: WalledSession, *, site_id: int, design_id: int, tree: int, by: Actor) -> None:
    show_design(session, site_of(session, site_id), design_id=design_id, tree=tree, by=by)


def _take_back(session: WalledSession, *, site_id: int, by: Actor) -> None:
    take_back_design(session, site_of(session, site_id), by=by)


def _unless_busy(report: Report) -> Report:
    if report.busy:
        raise Unavailable("site_is_being_built", N_("整站正在生成或切换中，请稍后再试"))
    return report
