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
class AccountErased(Event):
    """An account lost name, login and password for good, with the only tenant it worked in."""

    label: ClassVar[str] = N_("注销账号")
    account_id: int


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
    """A person signed in at the console; `method` says how they proved who they are."""

    label: ClassVar[str] = N_("登录")
    account_id: int
    sign_in_id: int
    method: str


@dataclass(frozen=True)
class SignInRefused(Event):
    """Somebody failed to sign in; `account_id` is None where the name is nobody's."""

    label: ClassVar[str] = N_("登录失败")
    account_id: int | None
    login: str
    result: str


@dataclass(frozen=True)
class SignInLimited(Event):
    """So many sign-ins or proofs failed that no more are taken for a while; `limit` says which."""

    label: ClassVar[str] = N_("登录尝试过多，暂停登录")
    account_id: int | None
    login: str
    limit: str
    result: str = "limited"


@dataclass(frozen=True)
class AccessRefused(Event):
    """A person who is signed in asked for what they have no right to."""

    label: ClassVar[str] = N_("越权访问被拒绝")
    method: str
    path: str
    permission: str
    result: str = "refused"


@dataclass(frozen=True)
class SignedOut(Event):
    """A sign-in ended; `end_reason` says why."""

    label: ClassVar[str] = N_("退出登录")
    account_id: int
    sign_in_id: int
    end_reason: str


@dataclass(frozen=True)
class IdentityProved(Event):
    """Somebody signed in has proved again who they are; `result` is done, or what was wrong."""

    label: ClassVar[str] = N_("再次验证身份")
    account_id: int
    sign_in_id: int
    method: str
    result: str


@dataclass(frozen=True)
class SecondFactorSet(Event):
    """An account signs in with an authenticator app as well from now on, or with another one."""

    label: ClassVar[str] = N_("设置两步验证")
    account_id: int


@dataclass(frozen=True)
class SecondFactorRemoved(Event):
    """An account has no authenticator app any more."""

    label: ClassVar[str] = N_("取消两步验证")
    account_id: int
    reason: str


@dataclass(frozen=True)
class RecoveryCodeUsed(Event):
    """A recovery code stood in for the app; `codes_left` are left."""

    label: ClassVar[str] = N_("使用恢复码")
    account_id: int
    codes_left: int


@dataclass(frozen=True)
class RecoveryCodesRenewed(Event):
    """The recovery codes of an account were replaced."""

    label: ClassVar[str] = N_("更换恢复码")
    account_id: int


@dataclass(frozen=True)
class IdentityLinked(Event):
    """An account may be entered by the city's identity provider."""

    label: ClassVar[str] = N_("绑定统一身份")
    account_id: int
    issuer: str
    subject: str


@dataclass(frozen=True)
class IdentityUnlinked(Event):
    """An account may no longer be entered by the city's identity provider."""

    label: ClassVar[str] = N_("解除统一身份绑定")
    account_id: int
    issuer: str


@dataclass(frozen=True)
class AuditVerified(Event):
    """All chains of the audit trail were checked; `faults` are the first of `fault_count`."""

    label: ClassVar[str] = N_("核验审计记录")
    chains: int
    entries: int
    fault_count: int
    faults: list[dict[str, Any]]
    began_at: str


@dataclass(frozen=True)
class AuditExported(Event):
    """Somebody took rows of the trail out of the platform; `filter` is what they asked for."""

    label: ClassVar[str] = N_("导出审计记录")
    form: str
    entries: int
    filter: dict[str, str]


@dataclass(frozen=True)
class AuditPruned(Event):
    """Rows older than the keeping time gave way to signed checkpoints.

    `held_back` are the tenants whose old rows stay, because something is wrong with them.
    """

    label: ClassVar[str] = N_("清理到期审计记录")
    before: str
    chains: int
    entries: int
    held_back: list[int]
