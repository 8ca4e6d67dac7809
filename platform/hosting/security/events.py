"""What happens to accounts and sign-ins, as the audit trail tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class AccountCreated(Event):
    """Somebody was given an account."""

    label: ClassVar[str] = N_("建立账号")
    account_id: int
    login: str


@dataclass(frozen=True)
class AccountDisabled(Event):
    """An account can no longer sign in, and its open sign-ins ended."""

    label: ClassVar[str] = N_("停用账号")
    account_id: int
    reason: str


@dataclass(frozen=True)
class PasswordChanged(Event):
    """An account has a new password, and its other sign-ins ended."""

    label: ClassVar[str] = N_("更换密码")
    account_id: int


@dataclass(frozen=True)
class RoleGranted(Event):
    """An account holds a role more."""

    label: ClassVar[str] = N_("授予职责")
    account_id: int
    membership_id: int
    role: str
    column_id: int | None
    ends_at: str | None
    reason: str


@dataclass(frozen=True)
class MembershipEnded(Event):
    """An account holds a role less."""

    label: ClassVar[str] = N_("解除职责")
    account_id: int
    membership_id: int
    role: str


@dataclass(frozen=True)
class SignedIn(Event):
    """A person signed in at the console."""

    label: ClassVar[str] = N_("登录")
    account_id: int
    sign_in_id: int


@dataclass(frozen=True)
class SignInRefused(Event):
    """Somebody failed to sign in; `account_id` is None where the name is nobody's."""

    label: ClassVar[str] = N_("登录失败")
    account_id: int | None
    login: str
    result: str


@dataclass(frozen=True)
class SignedOut(Event):
    """A sign-in ended; `end_reason` says why."""

    label: ClassVar[str] = N_("退出登录")
    account_id: int
    sign_in_id: int
    end_reason: str


@dataclass(frozen=True)
class AuditVerified(Event):
    """All chains of the audit trail were checked; `faults` are the first of `fault_count`."""

    label: ClassVar[str] = N_("核验审计记录")
    chains: int
    entries: int
    fault_count: int
    faults: list[dict[str, Any]]
    began_at: str
