"""What security does by itself, or when somebody asks and need not wait."""

from __future__ import annotations

from dataclasses import asdict

from hosting.runtime.clock import now
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.worker import Work
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit_verification import verify
from hosting.security.events import AuditVerified
from hosting.security.models import Account

# The first tell where to look; how many there are is told beside them.
_MOST_FAULTS = 50


def verify_audit(work: Work, *, account_id: int = PLATFORM_ID) -> None:
    """Check the whole trail and note in it what was found, for whoever asked."""
    began_at = now()
    with work.session(reading=True) as session:
        found = verify(session)
    with work.session() as session:
        account = session.get(Account, account_id)
        asked_by = Actor(account.id, account.name) if account else PLATFORM_ACTOR
        session.record(
            AuditVerified(
                PLATFORM_ID,
                chains=found.chains,
                entries=found.entries,
                fault_count=len(found.faults),
                faults=[asdict(each) for each in found.faults[:_MOST_FAULTS]],
                began_at=began_at.isoformat(timespec="seconds"),
            ),
            by=asked_by,
        )
