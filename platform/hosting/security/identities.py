"""Which account somebody known to the city's identity provider is here.

All of it needs a platform session.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.security import events
from hosting.security.actor import Actor
from hosting.security.models import Account, Identity


def account_of_identity(session: WalledSession, issuer: str, subject: str) -> Account | None:
    """The account that this identity was linked to, or None."""
    return session.scalars(
        select(Account)
        .join(Identity, Identity.account_id == Account.id)
        .where(Identity.issuer == issuer, Identity.subject == subject)
    ).one_or_none()


def account_of_claim(
    session: WalledSession, claim: str, claims: Mapping[str, Any]
) -> Account | None:
    """The account whose login the provider names in a claim, or None; `claim` "" names nobody."""
    login = claims.get(claim) if claim else None
    if not isinstance(login, str):
        return None
    return session.scalars(select(Account).where(Account.login == login.lower())).one_or_none()


def identity_of(session: WalledSession, account_id: int, issuer: str) -> Identity | None:
    """Who an account is at a provider, or None."""
    return session.scalars(
        select(Identity).where(Identity.account_id == account_id, Identity.issuer == issuer)
    ).one_or_none()


def link(session: WalledSession, account_id: int, issuer: str, subject: str, *, by: Actor) -> None:
    """Let an account be entered by this identity, in place of another of the same provider.

    Records identity_linked; does nothing when it is linked already. Raises Conflict when the
    identity is another account's.
    """
    known = account_of_identity(session, issuer, subject)
    if known is not None and known.id != account_id:
        raise Conflict("identity_taken", N_("该统一身份已绑定本平台的另一个账号"))
    if known is not None:
        return
    if old := identity_of(session, account_id, issuer):
        session.delete(old)
        session.flush()
    session.add(Identity(account_id=account_id, issuer=issuer, subject=subject))
    session.record(events.IdentityLinked(PLATFORM_ID, account_id, issuer, subject), by=by)


def unlink(session: WalledSession, account_id: int, issuer: str, *, by: Actor) -> None:
    """Let an account no longer be entered by this provider. Records identity_unlinked."""
    if (found := identity_of(session, account_id, issuer)) is None:
        return
    session.delete(found)
    session.record(events.IdentityUnlinked(PLATFORM_ID, account_id, issuer), by=by)
