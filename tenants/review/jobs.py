"""Work that review has promised."""

from __future__ import annotations

from hosting.runtime.worker import Work
from hosting.security.actor import PLATFORM_ACTOR
from tenants.review.operations.signing import issue_scheduled
from tenants.review.ordering import carry_out


def issue_when_due(work: Work, *, edition_id: int) -> None:
    """Issue a scheduled edition."""
    with work.session() as session:
        issue_scheduled(session, edition_id, by=PLATFORM_ACTOR)


def carry_out_order(work: Work, *, order_id: int) -> None:
    """Make an issued order's lines public, part by part; goes on where it was interrupted."""
    carry_out(work.runtime, work.session, order_id)
