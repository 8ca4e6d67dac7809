"""Reads of the audit trail, for those who watch over the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from hosting.runtime.events import event_name
from hosting.runtime.jobs import Job
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security.audit import AuditEntry
from hosting.security.events import AuditVerified

DONE, REFUSED = "done", "refused"
"""Results by which the trail is narrowed: what was done, and all else."""

VERIFY_AUDIT = "verify_audit"
"""The job that checks the whole trail."""


@dataclass(frozen=True)
class AuditFilter:
    """What the trail is narrowed to; None and empty values narrow nothing.

    `words` stand in a person's name, or are an object's id or an address as a whole.
    `result` "done" is what was done, "refused" whatever was not. `tenant_id` 0 is the platform;
    `since` and `until` bound the instant, `until` left out.
    """

    words: str = ""
    tenant_id: int | None = None
    action: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row must meet."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            found.append(
                or_(
                    AuditEntry.account_name.icontains(self.words, autoescape=True),
                    AuditEntry.object_id == self.words,
                    AuditEntry.address == self.words,
                )
            )
        found += [AuditEntry.for_tenant_id == self.tenant_id] if self.tenant_id is not None else []
        found += [AuditEntry.action == self.action] if self.action else []
        if self.result:
            was_done = AuditEntry.result == DONE
            found.append(was_done if self.result == DONE else ~was_done)
        found += [AuditEntry.happened_at >= self.since] if self.since else []
        found += [AuditEntry.happened_at < self.until] if self.until else []
        return found

    def facts(self) -> dict[str, str]:
        """What it asks for, in words of the trail; what narrows nothing is left out."""
        asked = {
            "words": self.words,
            "tenant_id": "" if self.tenant_id is None else str(self.tenant_id),
            "action": self.action,
            "result": self.result,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in asked.items() if value}


def audit_count(session: WalledSession, narrowed: AuditFilter) -> int:
    """How many rows a filter leaves."""
    return session.scalar(select(func.count(AuditEntry.id)).where(*narrowed.conditions())) or 0


def audit_rows(
    session: WalledSession, narrowed: AuditFilter, *, offset: int = 0, limit: int = 50
) -> Sequence[AuditEntry]:
    """A page of the rows that a filter leaves, the newest first."""
    return session.scalars(
        select(AuditEntry)
        .where(*narrowed.conditions())
        # Ids grow with time and have an index; instants have none.
        .order_by(AuditEntry.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def verifications(session: WalledSession, *, limit: int = 10) -> Sequence[AuditEntry]:
    """What the latest checks of the trail found, the newest first; each is a row of the trail."""
    return session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.for_tenant_id == PLATFORM_ID,
            AuditEntry.action == event_name(AuditVerified),
        )
        .order_by(AuditEntry.sequence.desc())
        .limit(limit)
    ).all()


def is_verifying(session: WalledSession) -> bool:
    """Whether a check of the trail waits or runs."""
    query = select(Job.id).where(Job.kind == VERIFY_AUDIT, Job.state.in_(("waiting", "running")))
    return session.scalars(query.limit(1)).first() is not None
