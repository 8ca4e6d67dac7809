"""Checking what is left of withdrawn items."""

from __future__ import annotations

import logging

from hosting.runtime.worker import Work
from tenants.receipts.checking import look
from tenants.receipts.models import LEFT
from tenants.receipts.operations import (
    CHECK_WITHDRAWAL,
    LANES,
    PATIENCE_SECONDS,
    is_superseded,
    keep_findings,
)
from tenants.receipts.queries import open_checks, overdue_checks

log = logging.getLogger(__name__)

SWEEP_CHECKS = "sweep_withdrawal_checks"


def check_withdrawal(work: Work, *, item_id: int) -> None:
    """Look for what is left of an item, and keep what was found or look again later."""
    with work.session(reading=True) as session:
        checks = open_checks(session, item_id)
        if not checks:
            return
        newest = checks[-1]
        needs_no_look = is_superseded(session, newest)
    found = [] if needs_no_look else look(work.runtime, work.tenant_id, newest)
    with work.session() as session:
        receipts = keep_findings(session, newest, found)
    for receipt in receipts:
        if receipt.state == LEFT:
            log.error(
                "item %s of tenant %s was withdrawn, and in %s of %s places something is left",
                item_id,
                work.tenant_id,
                receipt.leftovers,
                len(receipt.places),
            )


def sweep_checks(work: Work) -> None:
    """Have done what was promised, whatever became of the jobs."""
    with work.session(reading=True) as session:
        overdue = overdue_checks(session, seconds=PATIENCE_SECONDS)
    if overdue:
        with work.session() as session:
            for tenant_id, item_id in overdue:
                session.enqueue(
                    CHECK_WITHDRAWAL,
                    key=str(item_id),
                    lane=LANES[0],
                    tenant_id=tenant_id,
                    item_id=item_id,
                )
