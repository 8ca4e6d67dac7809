"""Proving again who one is, before rights, accounts or tenants change; and one's own password.

ASVS 5.0 (7.5.3): whoever finds a console left open, or copies its cookie, can't do these.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import operations, passwords, second_factors, tokens
from hosting.security.audit import act_as
from hosting.security.limited import noting_limits
from hosting.security.models import Account, SignIn
from hosting.security.operations import Origin
from hosting.security.people import renew_token
from hosting.security.queries import Person, credential_of_login
from hosting.security.sign_in_steps import same_password
from hosting.security.tries import CodeTries, PasswordTries


def is_proved(person: Person, settings: Settings) -> bool:
    """Whether the person has proved who they are recently enough."""
    age_seconds = (now() - person.sign_in.proved_at).total_seconds()
    return age_seconds < settings.proof_seconds


def asks_for_code(runtime: Runtime, person: Person) -> bool:
    """Whether the person proves themselves with a code as well."""
    with runtime.platform_session(reason="own second factor", reading=True) as session:
        return second_factors.has_second_factor(session, person.account_id)


def prove(runtime: Runtime, person: Person, *, password: str, code: str, origin: Origin) -> str:
    """Take the proof; the sign-in's new token.

    Raises Invalid naming the field that is wrong, LimitReached after too many tries. Refusals are
    recorded as well.
    """
    _check_password(runtime, person, password, field="password", origin=origin)
    with _noting(runtime, person, origin):
        CodeTries(runtime, person.account_id, person.sign_in.id).count()
    token = tokens.new_token()
    with runtime.platform_session(reason="proof of identity") as session:
        act_as(session, person.actor(), origin.address)
        method = _method(session, person, code, runtime.settings)
        if method:
            _take_proof(session, person, method, token)
        operations.note_proof(
            session, person.account_id, person.sign_in.id, method, "" if method else "wrong_code"
        )
    if not method:
        raise second_factors.wrong_code()
    CodeTries(runtime, person.account_id, person.sign_in.id).forgive()
    return token


def _method(session: WalledSession, person: Person, code: str, settings: Settings) -> str:
    """How the person has proved themselves; "" when their code is wrong."""
    if not second_factors.has_second_factor(session, person.account_id):
        return "password"
    return second_factors.check_code(session, person.account_id, code, settings=settings)


def _take_proof(session: WalledSession, person: Person, method: str, token: str) -> None:
    sign_in = session.get_one(SignIn, person.sign_in.id)
    sign_in.proved_at = now()
    if method != "password":
        sign_in.method = method
    renew_token(sign_in, token)


def _check_password(
    runtime: Runtime, person: Person, password: str, *, field: str, origin: Origin
) -> None:
    tries = PasswordTries(runtime, person.login, origin.address)
    with _noting(runtime, person, origin):
        tries.count()
    with runtime.platform_session(reason="proof of identity", reading=True) as session:
        known = credential_of_login(session, person.login)
    if passwords.verifies(password, known.password_hash if known else None):
        tries.forgive()
        return
    with runtime.platform_session(reason="proof of identity") as session:
        act_as(session, person.actor(), origin.address)
        operations.note_proof(
            session, person.account_id, person.sign_in.id, "password", "wrong_password"
        )
    raise Invalid(
        "wrong_password",
        N_("密码不正确："),
        problems=[Problem(field, "wrong_password", N_("当前密码不正确"))],
    )


def _noting(runtime: Runtime, person: Person, origin: Origin) -> AbstractContextManager[None]:
    return noting_limits(runtime, login=person.login, address=origin.address, by=person.actor())


def change_password(
    runtime: Runtime, person: Person, *, current: str, new: str, origin: Origin
) -> str:
    """Change one's own password: all other sign-ins end, and this one gets a new token.

    Raises Invalid when the current one is wrong or the new one is refused, LimitReached after too
    many tries.
    """
    _check_password(runtime, person, current, field="current", origin=origin)
    if new == current:
        raise same_password("new")
    password = passwords.hashed(new, settings=runtime.settings, login=person.login)
    with runtime.platform_session(reason="password change") as session:
        act_as(session, person.actor(), origin.address)
        return _replace_password(session, person, password)


def _replace_password(
    session: WalledSession, person: Person, password: passwords.HashedPassword
) -> str:
    account = session.get_one(Account, person.account_id)
    by = person.actor()
    operations.set_password(session, account, password=password, by=by, keeping=person.sign_in.id)
    token = tokens.new_token()
    sign_in = session.get_one(SignIn, person.sign_in.id)
    # Whoever copied the old token is out at once: it gets no time of grace.
    sign_in.token_digest, sign_in.previous_digest, sign_in.token_at = (
        tokens.digest(token),
        None,
        now(),
    )
    return token


def begin_set_up(runtime: Runtime, person: Person, *, origin: Origin) -> None:
    """Begin to set up an authenticator app, or another one in place of it."""
    with runtime.platform_session(reason="own second factor") as session:
        act_as(session, person.actor(), origin.address)
        second_factors.begin_set_up(session, person.account_id, settings=runtime.settings)


def finish_set_up(runtime: Runtime, person: Person, code: str, *, origin: Origin) -> list[str]:
    """Take the app into use: the new recovery codes. The person's other sign-ins end."""
    tries = CodeTries(runtime, person.account_id, person.sign_in.id)
    tries.count()
    with runtime.platform_session(reason="own second factor") as session:
        by = person.actor()
        act_as(session, by, origin.address)
        codes = second_factors.confirm(
            session, person.account_id, code, settings=runtime.settings, by=by
        )
        session.get_one(SignIn, person.sign_in.id).method = "totp"
        operations.end_sign_ins(
            session, person.account_id, reason="second_factor_changed", keeping=person.sign_in.id
        )
    tries.forgive()
    return codes


def renew_recovery_codes(runtime: Runtime, person: Person, *, origin: Origin) -> list[str]:
    """New recovery codes in place of the old ones."""
    with runtime.platform_session(reason="own second factor") as session:
        by = person.actor()
        act_as(session, by, origin.address)
        return second_factors.renew_recovery_codes(session, person.account_id, by=by)


def remove_second_factor(runtime: Runtime, person: Person, *, origin: Origin) -> None:
    """Sign in by password alone from now on; the person's other sign-ins end."""
    with runtime.platform_session(reason="own second factor") as session:
        by = person.actor()
        act_as(session, by, origin.address)
        second_factors.remove(
            session, person.account_id, reason="", by=by, keeping=person.sign_in.id
        )
