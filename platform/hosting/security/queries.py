"""Reads of accounts, memberships and sign-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

from sqlalchemy import or_, select

from hosting.directory.models import Tenant
from hosting.runtime.clock import now
from hosting.runtime.errors import Forbidden, NotFound
from hosting.runtime.language import N_
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import tokens
from hosting.security.actor import Actor
from hosting.security.models import Account, Credential, Membership, SignIn

_MOST_ADDRESSES = 200
WAITING_SECONDS = 600
"""How long a sign-in may wait for its next step."""
TOKEN_GRACE = timedelta(seconds=30)
"""How long the token before a renewed one still opens: for requests that were on their way."""


@dataclass(frozen=True)
class KnownCredential:
    """What a password is checked against."""

    account_id: int
    password_hash: str


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, and what they may do where at this moment."""

    account_id: int
    name: str
    login: str
    sign_in: SignIn
    memberships: tuple[Membership, ...]
    tenants: tuple[Tenant, ...] = field(default=())
    # Roles that don't count in this sign-in or from this address.
    withheld: tuple[Membership, ...] = field(default=())
    withheld_tenants: tuple[Tenant, ...] = field(default=())
    # Their rights have changed since the token was given out.
    wants_new_token: bool = False
    # Flask-Login's words for somebody who is signed in.
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """The account, as Flask-Login asks it."""
        return str(self.account_id)

    def tenant(self, code: str) -> Tenant | None:
        """The tenant of this code when the person works in it; None as well when there is none."""
        return next((tenant for tenant in self.tenants if tenant.code == code), None)

    @cached_property
    def is_city_staff(self) -> bool:
        """Whether the person holds a role on the platform."""
        return any(membership.is_platform for membership in self.memberships)

    def actor(self, tenant_id: int = PLATFORM_ID) -> Actor:
        """The person as they act in a tenant, or on the platform."""
        here = [each for each in self.memberships if each.for_tenant_id == tenant_id]
        roles = frozenset(membership.role for membership in here)
        return Actor(self.account_id, self.name, roles, _confinements(here))


def _confinements(memberships: list[Membership]) -> dict[str, frozenset[int]]:
    """The columns to which each role is confined; a role held once in the whole is not."""
    columns: dict[str, set[int]] = {}
    for membership in memberships:
        if membership.column_id is not None:
            columns.setdefault(membership.role, set()).add(membership.column_id)
    whole = {membership.role for membership in memberships if membership.column_id is None}
    return {role: frozenset(ids) for role, ids in columns.items() if role not in whole}


@dataclass(frozen=True)
class OpenSignIn:
    """An open sign-in, complete or not, and whose it is."""

    sign_in: SignIn
    account: Account


def open_sign_in(
    session: WalledSession, token: str, *, console_host: str, settings: Settings
) -> OpenSignIn | None:
    """The open sign-in whose token this is at this console host, or None."""
    digest = tokens.digest(token)
    found = session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            or_(SignIn.token_digest == digest, SignIn.previous_digest == digest),
            SignIn.console_host == console_host,
        )
    ).first()
    if found is None:
        return None
    sign_in, account = found
    if not account.is_active or lapse_of(sign_in, settings) or _is_stale(sign_in, digest):
        return None
    return OpenSignIn(sign_in, account)


def _is_stale(sign_in: SignIn, digest: str) -> bool:
    """Whether it is the token before this one, shown by more than a request on its way."""
    is_late = now() - sign_in.token_at > TOKEN_GRACE
    return sign_in.token_digest != digest and is_late


def sign_in_of_token(session: WalledSession, token: str) -> SignIn | None:
    """The sign-in that a token opens, also one that has ended."""
    return session.scalars(
        select(SignIn).where(SignIn.token_digest == tokens.digest(token))
    ).one_or_none()


def lapse_of(sign_in: SignIn, settings: Settings) -> str:
    """Why a sign-in no longer holds now, or ""."""
    absolute_seconds = settings.session_absolute_seconds
    return sign_in.lapse(
        now(),
        idle_seconds=settings.session_idle_seconds,
        absolute_seconds=min(absolute_seconds, WAITING_SECONDS)
        if sign_in.awaits
        else absolute_seconds,
    )


def tenants_of(session: WalledSession, memberships: Sequence[Membership]) -> tuple[Tenant, ...]:
    """The tenants of memberships, less those that are closed, in the order of their names."""
    ids = {membership.for_tenant_id for membership in memberships} - {PLATFORM_ID}
    if not ids:
        return ()
    rows = session.scalars(
        select(Tenant).where(Tenant.id.in_(ids), Tenant.state != "closed").order_by(Tenant.name)
    )
    return tuple(rows)


def running_memberships(session: WalledSession, account_id: int) -> list[Membership]:
    """The roles that an account holds now, anywhere, in the order they were granted."""
    at = now()
    return [each for each in memberships_of(session, account_id) if each.is_running(at)]


def memberships_of(session: WalledSession, account_id: int) -> Sequence[Membership]:
    """The roles that an account holds or held, in the order they were granted."""
    query = select(Membership).where(Membership.account_id == account_id)
    return session.scalars(query.order_by(Membership.id)).all()


def rights_changed_at(memberships: Iterable[Membership]) -> datetime | None:
    """When somebody's rights last changed, of all roles that they hold or held; None: never."""
    at = now()
    instants = [each.granted_at for each in memberships]
    instants += [each.ends_at for each in memberships if each.ends_at and each.ends_at <= at]
    return max(instants, default=None)


def credential_of_login(session: WalledSession, login: str) -> KnownCredential | None:
    """The credential behind a sign-in name; needs a platform session."""
    row = session.execute(
        select(Account.id, Credential.password_hash)
        .join(Credential, Credential.account_id == Account.id)
        .where(Account.login == login)
    ).first()
    return None if row is None else KnownCredential(row.id, row.password_hash)


def addresses_of_account(
    session: WalledSession, account_id: int, *, since: datetime
) -> Sequence[str]:
    """From where an account has signed in of late, at most 200; needs a platform session."""
    query = select(SignIn.address).where(
        SignIn.account_id == account_id, SignIn.created_at > since, SignIn.awaits.is_(None)
    )
    return session.scalars(query.distinct().limit(_MOST_ADDRESSES)).all()


def credential_of_account(session: WalledSession, account_id: int) -> Credential | None:
    """The credential of an account; needs a platform session."""
    return session.scalars(
        select(Credential).where(Credential.account_id == account_id)
    ).one_or_none()


def account_by_login(session: WalledSession, login: str) -> Account:
    """The account with this sign-in name; NotFound where there is none."""
    account = session.scalars(select(Account).where(Account.login == login)).first()
    if account is None:
        raise NotFound("no_such_account", N_("没有登录名为“{login}”的账号"), login=login)
    return account


def open_sign_ins(session: WalledSession, account_id: int, *, settings: Settings) -> list[SignIn]:
    """The complete sign-ins of an account that still hold, the latest used first."""
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.awaits.is_(None))
        .order_by(SignIn.seen_at.desc())
    )
    return [sign_in for sign_in in rows if not lapse_of(sign_in, settings)]


def accounts(session: WalledSession, *, tenant_id: int | None = None) -> list[Account]:
    """All accounts by their sign-in names, or those with a role in a tenant (0: the platform)."""
    query = select(Account).order_by(Account.login)
    if tenant_id is not None:
        members = select(Membership.account_id).where(Membership.for_tenant_id == tenant_id)
        query = query.where(Account.id.in_(members))
    return list(session.scalars(query))


def roles_of_account(session: WalledSession, account_id: int) -> list[dict[str, str]]:
    """The running roles of an account as plain facts; `tenant` is "" for the platform."""
    held = running_memberships(session, account_id)
    ids = {membership.for_tenant_id for membership in held}
    rows = session.execute(select(Tenant.id, Tenant.code).where(Tenant.id.in_(ids)))
    codes = {row.id: row.code for row in rows}
    return [{"tenant": codes.get(each.for_tenant_id, ""), "role": each.role} for each in held]


def actor_of_login(session: WalledSession, login: str, tenant_id: int = PLATFORM_ID) -> Actor:
    """Somebody as they act in a tenant (or on the platform), for commands that name them.

    Raises NotFound for an unknown or disabled login, Forbidden without any role there.
    """
    account = account_by_login(session, login)
    here = [
        each for each in running_memberships(session, account.id) if each.for_tenant_id == tenant_id
    ]
    if not account.is_active or not here:
        raise Forbidden("role_missing", N_("账号“{login}”在这里没有职责"), login=login)
    roles = frozenset(each.role for each in here)
    return Actor(account.id, account.name, roles, _confinements(here))
