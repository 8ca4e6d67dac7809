"""The steps of a tenant's life, each with who took it, when and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import PlatformRecord


class TenantStep(PlatformRecord):
    """One change of a tenant's state. The city's own record: no tenant can read or change it.

    `successor` is where its content is found from then on, `notice_until` the day until which a
    closing site can be read.
    """

    __tablename__ = "tenant_step"
    __table_args__ = (Index("ix_tenant_step_subject_id", "subject_id"),)

    subject_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    old_state: Mapped[str]
    new_state: Mapped[str]
    reason: Mapped[str]
    successor: Mapped[str] = mapped_column(default="")
    notice_until: Mapped[date | None]
    taken_by: Mapped[int]
    taken_name: Mapped[str]
    taken_at: Mapped[datetime] = mapped_column(default=now)

    def facts(self) -> dict[str, Any]:
        """The step as people and programs are told of it."""
        return {
            "from": self.old_state,
            "to": self.new_state,
            "reason": self.reason,
            "successor": self.successor,
            "notice_until": self.notice_until.isoformat() if self.notice_until else None,
            "by": self.taken_name,
            "at": self.taken_at.isoformat(),
        }
