"""The people of a proving ground's tenant: one for each role, and one confined to a column."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from hosting.directory.queries import tenant_by_code
from hosting.runtime.canaries import Canaries
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.models import Account
from hosting.security.operations import (
    Origin,
    RoleFacts,
    begin_sign_in,
    create_account,
    grant_role,
)
from hosting.security.passwords import HashedPassword
from hosting.security.queries import actor_of_login
from hosting.security.roles import TENANT_ROLES
from hosting.security.tokens import new_token
from provisioning.onboarding.queries import main_site_of
from tenants.sites.queries import column_at

FILE = "canary-accounts.txt"
CONFINED = "confined"
"""A contributor of one column alone."""

_HOLDS_DAYS = 30


def login_of(canaries: Canaries, who: str) -> str:
    """The sign-in name of the person with a role (or `CONFINED`)."""
    return canaries.slug("login", who)


def hire(runtime: Runtime, canaries: Canaries, password: HashedPassword) -> None:
    """Give everybody an account, a role for a reason, and a sign-in that nobody can use."""
    with runtime.platform_session(reason="canaries") as session:
        tenant_id = tenant_by_code(session, canaries.code).id
        for role in TENANT_ROLES:
            account = _account(session, canaries, role, password)
            _grant(session, canaries, account, RoleFacts(role, tenant_id))
            _sign_in(session, canaries, account, runtime.settings.console_host)
        top = column_at(
            session, main_site_of(session, tenant_id).id, f"/{canaries.slug('slug', 1)}/"
        )
        account = _account(session, canaries, CONFINED, password)
        ends_at = now() + timedelta(days=_HOLDS_DAYS)
        _grant(
            session, canaries, account, RoleFacts("contributor", tenant_id, top.id, ends_at=ends_at)
        )


def people_of(session: WalledSession, canaries: Canaries) -> dict[str, Actor]:
    """Who works there, by role, as they act; for platform sessions."""
    tenant_id = tenant_by_code(session, canaries.code).id
    return {
        role: actor_of_login(session, login_of(canaries, role), tenant_id) for role in TENANT_ROLES
    }


def note_accounts(home: Path, password: str, nests: Iterable[Canaries]) -> Path:
    """Write down how to sign in, for the owner of HOME alone, behind what stands there."""
    path = home / FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        for canaries in nests:
            file.writelines(
                f"{login_of(canaries, who)}  {password}  {canaries.code}  {who}\n"
                for who in (*TENANT_ROLES, CONFINED)
            )
    return path


def _account(
    session: WalledSession, canaries: Canaries, who: str, password: HashedPassword
) -> Account:
    return create_account(
        session,
        login=login_of(canaries, who),
        name=canaries.word("person", who),
        password=password,
        by=PLATFORM_ACTOR,
    )


def _grant(session: WalledSession, canaries: Canaries, account: Account, facts: RoleFacts) -> None:
    reason = canaries.word("rolereason", account.login)
    reasoned = RoleFacts(facts.role, facts.tenant_id, facts.column_id, facts.ends_at, reason)
    grant_role(session, account, facts=reasoned, by=PLATFORM_ACTOR)


def _sign_in(
    session: WalledSession, canaries: Canaries, account: Account, console_host: str
) -> None:
    origin = Origin(console_host, user_agent=canaries.word("useragent", account.login))
    begin_sign_in(session, account, token=new_token(), origin=origin)
