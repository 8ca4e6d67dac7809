"""Signing in, staying signed in and changing one's password, as the console's edge does them.

These open their own short transactions, because a password is hashed in none: first what is known
is read, then the hash is computed, then what came of it is written.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Request
from sqlalchemy import update
from werkzeug import Response

from hosting.console.cookies import cookie_name, is_local
from hosting.console.viewer import current_viewer
from hosting.directory.queries import host_name
from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import operations, passwords, tokens
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit import act_as
from hosting.security.limits import Limit
from hosting.security.models import Account, SignIn
from hosting.security.operations import Origin
from hosting.security.queries import (
    Person,
    credential_of_login,
    person_of_token,
    sign_in_of_token,
)

_COOKIE = "jiyue-sign-in"
# How old the noted time of last use may be; noting it at every click would write at every click.
_SEEN_STEP = timedelta(seconds=60)
# Colleagues share an address, so it may fail as often as a score of people.
_PEOPLE_AN_ADDRESS = 20


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
            settings=runtime.settings,
        )
    if person is not None and now() - person.sign_in.seen_at > _SEEN_STEP:
        _note_use(runtime, person.sign_in.id)
    return person


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


def sign_in(runtime: Runtime, *, login: str, password: str, origin: Origin, replaced: str) -> str:
    """Open a sign-in and give its token; the sign-in of the `replaced` token ends.

    Raises Invalid with one sentence for all reasons, after the same work for all of them, and
    LimitReached after too many tries of this name from this address.
    """
    login = login.strip().lower()
    tries = _Tries(runtime, login, origin.address)
    tries.count()
    with runtime.platform_session(reason="sign-in", reading=True) as session:
        known = credential_of_login(session, login)
    is_right = passwords.verifies(password, known.password_hash if known else None)
    with runtime.platform_session(reason="sign-in") as session:
        account = session.get(Account, known.account_id) if known else None
        act_as(session, _actor(account), origin.address)
        token = _settle(session, account, login, is_right=is_right, origin=origin)
        if token:
            _end_replaced(session, replaced)
    if not token:
        tries.count_failure()
        raise Invalid("sign_in_refused", N_("登录名或密码不正确"))
    tries.forgive()
    return token


def _settle(
    session: WalledSession, account: Account | None, login: str, *, is_right: bool, origin: Origin
) -> str:
    """Write what came of a try; the new token, or "" when it is refused."""
    if account is None or not is_right or not account.is_active:
        result = "unknown" if account is None else "disabled" if is_right else "wrong_password"
        account_id = account.id if account else None
        operations.refuse_sign_in(session, login=login, account_id=account_id, result=result)
        return ""
    token = tokens.new_token()
    operations.begin_sign_in(session, account, token=token, origin=origin)
    return token


def _end_replaced(session: WalledSession, token: str) -> None:
    old = sign_in_of_token(session, token) if token else None
    if old is not None:
        operations.end_sign_in(session, old, reason="replaced")


def _actor(account: Account | None) -> Actor:
    return Actor(account.id, account.name) if account else PLATFORM_ACTOR


def change_password(
    runtime: Runtime, person: Person, *, current: str, new: str, origin: Origin
) -> str:
    """Change one's own password: all other sign-ins end, and this one gets a new token.

    Raises Invalid when the current one is wrong or the new one is refused, LimitReached after too
    many tries.
    """
    tries = _Tries(runtime, person.login, origin.address)
    tries.count()
    with runtime.platform_session(reason="password change", reading=True) as session:
        known = credential_of_login(session, person.login)
    if not passwords.verifies(current, known.password_hash if known else None):
        raise _wrong("current", "wrong_password", N_("当前密码不正确"))
    if new == current:
        raise _wrong("new", "same_password", N_("新密码不能与当前密码相同"))
    password = passwords.hashed(new, settings=runtime.settings, login=person.login)
    with runtime.platform_session(reason="password change") as session:
        act_as(session, person.actor(), origin.address)
        token = _replace_password(session, person, password)
    tries.forgive()
    return token


def _wrong(field: str, code: str, message: str) -> Invalid:
    return Invalid(
        "password_not_changed",
        N_("密码没有修改："),
        problems=[Problem(field, code, message)],
    )


def _replace_password(
    session: WalledSession, person: Person, password: passwords.HashedPassword
) -> str:
    account = session.get_one(Account, person.account_id)
    by = person.actor()
    operations.set_password(session, account, password=password, by=by, keeping=person.sign_in.id)
    token = tokens.new_token()
    session.get_one(SignIn, person.sign_in.id).token_digest = tokens.digest(token)
    return token


def _note_use(runtime: Runtime, sign_in_id: int) -> None:
    """Put off the idle end; one short write of its own, since the request may be a reading one."""
    with runtime.tenant_session(None) as session:
        session.execute(
            update(SignIn)
            .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
            .values(seen_at=now())
        )


class _Tries:
    """Counts tries of a name from an address, so that nobody elsewhere is locked out by them."""

    def __init__(self, runtime: Runtime, login: str, address: str) -> None:
        times, seconds = runtime.settings.sign_in_attempts, runtime.settings.sign_in_window_seconds
        self._cache = runtime.cache
        self._of_account = Limit("sign_ins", times, seconds)
        self._of_address = Limit("sign_ins_here", times * _PEOPLE_AN_ADDRESS, seconds)
        self._login = login
        self._address = address

    def count(self) -> None:
        """One more try; LimitReached when it is too many, or when the address failed too often."""
        self._of_address.check(self._cache, self._address)
        self._of_account.count(self._cache, self._login, self._address)

    def count_failure(self) -> None:
        """The address has failed once more, whoever it tried to be."""
        self._of_address.count(self._cache, self._address)

    def forgive(self) -> None:
        """It was the name's owner after all."""
        self._of_account.forgive(self._cache, self._login, self._address)
