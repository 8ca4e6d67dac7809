"""What is done when somebody has tried too often to sign in: it is noted, once a window.

A row for each try would let whoever tries fill the trail and the log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from hosting.runtime.clock import now
from hosting.runtime.errors import LimitReached
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit import act_as
from hosting.security.events import SignInLimited
from hosting.security.limits import Limit, subscriber
from hosting.security.operations import told_login
from hosting.security.queries import addresses_of_account, credential_of_login

log = logging.getLogger(__name__)

_FAMILIAR = timedelta(days=90)


@contextmanager
def noting_limits(
    runtime: Runtime, *, login: str, address: str, by: Actor = PLATFORM_ACTOR
) -> Iterator[None]:
    """Note the limit that a try within the block runs into, and let it be raised."""
    try:
        yield
    except LimitReached as refusal:
        # The note is made by whoever counts first; the others only let the refusal pass.
        with suppress(LimitReached):
            _once(refusal).count(runtime.cache, str(refusal.facts["counted_as"]))
            _note(runtime, refusal, login=login, address=address, by=by)
        raise


def is_familiar(runtime: Runtime, login: str, address: str) -> bool:
    """Whether the name's owner has signed in from this address within three months."""
    with runtime.platform_session(reason="limits of sign-in", reading=True) as session:
        known = credential_of_login(session, login)
        if known is None:
            return False
        since = now() - _FAMILIAR
        addresses = addresses_of_account(session, known.account_id, since=since)
    return subscriber(address) in {subscriber(each) for each in addresses}


def _once(refusal: LimitReached) -> Limit:
    """Once in the window that runs, and again in the next."""
    return Limit("limit_notes", times=1, seconds=refusal.retry_after_seconds)


def _note(runtime: Runtime, refusal: LimitReached, *, login: str, address: str, by: Actor) -> None:
    limit = str(refusal.facts["limit"])
    with runtime.platform_session(reason="limits of sign-in") as session:
        known = credential_of_login(session, login)
        act_as(session, by, address)
        account_id = known.account_id if known else None
        session.record(SignInLimited(PLATFORM_ID, account_id, told_login(login), limit))
    log.warning("the limit %s was reached from %s", limit, address)
