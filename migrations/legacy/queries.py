"""Reads of moves of old sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, select

from hosting.directory.models import Tenant
from hosting.runtime.errors import Invalid, NotFound
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from migrations.legacy.models import OPEN_STATES, LegacyAddress, LegacyFinding, LegacyRun

_SLICE = 500


def run_of(session: WalledSession, name: str) -> LegacyRun:
    """The tenant's move of this name; NotFound for a missing one and a foreign one alike."""
    found = session.scalars(select(LegacyRun).where(LegacyRun.name == name)).first()
    if found is None:
        raise NotFound(
            "no_such_run", N_("没有名为“{name}”的迁移，请先运行 jiyue legacy plan"), name=name
        )
    return found


def _no_such_run(name: str) -> NotFound:
    message = N_("没有名为“{name}”的迁移，请先运行 jiyue legacy plan")
    return NotFound("no_such_run", message, name=name)


def run_by_id(session: WalledSession, run_id: int) -> LegacyRun:
    """A move by its id, read again."""
    return session.scalars(select(LegacyRun).where(LegacyRun.id == run_id)).one()


def tenants_with_run(runtime: Runtime, name: str) -> dict[str, int]:
    """The tenants that have a move of this name: id by code. For commands, which name no tenant."""
    with runtime.platform_session(reason="legacy run lookup", reading=True) as session:
        rows = session.execute(
            select(Tenant.code, Tenant.id)
            .join(LegacyRun, LegacyRun.tenant_id == Tenant.id)
            .where(LegacyRun.name == name)
            .order_by(Tenant.code)
        )
        return {row[0]: row[1] for row in rows}


def tenant_of_run(runtime: Runtime, name: str, code: str | None) -> int:
    """Whose move it is. NotFound where there is none, Invalid where several tenants have one."""
    found = tenants_with_run(runtime, name)
    if code is not None:
        found = {code: found[code]} if code in found else {}
    if not found:
        raise NotFound(
            "no_such_run", N_("没有名为“{name}”的迁移，请先运行 jiyue legacy plan"), name=name
        )
    if len(found) > 1:
        codes = "、".join(found)
        raise Invalid(
            "name_ambiguous",
            N_("几个租户都有名为“{name}”的迁移（{codes}），请用 --tenant 指明"),
            name=name,
            codes=codes,
        )
    return next(iter(found.values()))


def addresses_of(
    session: WalledSession, run_id: int, *, decisions: Iterable[str] = ()
) -> Sequence[LegacyAddress]:
    """The addresses of a move in their order, or those with one of the decisions."""
    wanted = [LegacyAddress.decision.in_(list(decisions))] if decisions else []
    return session.scalars(
        select(LegacyAddress)
        .where(LegacyAddress.run_id == run_id, *wanted)
        .order_by(LegacyAddress.address)
    ).all()


def addresses_named(
    session: WalledSession, run_id: int, addresses: Sequence[str]
) -> dict[str, LegacyAddress]:
    """Those of the addresses that the move has, by address."""
    found: dict[str, LegacyAddress] = {}
    for start in range(0, len(addresses), _SLICE):
        part = addresses[start : start + _SLICE]
        rows = session.scalars(
            select(LegacyAddress).where(
                LegacyAddress.run_id == run_id, LegacyAddress.address.in_(part)
            )
        )
        found |= {row.address: row for row in rows}
    return found


def targets_of(session: WalledSession, run_id: int) -> dict[str, str]:
    """New paths by old address, of what has one."""
    rows = session.execute(
        select(LegacyAddress.address, LegacyAddress.target).where(
            LegacyAddress.run_id == run_id, LegacyAddress.target != ""
        )
    )
    return {row[0]: row[1] for row in rows}


def findings_of(session: WalledSession, run_id: int) -> Sequence[LegacyFinding]:
    """The findings of a move, the worst first."""
    return session.scalars(
        select(LegacyFinding).where(LegacyFinding.run_id == run_id).order_by(LegacyFinding.position)
    ).all()


def counts_of(session: WalledSession, run_id: int) -> Counter[tuple[str, str]]:
    """How many addresses there are of each decision and kind."""
    rows = session.execute(
        select(LegacyAddress.decision, LegacyAddress.kind, func.count(LegacyAddress.id))
        .where(LegacyAddress.run_id == run_id)
        .group_by(LegacyAddress.decision, LegacyAddress.kind)
    )
    return Counter({(row[0], row[1]): row[2] for row in rows})


def has_open_runs(session: WalledSession, *, but: int) -> bool:
    """Whether the tenant is moving in another site."""
    return (
        session.scalar(
            select(LegacyRun.id)
            .where(LegacyRun.state.in_(OPEN_STATES), LegacyRun.id != but)
            .limit(1)
        )
        is not None
    )


def slices(values: Sequence[str], size: int = _SLICE) -> Iterator[Sequence[str]]:
    """The values in parts that fit into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
