"""Signing in and staying signed in, as the console's edge does them.

These open their own short transactions, because a password is hashed in none: first what is known
is read, then the hash is computed, then what came of it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Request
from sqlalchemy import update
from werkzeug import Response

from hosting.console.cookies import cookie_name, is_local
from hosting.console.viewer import current_viewer
from hosting.directory.queries import host_name
from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import operations, passwords, tokens
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit import act_as
from hosting.security.limited import noting_limits
from hosting.security.models import Account, SignIn
from hosting.security.operations import Origin
from hosting.security.people import person_of_token, renew_token
from hosting.security.queries import Person, credential_of_login, sign_in_of_token
from hosting.security.steps import Step, awaited
from hosting.security.tries import PasswordTries

_COOKIE = "jiyue-sign-in"
# How old the noted time of last use may be; noting it at every click would write at every click.
_SEEN_STEP = timedelta(seconds=60)


@dataclass(frozen=True)
class Entered:
    """A sign-in just begun or one step further: its token, and what it still awaits."""

    token: str
    awaits: Step


def origin_of(request: Request) -> Origin:
    """Where a request comes from."""
    return Origin(
        console_host=host_name(request.host),
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        locale=current_viewer().language,
    )


def person_of(runtime: Runtime, request: Request) -> Person | None:
    """Who is signed in here; notes once a minute that the sign-in is in use."""
    token = sent_token(runtime.settings, request)
    if not token:
        return None
    with runtime.tenant_session(None, reading=True) as session:
        person = person_of_token(
            session,
            token,
            console_host=host_name(request.host),
            address=request.remote_addr or "",
            settings=runtime.settings,
        )
    if person is not None and now() - person.sign_in.seen_at > _SEEN_STEP:
        _note_use(runtime, person.sign_in.id)
    return person


def renewed_token(runtime: Runtime, person: Person) -> str:
    """A new token for somebody whose rights have changed; "" when another request was first."""
    token = tokens.new_token()
    with runtime.tenant_session(None) as session:
        sign_in = session.get_one(SignIn, person.sign_in.id, with_for_update=True)
        if sign_in.token_at != person.sign_in.token_at:
            return ""
        renew_token(sign_in, token)
    return token


def sent_token(settings: Settings, request: Request) -> str:
    """The token in the request's cookie, or ""."""
    return request.cookies.get(cookie_name(settings, _COOKIE), "")


def give_cookie(settings: Settings, response: Response, token: str) -> None:
    """Hand the token to the browser, for this host alone and until the browser is closed."""
    response.set_cookie(
        cookie_name(settings, _COOKIE),
        token,
        path="/",
        secure=not is_local(settings),
        httponly=True,
        samesite="Lax",
    )


def take_cookie(settings: Settings, response: Response) -> None:
    """Take the token back."""
    response.delete_cookie(
        cookie_name(settings, _COOKIE),
        path="/",
        secure=not is_local(settings),
        httponly=True,
        samesite="Lax",
    )


def sign_in(
    runtime: Runtime, *, login: str, password: str, origin: Origin, replaced: str
) -> Entered:
    """Open a sign-in by password; that of the `replaced` token ends.

    Raises Invalid with one sentence for all reasons, after the same work for all of them, and
    LimitReached after too many tries of this name from this address.
    """
    login = login.strip().lower()
    tries = PasswordTries(runtime, login, origin.address)
    with noting_limits(runtime, login=login, address=origin.address):
        tries.count()
    with runtime.platform_session(reason="sign-in", reading=True) as session:
        known = credential_of_login(session, login)
    is_right = passwords.verifies(password, known.password_hash if known else None)
    with runtime.platform_session(reason="sign-in") as session:
        account = session.get(Account, known.account_id) if known else None
        act_as(session, _actor(account), origin.address)
        refusal = _refusal(account, is_right=is_right)
        if account is None or refusal:
            account_id = account.id if account else None
            operations.refuse_sign_in(session, login=login, account_id=account_id, result=refusal)
            entered = None
        else:
            entered = enter(session, account, "password", origin, runtime.settings)
            end_replaced(session, replaced)
    if entered is None:
        tries.count_failure()
        raise Invalid("sign_in_refused", N_("登录名或密码不正确"))
    tries.forgive()
    return entered


def _refusal(account: Account | None, *, is_right: bool) -> str:
    """Why somebody isn't let in, for the trail; "" when they are."""
    if account is None:
        return "unknown"
    if not is_right:
        return "wrong_password"
    return "" if account.is_active else "disabled"


def enter(
    session: WalledSession, account: Account, method: str, origin: Origin, settings: Settings
) -> Entered:
    """Open a sign-in for somebody who has proved who they are by `method`."""
    token = tokens.new_token()
    awaits = awaited(session, account.id, method=method, settings=settings)
    operations.begin_sign_in(
        session, account, token=token, origin=origin, method=method, awaits=awaits
    )
    return Entered(token, awaits)


def end_replaced(session: WalledSession, token: str) -> None:
    """End the sign-in that the browser brought along."""
    old = sign_in_of_token(session, token) if token else None
    if old is not None:
        operations.end_sign_in(session, old, reason="replaced")


def _actor(account: Account | None) -> Actor:
    return Actor(account.id, account.name) if account else PLATFORM_ACTOR


def _note_use(runtime: Runtime, sign_in_id: int) -> None:
    """Put off the idle end; one short write of its own, since the request may be a reading one."""
    with runtime.tenant_session(None) as session:
        session.execute(
            update(SignIn)
            .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
            .values(seen_at=now())
        )
