"""Work that review has promised."""

from __future__ import annotations

from hosting.runtime.pace import Pace
from hosting.runtime.worker import Work
from hosting.security.actor import PLATFORM_ACTOR
from tenants.review.operations.order import carry_out_part, close_order
from tenants.review.operations.signing import issue_scheduled


def issue_when_due(work: Work, *, edition_id: int) -> None:
    """Issue a scheduled edition."""
    with work.session() as session:
        issue_scheduled(session, edition_id, by=PLATFORM_ACTOR)


def carry_out_order(work: Work, *, order_id: int) -> None:
    """Make an issued order's lines public, part by part; goes on where it was interrupted."""
    pace = Pace(work.runtime)
    looked_at = 1
    while looked_at:
        with pace.transaction(), work.session() as session:
            looked_at = carry_out_part(session, order_id, most=pace.size)
    with work.session() as session:
        close_order(session, order_id)
