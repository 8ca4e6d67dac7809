"""What security does by itself, or when somebody asks and need not wait."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from hosting.runtime.clock import now
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.worker import Work
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit_keeping import prune
from hosting.security.audit_verification import verify
from hosting.security.events import AuditPruned, AuditVerified
from hosting.security.models import Account

# The first tell where to look; how many there are is told beside them.
_MOST_FAULTS = 50


def verify_audit(work: Work, *, account_id: int = PLATFORM_ID) -> None:
    """Check the whole trail and note in it what was found, for whoever asked."""
    began_at = now()
    with work.session(reading=True) as session:
        found = verify(session, work.runtime.settings)
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


def prune_audit(work: Work) -> None:
    """Prune what is older than the trail is kept, and note in it what was done."""
    before = now() - timedelta(days=work.runtime.settings.audit_keep_days)
    done = prune(work.runtime, before=before)
    if not done.entries and not done.held_back:
        return
    with work.session() as session:
        session.record(
            AuditPruned(
                PLATFORM_ID,
                before=before.isoformat(timespec="seconds"),
                chains=done.chains,
                entries=done.entries,
                held_back=list(done.held_back),
            ),
            by=PLATFORM_ACTOR,
        )
