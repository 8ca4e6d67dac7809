"""Promising that what a signed edition says of its times will be done then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hosting.runtime.clock import now
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition

WHEN_DUE = "when_due"
"""The job that does all that is due at a tenant, in the order of its times."""

_AT_ONCE = "now"


def promise_to_issue(session: WalledSession, signed: Edition) -> None:
    """Have a fully signed edition issued when its time comes."""
    if signed.publish_at is not None:
        _look_at(session, [signed.publish_at])


def promise_the_end(session: WalledSession, issued: Iterable[Edition]) -> None:
    """Have public editions withdrawn and marked as no longer in force when they say."""
    ends = ((each.withdraw_at, each.ends_at) for each in issued)
    _look_at(session, (at for both in ends for at in both if at is not None))


def _look_at(session: WalledSession, instants: Iterable[datetime]) -> None:
    """One job for each instant, however much is due then; one for all that are past."""
    for at in sorted(set(instants)):
        key = _AT_ONCE if at <= now() else at.isoformat()
        session.enqueue(WHEN_DUE, key=key, run_at=at)
