"""What happens to accounts and sign-ins, as the audit trail tells it."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.events import Event


@dataclass(frozen=True)
class AccountCreated(Event):
    """Somebody was given an account."""

    account_id: int
    login: str


@dataclass(frozen=True)
class AccountDisabled(Event):
    """An account can no longer sign in, and its open sign-ins ended."""

    account_id: int
    reason: str


@dataclass(frozen=True)
class PasswordChanged(Event):
    """An account has a new password, and its other sign-ins ended."""

    account_id: int


@dataclass(frozen=True)
class RoleGranted(Event):
    """An account holds a role more."""

    account_id: int
    membership_id: int
    role: str
    column_id: int | None
    ends_at: str | None
    reason: str


@dataclass(frozen=True)
class MembershipEnded(Event):
    """An account holds a role less."""

    account_id: int
    membership_id: int
    role: str


@dataclass(frozen=True)
class SignedIn(Event):
    """A person signed in at the console."""

    account_id: int
    sign_in_id: int


@dataclass(frozen=True)
class SignInRefused(Event):
    """Somebody failed to sign in; `account_id` is None where the name is nobody's."""

    account_id: int | None
    login: str
    result: str


@dataclass(frozen=True)
class SignedOut(Event):
    """A sign-in ended; `end_reason` says why."""

    account_id: int
    sign_in_id: int
    end_reason: str
