"""What has happened: to one item, and lately to all of a tenant's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import Edition, Matter
from tenants.content.queries import WITHOUT_TEXT, editions_of, newest_edition_id
from tenants.content.rules import reach_of
from tenants.review.models import (
    APPROVE,
    BY_ORDER,
    FINAL,
    Expiry,
    Issue,
    SecrecyReview,
    Signature,
    Submission,
    Withdrawal,
)
from tenants.workspace.queries.people import names_of

WRITTEN, SUBMITTED, SIGNED = "written", "submitted", "signed"
CLEARED, ISSUED, WITHDRAWN, EXPIRED = "cleared", "issued", "withdrawn", "expired"
"""Kinds of step; CLEARED is the secrecy review, whatever its outcome."""

Row = Edition | Submission | Signature | SecrecyReview | Issue | Withdrawal | Expiry


@dataclass(frozen=True)
class Step:
    """One thing that was done to an item; `row` is the row that says so."""

    kind: str
    at: datetime
    who: str
    row: Row

    @property
    def item_id(self) -> int:
        """The item it was done to."""
        return self.row.item_id


def steps_of_item(session: WalledSession, item_id: int) -> list[Step]:
    """Every step of an item, the newest first."""
    rows: list[Row] = []
    for model in (Submission, Signature, SecrecyReview, Issue, Withdrawal, Expiry):
        rows += session.scalars(select(model).where(model.item_id == item_id))
    steps = [_step(row) for row in rows]
    return _newest_first([*steps, *_written(session, editions_of(session, item_id))])


def recent_steps(
    session: WalledSession, by: Actor, *, limit: int = 8
) -> list[tuple[Step, Matter, Edition]]:
    """What happened lately within a person's reach: of each matter its last step, the newest first.

    Each with its matter and the matter's newest edition. What a migration order made public is left
    out: it comes in thousands.
    """
    rows = _latest_rows(session, 3 * limit)
    steps = _newest_first([_step(row) for row in rows if not _is_told_by_issue(row)])
    last: dict[int, Step] = {}
    for step in steps:
        last.setdefault(step.item_id, step)
    shown = _with_newest_edition(session, last)
    reach = reach_of(session, by)
    found = [(step, *shown[item_id]) for item_id, step in last.items() if item_id in shown]
    return [each for each in found if reach.covers(each[2].place_id, each[1].created_by)][:limit]


def _latest_rows(session: WalledSession, limit: int) -> list[Row]:
    """The last rows of each kind; ids grow with time and are indexed."""
    issues = select(Issue).where(Issue.ground != BY_ORDER).order_by(Issue.id.desc())
    rows: list[Row] = [*session.scalars(issues.limit(limit))]
    for model in (Submission, Signature, Withdrawal, Expiry):
        rows += session.scalars(select(model).order_by(model.id.desc()).limit(limit))
    return rows


def _is_told_by_issue(row: Row) -> bool:
    """Whether it is the last approval: the issue that follows from it says the same."""
    return isinstance(row, Signature) and row.stage == FINAL and row.decision == APPROVE


def _with_newest_edition(
    session: WalledSession, item_ids: Iterable[int]
) -> dict[int, tuple[Matter, Edition]]:
    rows = session.execute(
        select(Matter, Edition)
        .join(
            Edition,
            (Edition.tenant_id == Matter.tenant_id) & (Edition.id == newest_edition_id(Matter)),
        )
        .where(Matter.id.in_(item_ids))
        .options(*WITHOUT_TEXT)
    )
    return {row[0].id: (row[0], row[1]) for row in rows}


def _written(session: WalledSession, editions: Sequence[Edition]) -> list[Step]:
    """Each save; whoever is last among the writers saved it."""
    names = names_of(session, (each.written_by[-1] for each in editions))
    return [
        Step(WRITTEN, each.written_at, names.get(each.written_by[-1], ""), each)
        for each in editions
    ]


def _step(row: Row) -> Step:
    if isinstance(row, Submission):
        return Step(SUBMITTED, row.submitted_at, row.submitted_name, row)
    if isinstance(row, Signature):
        return Step(SIGNED, row.signed_at, row.signed_name, row)
    if isinstance(row, SecrecyReview):
        return Step(CLEARED, row.signed_at, row.signed_name, row)
    if isinstance(row, Issue):
        return Step(ISSUED, row.issued_at, row.issued_name, row)
    if isinstance(row, Withdrawal):
        return Step(WITHDRAWN, row.withdrawn_at, row.withdrawn_name, row)
    if isinstance(row, Expiry):
        return Step(EXPIRED, row.expired_at, row.signed_name, row)
    raise TypeError(f"{row!r} is no step")


def _newest_first(steps: list[Step]) -> list[Step]:
    return sorted(steps, key=lambda each: (each.at, each.row.id), reverse=True)
