"""What is done to accounts, memberships and sign-ins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden, Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security import events, tokens
from hosting.security.actor import Actor
from hosting.security.models import Account, Credential, Membership, SignIn
from hosting.security.passwords import HashedPassword
from hosting.security.queries import running_memberships
from hosting.security.roles import ADMIN_ROLES, PLATFORM_ROLES, TENANT_ROLES

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_LONGEST_NAME = 40
_LONGEST_USER_AGENT = 300


def create_account(
    session: WalledSession,
    *,
    login: str,
    name: str,
    password: HashedPassword,
    by: Actor,
    must_change: bool = False,
) -> Account:
    """Give somebody an account; needs a platform session. Records account_created.

    `must_change`: somebody else knows the password, so it is good for the first sign-in alone.
    Raises Invalid for a login or name that cannot be, Conflict when the login is taken.
    """
    name = name.strip()
    if problems := account_problems(login, name):
        raise Invalid("wrong_account", N_("账号信息有误："), problems=problems)
    if session.scalars(select(Account.id).where(Account.login == login)).first() is not None:
        raise Conflict("login_taken", N_("登录名“{login}”已被使用，请换一个"), login=login)
    account = Account(login=login, name=name)
    session.add(account)
    session.flush()
    session.add(
        Credential(account_id=account.id, password_hash=password.encoded, must_change=must_change)
    )
    session.record(events.AccountCreated(PLATFORM_ID, account.id, login), by=by)
    return account


def account_problems(login: str, name: str) -> list[Problem]:
    """What is wrong with a sign-in name and a person's name."""
    problems = []
    if not _LOGIN.fullmatch(login):
        problems.append(
            Problem(
                "login",
                "wrong_login",
                N_("登录名用 2 至 32 个小写字母、数字、点、横线或下划线，以字母或数字开头"),
            )
        )
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        facts = {"limit": _LONGEST_NAME}
        problems.append(Problem("name", "wrong_name", N_("请填写姓名，最多 {limit} 个字"), facts))
    return problems


def set_password(
    session: WalledSession,
    account: Account,
    *,
    password: HashedPassword,
    by: Actor,
    keeping: int | None = None,
    must_change: bool = False,
) -> None:
    """Replace the password and end all sign-ins but one (`keeping`); needs a platform session."""
    credential = session.scalars(
        select(Credential).where(Credential.account_id == account.id)
    ).one()
    credential.password_hash = password.encoded
    credential.changed_at = now()
    credential.must_change = must_change
    session.record(events.PasswordChanged(PLATFORM_ID, account.id), by=by)
    end_sign_ins(session, account.id, reason="password_changed", keeping=keeping)


def disable_account(session: WalledSession, account: Account, *, reason: str, by: Actor) -> None:
    """Shut an account out at once, open sign-ins included; needs a platform session."""
    if account.id == by.account_id:
        raise Forbidden("own_account", N_("不能停用自己的账号，请由其他管理员办理"))
    if not account.is_active:
        return
    account.state = "disabled"
    session.record(events.AccountDisabled(PLATFORM_ID, account.id, reason), by=by)
    end_sign_ins(session, account.id, reason="disabled")


@dataclass(frozen=True)
class RoleFacts:
    """A role to be granted; `tenant_id` 0 is the platform. City staff need a reason and an end."""

    role: str
    tenant_id: int = PLATFORM_ID
    column_id: int | None = None
    ends_at: datetime | None = None
    reason: str = ""


def grant_role(
    session: WalledSession, account: Account, *, facts: RoleFacts, by: Actor
) -> Membership:
    """Let an account hold a role; one it holds there already is returned as it is.

    Raises Forbidden for a role for oneself; Invalid for a role that is not held there, for a
    second of the three administrators' roles, and for city staff without a reason and an end.
    """
    if account.id == by.account_id:
        raise Forbidden("own_role", N_("不能给自己授予角色，请由其他管理员办理"))
    held = running_memberships(session, account.id)
    _check_role(facts, held)
    for membership in held:
        same = (membership.for_tenant_id, membership.role, membership.column_id)
        if same == (facts.tenant_id, facts.role, facts.column_id):
            return membership
    membership = Membership(
        account_id=account.id,
        for_tenant_id=facts.tenant_id,
        role=facts.role,
        column_id=facts.column_id,
        reason=facts.reason,
        ends_at=facts.ends_at,
        granted_by=by.account_id,
    )
    session.add(membership)
    session.flush()
    _record_grant(session, membership, by)
    return membership


def _record_grant(session: WalledSession, membership: Membership, by: Actor) -> None:
    session.record(
        events.RoleGranted(
            membership.for_tenant_id,
            membership.account_id,
            membership.id,
            membership.role,
            membership.column_id,
            membership.ends_at.isoformat() if membership.ends_at else None,
            membership.reason,
        ),
        by=by,
    )


def _check_role(facts: RoleFacts, held: list[Membership]) -> None:
    known = PLATFORM_ROLES if facts.tenant_id == PLATFORM_ID else TENANT_ROLES
    if facts.role not in known:
        raise Invalid(
            "no_such_role",
            N_("这里没有“{role}”这个角色，可选：{known}"),
            role=facts.role,
            known="、".join(known),
        )
    if facts.role in ADMIN_ROLES and any(
        other.role in ADMIN_ROLES - {facts.role} for other in held
    ):
        raise Invalid(
            "admin_powers_are_separate",
            N_("系统管理员、安全管理员、审计管理员须由不同的人担任（三员分立）"),
        )
    is_city_staff = any(other.is_platform for other in held)
    if is_city_staff and facts.tenant_id and not (facts.reason.strip() and facts.ends_at):
        raise Invalid(
            "act_for_needs_reason_and_end",
            N_("平台人员代办租户事务，须写明事由和截止时间"),
        )


def end_membership(session: WalledSession, membership: Membership, *, by: Actor) -> None:
    """Take a role away; it holds no longer at the person's next request.

    Raises Forbidden for a role of one's own.
    """
    if membership.account_id == by.account_id:
        raise Forbidden("own_role", N_("不能解除自己的职责，请由其他管理员办理"))
    at = now()
    if not membership.is_running(at):
        return
    membership.ends_at = at
    session.record(
        events.MembershipEnded(
            membership.for_tenant_id,
            membership.account_id,
            membership.id,
            membership.role,
        ),
        by=by,
    )


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from: the console host it is bound to, the address, the browser.

    `locale` is the language chosen before signing in, None where nobody has chosen.
    """

    console_host: str
    address: str = ""
    user_agent: str = ""
    locale: str | None = None


def begin_sign_in(
    session: WalledSession,
    account: Account,
    *,
    token: str,
    origin: Origin,
    method: str = "password",
    awaits: str = "",
) -> SignIn:
    """Open a sign-in for a token that only its browser knows. Records signed_in when complete."""
    sign_in = SignIn(
        account_id=account.id,
        token_digest=tokens.digest(token),
        console_host=origin.console_host,
        address=origin.address,
        user_agent=origin.user_agent[:_LONGEST_USER_AGENT],
        locale=origin.locale,
        method=method,
        awaits=awaits or None,
    )
    session.add(sign_in)
    session.flush()
    if not awaits:
        session.record(events.SignedIn(PLATFORM_ID, account.id, sign_in.id, method))
    return sign_in


def advance_sign_in(
    session: WalledSession, sign_in: SignIn, *, token: str, method: str, awaits: str
) -> None:
    """One step further, with a new token; the old one opens nothing. Records signed_in at last."""
    at = now()
    sign_in.token_digest, sign_in.previous_digest, sign_in.token_at = tokens.digest(token), None, at
    sign_in.method, sign_in.awaits, sign_in.proved_at = method, awaits or None, at
    if not awaits:
        # The half and the whole sign-in are two sessions: the clock of the whole one begins now.
        sign_in.created_at = sign_in.seen_at = at
        session.record(events.SignedIn(PLATFORM_ID, sign_in.account_id, sign_in.id, method))


def note_proof(
    session: WalledSession, account_id: int, sign_in_id: int, method: str, fault: str
) -> None:
    """Record that somebody proved again who they are, or failed to (`fault`)."""
    session.record(
        events.IdentityProved(PLATFORM_ID, account_id, sign_in_id, method, fault or "done")
    )


def told_login(login: str) -> str:
    """A name as the trail may tell it, or "": people type their password into the wrong field."""
    return login if _LOGIN.fullmatch(login) else ""


def refuse_sign_in(
    session: WalledSession, *, login: str, account_id: int | None, result: str
) -> None:
    """Record a failed sign-in: `result` is unknown, wrong_password, wrong_code or disabled."""
    session.record(events.SignInRefused(PLATFORM_ID, account_id, told_login(login), result))


def end_sign_in(session: WalledSession, sign_in: SignIn, *, reason: str) -> None:
    """End a sign-in: its token opens nothing any more. Records signed_out."""
    if sign_in.ended_at is not None:
        return
    sign_in.ended_at = now()
    sign_in.end_reason = reason
    session.record(events.SignedOut(PLATFORM_ID, sign_in.account_id, sign_in.id, reason))


def end_sign_ins(
    session: WalledSession, account_id: int, *, reason: str, keeping: int | None = None
) -> None:
    """End all open sign-ins of an account, but one."""
    for sign_in in session.scalars(
        select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    ):
        if sign_in.id != keeping:
            end_sign_in(session, sign_in, reason=reason)
