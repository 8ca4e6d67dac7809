"""Entering, linking and proving by the city's identity provider, at the console's edge."""

from __future__ import annotations

from hosting.runtime.clock import now
from hosting.runtime.errors import Forbidden, Invalid
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security import identities, operations, tokens
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit import act_as
from hosting.security.models import SignIn
from hosting.security.openid import Known
from hosting.security.operations import Origin
from hosting.security.people import renew_token
from hosting.security.queries import Person
from hosting.security.sign_in import Entered, end_replaced, enter


def enter_by_identity(runtime: Runtime, known: Known, *, origin: Origin, replaced: str) -> Entered:
    """Open a sign-in for whom the provider has recognised; that of the `replaced` token ends.

    Raises Invalid when nobody here is linked to them, or the account is shut out.
    """
    settings = runtime.settings
    with runtime.platform_session(reason="sign-in by identity") as session:
        account = identities.account_of_identity(session, known.issuer, known.subject)
        is_linked = account is not None
        if account is None:
            account = identities.account_of_claim(
                session, settings.openid_login_claim, known.claims
            )
        by = Actor(account.id, account.name) if account else PLATFORM_ACTOR
        act_as(session, by, origin.address)
        if account is None or not account.is_active:
            result = "disabled" if account else "unknown_identity"
            account_id = account.id if account else None
            operations.refuse_sign_in(session, login="", account_id=account_id, result=result)
            entered = None
        else:
            if not is_linked:
                identities.link(session, account.id, known.issuer, known.subject, by=by)
            entered = enter(session, account, known.method, origin, settings)
            end_replaced(session, replaced)
    if entered is None:
        raise Invalid(
            "identity_not_linked",
            N_(
                "您的统一身份没有绑定本平台的账号。请先用密码登录，在“我的账号”中绑定；"
                "没有账号的，请联系平台安全管理员"
            ),
        )
    return entered


def link_identity(runtime: Runtime, person: Person, known: Known, *, origin: Origin) -> None:
    """Let one's own account be entered by the provider; Conflict when it is another's."""
    with runtime.platform_session(reason="identity") as session:
        act_as(session, person.actor(), origin.address)
        identities.link(session, person.account_id, known.issuer, known.subject, by=person.actor())


def unlink_identity(runtime: Runtime, person: Person, *, origin: Origin) -> None:
    """Let one's own account no longer be entered by the provider."""
    with runtime.platform_session(reason="identity") as session:
        act_as(session, person.actor(), origin.address)
        issuer = runtime.settings.openid_issuer
        identities.unlink(session, person.account_id, issuer, by=person.actor())


def is_linked(runtime: Runtime, person: Person) -> bool:
    """Whether the person's account can be entered by the provider."""
    issuer = runtime.settings.openid_issuer
    if not issuer:
        return False
    with runtime.platform_session(reason="own identity", reading=True) as session:
        return identities.identity_of(session, person.account_id, issuer) is not None


def prove_by_identity(runtime: Runtime, person: Person, known: Known, *, origin: Origin) -> str:
    """Take the provider's word for a proof of identity; the sign-in's new token.

    Raises Forbidden when it recognised somebody else.
    """
    token = tokens.new_token()
    with runtime.platform_session(reason="proof of identity") as session:
        act_as(session, person.actor(), origin.address)
        account = identities.account_of_identity(session, known.issuer, known.subject)
        is_same = account is not None and account.id == person.account_id
        if is_same:
            sign_in = session.get_one(SignIn, person.sign_in.id)
            sign_in.proved_at = now()
            renew_token(sign_in, token)
        operations.note_proof(
            session,
            person.account_id,
            person.sign_in.id,
            known.method,
            "" if is_same else "wrong_identity",
        )
    if not is_same:
        raise Forbidden("wrong_identity", N_("统一身份与当前登录的账号不是同一人"))
    return token
