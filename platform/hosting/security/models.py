"""Accounts, what they may do and where, and their open sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, func
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import PLATFORM_ID, READ, LedgerRecord, PlatformRecord

ACCOUNT_STATES = ("active", "disabled")
END_REASONS = (
    "signed_out",
    "replaced",
    "idle",
    "expired",
    "password_changed",
    "second_factor_changed",
    "too_many_codes",
    "disabled",
)
METHODS = ("password", "totp", "recovery_code", "openid", "openid_mfa")
STRONG_METHODS = frozenset({"totp", "recovery_code", "openid_mfa"})
"""Those in which two factors of different kinds were shown (GB/T 22239-2019 8.1.4.1 d)."""


class Account(PlatformRecord):
    """A person who may sign in. It is disabled rather than deleted: the trail refers to it."""

    __tablename__ = "account"
    tenant_rights = READ

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
    # Somebody else knows it, since they have set it.
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())


class SecondFactor(PlatformRecord):
    """An account's authenticator app: the secret it shares with us, sealed with the platform's key.

    `confirmed_at` is None until the person has shown a code of it. `last_step` is the time step of
    the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "second_factor"
    __table_args__ = (Index("ix_second_factor_account_id", "account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sealed_secret: Mapped[str]
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(PlatformRecord):
    """Stands in for a lost authenticator app, once; only its digest is stored."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_digest"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    code_digest: Mapped[str]
    used_at: Mapped[datetime | None]


class Identity(PlatformRecord):
    """Who an account is at the city's identity provider (OpenID Connect Core 2: iss and sub)."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index("ix_identity_account_id", "account_id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(default=now)


class Membership(LedgerRecord):
    """A role of an account in a tenant (`for_tenant_id` 0: on the platform).

    `column_id` confines it to a column and those below. City staff act for a tenant by one with a
    reason and an end. It is ended rather than deleted.
    """

    __tablename__ = "membership"
    tenant_rights = READ
    nobody_reads_all = True
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
    one console host, and opens nothing while it awaits something ("second_factor", "enrolment",
    "password"). The token is renewed when the person's rights have changed since `token_at`; the
    one before (`previous_digest`) holds for a moment longer, for requests that were on their way.
    """

    __tablename__ = "sign_in"
    tenant_rights = "SELECT, UPDATE"
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
    # How the person proved who they are (see METHODS), and when they did so last.
    method: Mapped[str] = mapped_column(default="password", server_default="password")
    proved_at: Mapped[datetime] = mapped_column(default=now, server_default=func.now())
    awaits: Mapped[str | None]
    token_at: Mapped[datetime] = mapped_column(default=now, server_default=func.now())
    previous_digest: Mapped[str | None] = mapped_column(index=True)
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
