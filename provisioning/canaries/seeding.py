"""Filling a proving ground: so many tenants one after another, each with a paper in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.runtime.areas import CanaryStep
from hosting.runtime.canaries import Canaries, nest_code, nest_number
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import Work, drain
from hosting.security import passwords
from provisioning.canaries.desk import Desk
from provisioning.canaries.files import keep_files
from provisioning.canaries.nest import nest_site, open_nest
from provisioning.canaries.papers import PAPERS, import_history, order_history, recall
from provisioning.canaries.people import hire, note_accounts, people_of
from provisioning.demo.writing import Office
from tenants.receipts.jobs import check_withdrawal
from tenants.review.ordering import issue_order
from tenants.sites.models import MAXIMUM_DEPTH
from tenants.sites.operations.redesigning import DesignFacts, show_design, stage_design
from tenants.sites.queries import columns_of, shown_design, site_of

Progress = Callable[[int, int], None]
"""Told after each tenant: how many are filled, of how many."""

_MOST = 999


@dataclass(frozen=True)
class Seeded:
    """What was filled, and the file that says how to sign in there."""

    nests: tuple[Canaries, ...]
    accounts_file: Path


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def check_ground(runtime: Runtime) -> None:
    """Raise Conflict where tenants live here that are not filled with canaries."""
    with runtime.platform_session(reason="canaries", reading=True) as session:
        codes = session.scalars(select(Tenant.code)).all()
    if real := [code for code in codes if nest_number(code) is None]:
        raise Conflict(
            "not_a_proving_ground",
            N_("这里已有 {count} 个租户（{first} 等）。仍要混入测试租户，请加 --yes"),
            count=len(real),
            first=min(real),
        )


def seed_nests(
    runtime: Runtime,
    count: int,
    *,
    seed: str,
    password: str | None = None,
    progress: Progress = silent,
) -> Seeded:
    """Open and fill so many tenants more, and do all jobs that come of it.

    All people get one password, drawn here unless it is given. Cut off on the way, what was filled
    stays, the last one in part; the next call goes on behind it.
    """
    if not 1 <= count <= _MOST:
        raise Invalid("wrong_count", N_("租户数应为 1 至 {most}"), most=_MOST)
    password = password or passwords.fresh()
    hashed = passwords.hashed(password, settings=runtime.settings, login="")
    first = _first_free(runtime)
    nests = tuple(Canaries(nest_code(first + place), seed) for place in range(count))
    accounts_file = note_accounts(runtime.settings.home, password, nests)
    for place, canaries in enumerate(nests):
        progress(place, count)
        _fill(runtime, canaries, hashed)
    progress(count, count)
    return Seeded(nests, accounts_file)


def _first_free(runtime: Runtime) -> int:
    with runtime.platform_session(reason="canaries", reading=True) as session:
        numbers = [nest_number(code) for code in session.scalars(select(Tenant.code))]
    return max((number for number in numbers if number is not None), default=0) + 1


def _fill(runtime: Runtime, canaries: Canaries, password: passwords.HashedPassword) -> None:
    open_nest(runtime, canaries)
    hire(runtime, canaries, password)
    _work(runtime, canaries)
    for step in _steps(runtime):
        step.run(runtime, canaries)
    drain(runtime)
    _recall(runtime, canaries)


def _steps(runtime: Runtime) -> list[CanaryStep]:
    steps = (step for area in runtime.areas for step in area.canaries)
    return sorted(steps, key=lambda step: step.order)


def _office(runtime: Runtime, canaries: Canaries) -> Office:
    tenant_id, site_id = nest_site(runtime, canaries)
    with runtime.platform_session(reason="canaries", reading=True) as session:
        return Office(tenant_id, site_id, people_of(session, canaries))


def _recall(runtime: Runtime, canaries: Canaries) -> None:
    """Withdraw something that is public, and have its receipt at once."""
    office = _office(runtime, canaries)
    tenant_id = office.tenant_id
    with runtime.tenant_session(tenant_id) as session:
        item_id = recall(Desk(session, office, canaries, (), {}))
    drain(runtime)
    check_withdrawal(Work(runtime, tenant_id), item_id=item_id)


def _work(runtime: Runtime, canaries: Canaries) -> None:
    """All papers, each in a transaction of its own as people save them."""
    office = _office(runtime, canaries)
    tenant_id = office.tenant_id
    assets = keep_files(runtime, tenant_id, canaries, by=office.editor)
    columns = _columns(runtime, office, canaries)
    issued, proposed = canaries.word("run", "issued"), canaries.word("run", "proposed")
    for paper in (*PAPERS, _history(issued), _history(proposed)):
        with runtime.tenant_session(tenant_id) as session:
            paper(Desk(session, office, canaries, columns, assets))
    order = order_history(runtime, office, canaries, issued)
    issue_order(runtime, tenant_id, order.id, digest=order.digest, by=office.people["issuer"])
    order_history(runtime, office, canaries, proposed)
    with runtime.tenant_session(tenant_id) as session:
        _redesign(session, office)


def _redesign(session: WalledSession, office: Office) -> None:
    """Two designs on record, the second on trial; both look like the first."""
    site = site_of(session, office.site_id)
    facts = DesignFacts(site.theme)
    for _ in range(2):
        made = stage_design(session, site, facts=facts, by=office.people["tenant_admin"])
        if shown_design(session, site.id) is None:
            show_design(session, site, design_id=made.id, tree=0, by=office.people["issuer"])


def _history(run: str) -> Callable[[Desk], object]:
    return lambda desk: import_history(desk, run)


def _columns(runtime: Runtime, office: Office, canaries: Canaries) -> tuple[int, ...]:
    """The tenant's own columns, from the top of the tree down."""
    path, ids = "/", []
    with runtime.tenant_session(office.tenant_id, reading=True) as session:
        known = {each.path: each.id for each in columns_of(session, office.site_id)}
    for depth in range(1, MAXIMUM_DEPTH + 1):
        path += f"{canaries.slug('slug', depth)}/"
        ids.append(known[path])
    return tuple(ids)
