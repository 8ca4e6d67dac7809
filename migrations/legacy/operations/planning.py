"""Keeping a plan: addresses with their decisions, and findings; people's decisions stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from migrations.legacy.decisions import Decision
from migrations.legacy.events import LegacyAddressDecided, LegacySitePlanned
from migrations.legacy.findings.finding import Finding
from migrations.legacy.models import CUT_OVER, PLANNED, LegacyAddress, LegacyFinding, LegacyRun
from migrations.legacy.queries import addresses_named, slices
from tenants.content.models import Item

_DECIDABLE = frozenset({Decision.PAGE, Decision.REDIRECT, Decision.GONE, Decision.DROP})


@dataclass(frozen=True)
class PlannedAddress:
    """One address as the rules decided on it."""

    address: str
    kind: str
    decision: str
    reason: str
    destination: str
    digest: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class SourceFacts:
    """What a move reads from."""

    source: str
    kind: str
    host: str


def begin_plan(session: WalledSession, site_id: int, *, name: str, facts: SourceFacts) -> LegacyRun:
    """The tenant's move of this name, made at first.

    Conflict once it is cut over, or where items came in under that name in another way.
    """
    run = session.scalars(select(LegacyRun).where(LegacyRun.name == name)).first()
    if run is None:
        _refuse_taken(session, name)
        run = LegacyRun(name=name, site_id=site_id)
        session.add(run)
    elif run.state == CUT_OVER or run.facts.get("was_public"):
        raise Conflict(
            "cut_over_already", N_("“{name}”已经切换过，不能重新计划，请另取名称"), name=name
        )
    run.source, run.source_kind, run.host = facts.source, facts.kind, facts.host
    session.flush()
    return run


def _refuse_taken(session: WalledSession, name: str) -> None:
    """Undoing a move deletes what came in under its name: nothing else may bear it."""
    if session.scalar(select(Item.id).where(Item.run == name).limit(1)) is not None:
        raise Conflict("name_taken", N_("已有名为“{name}”的导入批次，请换一个名称"), name=name)


def keep_addresses(session: WalledSession, run_id: int, planned: Sequence[PlannedAddress]) -> None:
    """Take addresses into the plan; decisions of people stand, rules' are made anew."""
    known = addresses_named(session, run_id, [one.address for one in planned])
    fresh = [one for one in planned if one.address not in known]
    insert_many(session, LegacyAddress, [_row(run_id, one) for one in fresh])
    for one in planned:
        kept = known.get(one.address)
        if kept is not None:
            kept.kind, kept.digest, kept.facts = one.kind, one.digest, dict(one.facts)
            if kept.decided_by is None:
                kept.decision, kept.reason = one.decision, one.reason
                kept.destination = one.destination


def _row(run_id: int, one: PlannedAddress) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "address": one.address,
        "kind": one.kind,
        "decision": one.decision,
        "reason": one.reason,
        "destination": one.destination,
        "digest": one.digest,
        "facts": dict(one.facts),
        "decided_by": None,
        "item_id": None,
        "asset_id": None,
    }


def forget_addresses(session: WalledSession, run_id: int, kept: set[str]) -> None:
    """Drop addresses that the source no longer holds, unless something was brought in for them."""
    rows = session.execute(
        select(LegacyAddress.address).where(
            LegacyAddress.run_id == run_id, LegacyAddress.item_id.is_(None)
        )
    )
    gone = [row[0] for row in rows if row[0] not in kept]
    for part in slices(gone):
        session.execute(
            delete(LegacyAddress).where(
                LegacyAddress.run_id == run_id, LegacyAddress.address.in_(part)
            )
        )


def forget_findings(session: WalledSession, run_id: int) -> None:
    session.execute(delete(LegacyFinding).where(LegacyFinding.run_id == run_id))


def keep_findings(
    session: WalledSession, run_id: int, findings: Sequence[Finding], *, first: int
) -> None:
    """Keep findings; their positions count from `first`."""
    rows = [
        {
            "run_id": run_id,
            "position": first + place,
            "code": one.code,
            "severity": one.severity.value,
            "address": one.address,
            "target": one.target,
            "evidence": one.evidence,
            "pages": list(one.pages),
            "facts": dict(one.facts),
        }
        for place, one in enumerate(findings)
    ]
    insert_many(session, LegacyFinding, rows)


def finish_plan(
    session: WalledSession, run: LegacyRun, *, digest: str, facts: Mapping[str, Any], by: Actor
) -> None:
    """Call a move planned. Records LegacySitePlanned."""
    run.state, run.digest, run.changed_at = PLANNED, digest, now()
    run.facts = {**run.facts, **facts}
    session.record(
        LegacySitePlanned(
            session.tenant_id, run.id, int(facts["addresses"]), int(facts["findings"])
        ),
        by=by,
    )


def decide_address(
    session: WalledSession,
    run: LegacyRun,
    address: str,
    *,
    decision: str,
    destination: str,
    reason: str,
    by: Actor,
) -> LegacyAddress:
    """Let a person decide on an address. Records LegacyAddressDecided.

    Invalid for an address that the move has not, and for a redirect without destination.
    """
    kept = addresses_named(session, run.id, [address]).get(address)
    if kept is None:
        raise Invalid("no_such_address", N_("这次迁移中没有地址“{address}”"), address=address)
    if decision not in _DECIDABLE:
        raise Invalid("wrong_decision", N_("不能作这样的决定：{decision}"), decision=decision)
    if (decision == Decision.REDIRECT) != bool(destination):
        raise Invalid("wrong_destination", N_("跳转须写明去向，其他决定不写"))
    if destination and not destination.startswith("/"):
        raise Invalid("wrong_destination", N_("去向应为本站内以“/”开头的路径"))
    kept.decision, kept.reason = decision, reason
    kept.destination = f"path:{destination}" if destination else ""
    kept.decided_by, kept.decided_name = by.account_id, by.name
    session.record(LegacyAddressDecided(session.tenant_id, run.id, address, decision), by=by)
    return kept
