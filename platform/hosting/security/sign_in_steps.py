"""The steps that a sign-in may await after the first: a code, setting up an app, a new password.

Each ends with a new token. Until the last one the sign-in opens nothing but its next step, and
only for ten minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Request

from hosting.directory.queries import host_name
from hosting.runtime.errors import Invalid, LimitReached, Problem
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security import operations, passwords, second_factors, tokens
from hosting.security.actor import Actor
from hosting.security.audit import act_as
from hosting.security.limited import noting_limits
from hosting.security.models import Account, SignIn
from hosting.security.operations import Origin
from hosting.security.queries import OpenSignIn, credential_of_account, open_sign_in
from hosting.security.sign_in import Entered, sent_token
from hosting.security.steps import awaited
from hosting.security.tries import CodeTries


def waiting_sign_in(runtime: Runtime, request: Request, step: str = "") -> OpenSignIn | None:
    """The sign-in of this browser that awaits something (this step), or None."""
    token = sent_token(runtime.settings, request)
    if not token:
        return None
    with runtime.tenant_session(None, reading=True) as session:
        found = open_sign_in(
            session, token, console_host=host_name(request.host), settings=runtime.settings
        )
    if found is None or not found.sign_in.awaits:
        return None
    return found if step in ("", found.sign_in.awaits) else None


def give_code(runtime: Runtime, waiting: OpenSignIn, code: str, *, origin: Origin) -> Entered:
    """Show the second factor.

    Raises Invalid when the code is not right; after too many tries the sign-in ends, with
    LimitReached.
    """
    tries = CodeTries(runtime, waiting.account.id, waiting.sign_in.id)
    try:
        with noting_limits(
            runtime, login=waiting.account.login, address=origin.address, by=_actor(waiting)
        ):
            tries.count()
    except LimitReached:
        _give_up(runtime, waiting, origin)
        raise
    with runtime.platform_session(reason="second factor") as session:
        act_as(session, _actor(waiting), origin.address)
        method = second_factors.check_code(
            session, waiting.account.id, code, settings=runtime.settings
        )
        if method:
            entered = _advance(session, waiting, runtime, method=method)
        else:
            operations.refuse_sign_in(
                session,
                login=waiting.account.login,
                account_id=waiting.account.id,
                result="wrong_code",
            )
    if not method:
        raise second_factors.wrong_code()
    tries.forgive()
    return entered


@dataclass(frozen=True)
class Enrolled:
    """An app that was just set up: the sign-in one step further, and the recovery codes."""

    entered: Entered
    codes: list[str]


def begin_enrolment(runtime: Runtime, waiting: OpenSignIn, *, origin: Origin) -> None:
    """Make the secret that the person's app is to take over."""
    with runtime.platform_session(reason="second factor") as session:
        act_as(session, _actor(waiting), origin.address)
        second_factors.begin_set_up(session, waiting.account.id, settings=runtime.settings)


def finish_enrolment(
    runtime: Runtime, waiting: OpenSignIn, code: str, *, origin: Origin
) -> Enrolled:
    """Take the app into use; raises as `second_factors.confirm` and LimitReached."""
    tries = CodeTries(runtime, waiting.account.id, waiting.sign_in.id)
    tries.count()
    with runtime.platform_session(reason="second factor") as session:
        by = _actor(waiting)
        act_as(session, by, origin.address)
        codes = second_factors.confirm(
            session, waiting.account.id, code, settings=runtime.settings, by=by
        )
        entered = _advance(session, waiting, runtime, method="totp")
    tries.forgive()
    return Enrolled(entered, codes)


def replace_password(runtime: Runtime, waiting: OpenSignIn, new: str, *, origin: Origin) -> Entered:
    """Give a password in place of one that may no longer be used; all other sign-ins end.

    Raises Invalid for the old one again, or one that the policy refuses.
    """
    account = waiting.account
    with runtime.platform_session(reason="password change", reading=True) as session:
        known = credential_of_account(session, account.id)
    if known is not None and passwords.verifies(new, known.password_hash):
        raise same_password("new")
    password = passwords.hashed(new, settings=runtime.settings, login=account.login)
    with runtime.platform_session(reason="password change") as session:
        by = _actor(waiting)
        act_as(session, by, origin.address)
        operations.set_password(
            session,
            session.get_one(Account, account.id),
            password=password,
            by=by,
            keeping=waiting.sign_in.id,
        )
        return _advance(session, waiting, runtime, method=waiting.sign_in.method)


def same_password(field: str) -> Invalid:
    """What is said to a new password that is the current one."""
    return Invalid(
        "password_not_changed",
        N_("密码没有修改："),
        problems=[Problem(field, "same_password", N_("新密码不能与当前密码相同"))],
    )


def _advance(
    session: WalledSession, waiting: OpenSignIn, runtime: Runtime, *, method: str
) -> Entered:
    """One step further, with a new token."""
    sign_in = session.get_one(SignIn, waiting.sign_in.id)
    session.flush()
    awaits = awaited(session, waiting.account.id, method=method, settings=runtime.settings)
    token = tokens.new_token()
    operations.advance_sign_in(session, sign_in, token=token, method=method, awaits=awaits)
    return Entered(token, awaits)


def _give_up(runtime: Runtime, waiting: OpenSignIn, origin: Origin) -> None:
    with runtime.platform_session(reason="second factor") as session:
        act_as(session, _actor(waiting), origin.address)
        sign_in = session.get_one(SignIn, waiting.sign_in.id)
        operations.end_sign_in(session, sign_in, reason="too_many_codes")


def _actor(waiting: OpenSignIn) -> Actor:
    return Actor(waiting.account.id, waiting.account.name)
