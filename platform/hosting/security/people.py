"""Who is behind a request, with the roles that count in it."""

from __future__ import annotations

from hosting.runtime.clock import now
from hosting.runtime.session import WalledSession
from hosting.runtime.settings import Settings
from hosting.security import tokens
from hosting.security.models import SignIn
from hosting.security.queries import (
    Person,
    memberships_of,
    open_sign_in,
    rights_changed_at,
    tenants_of,
)
from hosting.security.steps import counting


def person_of_token(
    session: WalledSession, token: str, *, console_host: str, address: str, settings: Settings
) -> Person | None:
    """Who holds the token of a complete sign-in at this console host; three queries."""
    found = open_sign_in(session, token, console_host=console_host, settings=settings)
    if found is None or found.sign_in.awaits:
        return None
    account, sign_in = found.account, found.sign_in
    every = memberships_of(session, account.id)
    at = now()
    running = [each for each in every if each.is_running(at)]
    held, withheld = counting(running, method=sign_in.method, address=address, settings=settings)
    changed_at = rights_changed_at(every)
    return Person(
        account.id,
        account.name,
        account.login,
        sign_in,
        held,
        tenants_of(session, held),
        withheld,
        tenants_of(session, withheld),
        wants_new_token=changed_at is not None
        and changed_at > sign_in.token_at
        and sign_in.token_digest == tokens.digest(token),
    )


def renew_token(sign_in: SignIn, token: str) -> None:
    """Give an open sign-in a new token; the one before holds a moment longer."""
    sign_in.previous_digest = sign_in.token_digest
    sign_in.token_digest = tokens.digest(token)
    sign_in.token_at = now()
