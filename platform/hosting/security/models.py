"""Accounts, what they may do and where, and their open sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import PLATFORM_ID, LedgerRecord, PlatformRecord

ACCOUNT_STATES = ("active", "disabled")
END_REASONS = ("signed_out", "replaced", "idle", "expired", "password_changed", "disabled")


class Account(PlatformRecord):
    """A person who may sign in. It is disabled rather than deleted: the trail refers to it."""

    __tablename__ = "account"

    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in and stay signed in."""
        return self.state == "active"


class Credential(PlatformRecord):
    """An account's password hash, apart from it: the tenant role of the database cannot read it."""

    __tablename__ = "credential"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Membership(LedgerRecord):
    """A role of an account in a tenant (`for_tenant_id` 0: on the platform).

    `column_id` confines it to a column and those below. City staff act for a tenant by one with a
    reason and an end. It is ended rather than deleted.
    """

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_account_id", "account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    column_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    granted_at: Mapped[datetime] = mapped_column(default=now)
    granted_by: Mapped[int] = mapped_column(default=PLATFORM_ID)
    ends_at: Mapped[datetime | None]

    @property
    def is_platform(self) -> bool:
        """Whether it is held on the platform rather than in a tenant."""
        return self.for_tenant_id == PLATFORM_ID

    def is_running(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.ends_at is None or self.ends_at > at


class SignIn(LedgerRecord):
    """A session of a person at the console, kept here so that it can be ended here.

    Only the digest of its token is stored: who reads the table cannot sign in with it. It holds at
    one console host.
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index("ix_sign_in_account_id", "account_id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_digest: Mapped[str]
    console_host: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    user_agent: Mapped[str] = mapped_column(default="")
    locale: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")

    def lapse(self, at: datetime, *, idle_seconds: int, absolute_seconds: int) -> str:
        """Why it no longer holds at an instant ("ended", "idle", "expired"), or ""."""
        if self.ended_at is not None:
            return "ended"
        if (at - self.created_at).total_seconds() >= absolute_seconds:
            return "expired"
        return "idle" if (at - self.seen_at).total_seconds() >= idle_seconds else ""
