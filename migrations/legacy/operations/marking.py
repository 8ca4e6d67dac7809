"""Marking how far a move has come, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from migrations.legacy.events import (
    LegacySiteChecked,
    LegacySiteCutOver,
    LegacySiteUndone,
    LegacySiteVerified,
)
from migrations.legacy.models import (
    CHECKED,
    CUT_OVER,
    PLANNED,
    RUN,
    UNDONE,
    VERIFIED,
    LegacyRun,
)
from migrations.legacy.queries import addresses_named


def mark_checked(session: WalledSession, run: LegacyRun, *, problems: int, by: Actor) -> None:
    """Note that the plan was checked; only one without problems counts as checked."""
    if run.state in {PLANNED, CHECKED}:
        run.state = CHECKED if problems == 0 else PLANNED
    run.changed_at = now()
    session.record(LegacySiteChecked(session.tenant_id, run.id, problems), by=by)


def keep_outcomes(session: WalledSession, run: LegacyRun, outcomes: Mapping[str, str]) -> None:
    """Note what each address answered, by address: "ok" or what was wrong."""
    for address, row in addresses_named(session, run.id, list(outcomes)).items():
        row.outcome = outcomes[address]


def mark_verified(
    session: WalledSession, run: LegacyRun, *, right: int, wrong: int, by: Actor
) -> None:
    """Note a verification. One that found something sends a verified move back to run."""
    if run.state in {RUN, VERIFIED}:
        run.state = VERIFIED if wrong == 0 else RUN
    run.facts = {**run.facts, "verified": {"right": right, "wrong": wrong}}
    run.changed_at = now()
    session.record(LegacySiteVerified(session.tenant_id, run.id, right, wrong), by=by)


def require_state(run: LegacyRun, *states: str) -> None:
    """Raise Conflict unless the move has come as far as one of the states."""
    if run.state not in states:
        raise Conflict(
            "wrong_state",
            N_("“{name}”的状态是 {state}，还不能进行这一步"),
            name=run.name,
            state=run.state,
        )


def mark_cut_over(
    session: WalledSession, run: LegacyRun, *, redirects: list[str], by: Actor
) -> None:
    """Call a move cut over; `redirects` are the addresses that lead on from now on."""
    run.state, run.changed_at = CUT_OVER, now()
    run.facts = {**run.facts, "redirects": redirects}
    event = LegacySiteCutOver(session.tenant_id, run.id, run.order_id, len(redirects))
    session.record(event, by=by)


def mark_undone(
    session: WalledSession, run: LegacyRun, *, deleted: int, withdrawn: int, by: Actor
) -> None:
    """Call a move undone; its plan stays, and may be run again."""
    run.state, run.changed_at, run.order_id = UNDONE, now(), None
    was_public = bool(withdrawn) or bool(run.facts.get("was_public"))
    kept = {key: value for key, value in run.facts.items() if key in _KEPT_OF_PLAN}
    run.facts = {**kept, "was_public": was_public}
    session.record(LegacySiteUndone(session.tenant_id, run.id, deleted, withdrawn), by=by)


_KEPT_OF_PLAN = frozenset({"addresses", "findings", "kinds", "severities", "columns"})
