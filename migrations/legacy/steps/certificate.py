"""certificate: the account of a move. Found = imported + redirected + dropped by decision."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from migrations.legacy.decisions import DROPPED, IMPORTED, Decision
from migrations.legacy.models import LegacyAddress, LegacyRun
from migrations.legacy.queries import addresses_of, findings_of, run_of
from tenants.review.models import MigrationOrder


def certify(runtime: Runtime, tenant_id: int, name: str) -> dict[str, Any]:
    """The account as facts; `adds_up` is false where anything is unaccounted for."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run = run_of(session, name)
        rows = addresses_of(session, run.id)
        severities = Counter(one.severity for one in findings_of(session, run.id))
        order = _order_facts(session, run)
    counts = account(rows)
    return {
        "name": run.name,
        "source": run.source,
        "host": run.host,
        "state": run.state,
        "source_digest": run.digest,
        "account_digest": _digest(rows),
        **counts,
        "outcomes": dict(Counter(row.outcome for row in rows if row.outcome)),
        "findings": dict(severities),
        "decided_by_people": [_decision_facts(row) for row in rows if row.decided_by is not None],
        "order": order,
        "certified_at": now().isoformat(),
    }


def account(rows: Sequence[LegacyAddress]) -> dict[str, Any]:
    """How many addresses were found, and what became of them."""
    decisions = Counter(row.decision for row in rows)
    imported = [row for row in rows if row.decision in IMPORTED]
    here = sum(1 for row in imported if row.item_id is not None or row.asset_id is not None)
    redirected = decisions[Decision.REDIRECT]
    dropped = sum(decisions[one] for one in DROPPED)
    reasons = Counter(row.reason for row in rows if row.decision in DROPPED)
    return {
        "found": len(rows),
        "imported": len(imported),
        "imported_by_kind": {one.value: decisions[one] for one in IMPORTED},
        "brought_in": here,
        "redirected": redirected,
        "dropped": dropped,
        "dropped_for": dict(sorted(reasons.items())),
        "undecided": decisions[Decision.UNKNOWN],
        "adds_up": len(rows) == len(imported) + redirected + dropped and here == len(imported),
    }


def _decision_facts(row: LegacyAddress) -> dict[str, Any]:
    return {
        "address": row.address,
        "decision": row.decision,
        "reason": row.reason,
        "by": row.decided_name,
    }


def _order_facts(session: WalledSession, run: LegacyRun) -> dict[str, Any] | None:
    if run.order_id is None:
        return None
    found = session.scalars(select(MigrationOrder).where(MigrationOrder.id == run.order_id)).first()
    if found is None:
        return None
    return {
        "id": str(found.id),
        "state": found.state,
        "lines": found.lines,
        "digest": found.digest,
        "register": f"{found.year}-{found.number:05d}" if found.number else None,
        "proposed_by": found.proposed_name,
        "issued_by": found.issued_name,
    }


def _digest(rows: Sequence[LegacyAddress]) -> str:
    """Over every address, its decision and where it leads: an altered account shows."""
    said = "\n".join(f"{row.address}\t{row.decision}\t{row.target}" for row in rows)
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()
