"""The record of a tenant's deletion: all that is left of it beside its sealed trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import PlatformRecord

RUNNING, SCRUBBING, DONE = "running", "scrubbing", "done"


class TenantDeletion(PlatformRecord):
    """Who had a tenant deleted, when and why, what it had (`found`) and what went (`removed`).

    running -> scrubbing (its rows are gone, the database's file is being written anew) -> done.
    `subject_id` refers to no row: the tenant's own goes at the end. `removed` counts by the msgid
    of what was removed; `step` is that of the part in hand.
    """

    __tablename__ = "tenant_deletion"
    __table_args__ = (Index("ix_tenant_deletion_state", "state"),)

    subject_id: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    closed_at: Mapped[datetime]
    site_ids: Mapped[list[int]]
    hosts: Mapped[list[str]]
    found: Mapped[dict[str, Any]]
    reason: Mapped[str]
    is_early: Mapped[bool]
    asked_by: Mapped[int]
    asked_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(default=RUNNING)
    step: Mapped[str] = mapped_column(default="")
    removed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]

    def facts(self) -> dict[str, Any]:
        """The record as programs are told of it."""
        return {
            "id": str(self.id),
            "code": self.code,
            "name": self.name,
            "state": self.state,
            "reason": self.reason,
            "early": self.is_early,
            "by": self.asked_name,
            "closed_at": self.closed_at.isoformat(),
            "asked_at": self.asked_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "found": self.found,
            "removed": self.removed,
            "hosts": self.hosts,
        }
