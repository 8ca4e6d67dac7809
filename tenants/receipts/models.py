"""A check is promised with each withdrawal, a receipt tells what it found; neither ever changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import ADD, TenantRecord, tenant_reference

CLEAN, LEFT, SUPERSEDED = "clean", "left", "superseded"
"""What a receipt says: nothing is left; something is; it is public again, so nothing was asked."""


# Rows are only added; they go with their tenant.
_RIGHTS_OF_PLATFORM = "SELECT, INSERT, DELETE"


class WithdrawalCheck(TenantRecord):
    """The promise to look for what is left of an item: with its withdrawal, or when a person asks.

    `pages` are [key, path] of each page that showed the item when it was withdrawn. Due until there
    is a receipt for it.
    """

    __tablename__ = "withdrawal_check"
    tenant_rights, platform_rights = ADD, _RIGHTS_OF_PLATFORM
    __table_args__ = (
        tenant_reference("item_id", "item"),
        tenant_reference("withdrawal_id", "withdrawal"),
        Index("ix_withdrawal_check_item", "tenant_id", "item_id"),
        Index("ix_withdrawal_check_asked_at", "tenant_id", "asked_at"),
    )

    item_id: Mapped[int]
    withdrawal_id: Mapped[int]
    pages: Mapped[list[Any]] = mapped_column(default=list)
    asked_by: Mapped[int]
    asked_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)


class WithdrawalReceipt(TenantRecord):
    """What a check found, place by place; its digest stands in the audit trail.

    `places` are the facts of `judging.Checked`. One for each check, whoever ran it how often.
    """

    __tablename__ = "withdrawal_receipt"
    tenant_rights, platform_rights = ADD, _RIGHTS_OF_PLATFORM
    __table_args__ = (
        tenant_reference("check_id", "withdrawal_check"),
        tenant_reference("item_id", "item"),
        tenant_reference("withdrawal_id", "withdrawal"),
        UniqueConstraint("tenant_id", "check_id"),
        Index("ix_withdrawal_receipt_item", "tenant_id", "item_id"),
        Index("ix_withdrawal_receipt_state", "tenant_id", "state"),
    )

    check_id: Mapped[int]
    item_id: Mapped[int]
    withdrawal_id: Mapped[int]
    state: Mapped[str]
    withdrawn_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    places: Mapped[list[Any]] = mapped_column(default=list)
    leftovers: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str]
