"""Work that review has promised."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext

from hosting.runtime.errors import Refusal
from hosting.runtime.pace import Pace
from hosting.runtime.worker import Work
from tenants.review import ordering
from tenants.review.due import Due, due, tenants_with_due
from tenants.review.operations.promises import WHEN_DUE
from tenants.review.operations.scheduled import carry_out, note_hindrance

SWEEP_DUE = "sweep_due"
_SWEPT = "sweep"
# What is due at one time people wait for, with no rest between; more is what a long stop has left.
_MANY = 100


def carry_out_due(work: Work) -> None:
    """Do all that is due at a tenant in the order of its times, each in its own transaction.

    What is refused is noted at its edition; what fails makes this job fail in the end, so that it
    comes back. Neither keeps what stands behind it waiting.
    """
    with work.session(reading=True) as session:
        found = due(session)
    pace = Pace(work.runtime).transaction if len(found) > _MANY else nullcontext
    with ExitStack() as turns:
        for each in reversed(found):
            turns.callback(_carry_out, work, pace, each)


def _carry_out(work: Work, pace: Callable[[], AbstractContextManager[None]], each: Due) -> None:
    try:
        with pace(), work.session() as session:
            carry_out(session, each)
    except Refusal as refusal:
        if refusal.retry:
            raise
        why = str(refusal.facts.get("why", refusal.code))
        with work.session() as session:
            note_hindrance(session, each, why=why)


def sweep_due(work: Work) -> None:
    """Have done what is due anywhere, whatever became of the jobs that were promised."""
    with work.session(reading=True) as session:
        tenants = tenants_with_due(session)
    if tenants:
        with work.session() as session:
            for tenant_id in tenants:
                session.enqueue(WHEN_DUE, key=_SWEPT, tenant_id=tenant_id)


def carry_out_order(work: Work, *, order_id: int) -> None:
    """Make an issued order's lines public, part by part; goes on where it was interrupted."""
    ordering.carry_out(work.runtime, work.session, order_id)
