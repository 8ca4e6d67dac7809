"""One old site being moved in, and the decision on each of its addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord, tenant_reference

PLANNED, CHECKED, RUN, VERIFIED = "planned", "checked", "run", "verified"
CUT_OVER, UNDONE = "cut_over", "undone"

OPEN_STATES = (PLANNED, CHECKED, RUN, VERIFIED)
"""States in which nothing of the old site is public here yet."""


class LegacyRun(TenantRecord):
    """The move of one old site: planned -> checked -> run -> verified -> cut_over; or undone.

    `facts` hold counts, the columns that were made, and what cut-over left behind.
    """

    __tablename__ = "legacy_run"
    __table_args__ = (
        tenant_reference("site_id", "site"),
        UniqueConstraint("tenant_id", "name"),
    )

    name: Mapped[str]
    site_id: Mapped[int]
    # What the operator named as the source, and the old site's own host.
    source: Mapped[str]
    source_kind: Mapped[str]
    host: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=PLANNED)
    # Of all addresses and their bytes: the same source gives the same.
    digest: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    order_id: Mapped[int | None]
    planned_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def batch(self) -> str:
        """The name under which its items come in: its own."""
        return self.name

    @property
    def undated_batch(self) -> str:
        """The same for items without a date: no order can carry them, three signatures must."""
        return f"{self.name}:undated"


class LegacyAddress(TenantRecord):
    """One address of the old site, what it was, and what becomes of it.

    `decided_by` is None where a rule decided, and `reason` its code. `destination` says where a
    redirect leads (`home`, `column:名/名`, `address:/old`, `path:/new`); `target` is the path
    here, known once it is brought in.
    """

    __tablename__ = "legacy_address"
    __table_args__ = (
        tenant_reference("run_id", "legacy_run"),
        UniqueConstraint("tenant_id", "run_id", "address"),
        Index("ix_legacy_address_decision", "tenant_id", "run_id", "decision"),
    )

    run_id: Mapped[int]
    address: Mapped[str]
    kind: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[int | None]
    decided_name: Mapped[str] = mapped_column(default="")
    destination: Mapped[str] = mapped_column(default="")
    target: Mapped[str] = mapped_column(default="")
    item_id: Mapped[int | None]
    asset_id: Mapped[int | None]
    # What the last verification saw: empty (not asked), "ok", or a code of what was wrong.
    outcome: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LegacyFinding(TenantRecord):
    """One thing that is wrong with the old site; `position` keeps the worst first."""

    __tablename__ = "legacy_finding"
    __table_args__ = (
        tenant_reference("run_id", "legacy_run"),
        UniqueConstraint("tenant_id", "run_id", "position"),
    )

    run_id: Mapped[int]
    position: Mapped[int]
    code: Mapped[str]
    severity: Mapped[str]
    address: Mapped[str]
    target: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[list[str]] = mapped_column(default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
