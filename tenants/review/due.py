"""What is due of itself: read from what was signed, so that no lost job loses it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from hosting.runtime.clock import now, today
from hosting.runtime.session import WalledSession
from tenants.content.models import PUBLISHED, SCHEDULED, Edition
from tenants.content.queries import WITHOUT_TEXT
from tenants.review.models import Expiry

ISSUE, WITHDRAW, EXPIRE = "issue", "withdraw", "expire"
ACTS = (ISSUE, WITHDRAW, EXPIRE)
"""What is done at a time; of one instant in this order, so that a next edition leaves no gap."""


@dataclass(frozen=True)
class Due:
    """One thing that an edition says shall be done at a time that has come."""

    at: datetime
    act: str
    edition_id: int

    @property
    def turn(self) -> tuple[datetime, int, int]:
        """By what it is sorted; ids grow with time."""
        return (self.at, ACTS.index(self.act), self.edition_id)


def due(session: WalledSession) -> list[Due]:
    """All that is due at a tenant, in the order of its times; of any number, since none is skipped.

    What ends an edition that has yet to be issued stands behind its issue.
    """
    found: list[Due] = []
    for act, statement in _statements():
        editions = session.scalars(statement.options(*WITHOUT_TEXT))
        found += [Due(time_of(act, each), act, each.id) for each in editions]
    return sorted(found, key=lambda each: each.turn)


def tenants_with_due(session: WalledSession) -> list[int]:
    """The tenants at which something is due; for a platform session."""
    found: set[int] = set()
    for _, statement in _statements():
        found |= set(session.scalars(statement.with_only_columns(Edition.tenant_id).distinct()))
    return sorted(found)


def is_expired() -> Any:
    """The condition that an edition's validity has ended, in a statement over editions."""
    return exists().where(Expiry.tenant_id == Edition.tenant_id, Expiry.edition_id == Edition.id)


def expired_among(session: WalledSession, editions: Iterable[Edition]) -> set[int]:
    """Those of the editions whose validity has ended; no query where none names an end."""
    ids: Sequence[int] = [each.id for each in editions if each.valid_until is not None]
    if not ids:
        return set()
    return set(session.scalars(select(Expiry.edition_id).where(Expiry.edition_id.in_(ids))))


def _statements() -> list[tuple[str, Select[Edition]]]:
    """For each act the editions of which it is due."""
    goes_out = and_(Edition.state == SCHEDULED, Edition.publish_at <= now())
    is_out = or_(Edition.state == PUBLISHED, goes_out)
    return [
        (ISSUE, select(Edition).where(goes_out)),
        (WITHDRAW, select(Edition).where(is_out, Edition.withdraw_at <= now())),
        (EXPIRE, select(Edition).where(is_out, Edition.valid_until < today(), ~is_expired())),
    ]


def time_of(act: str, edition: Edition) -> datetime:
    """When an edition that names a time for it says that it shall be done."""
    times = {ISSUE: edition.publish_at, WITHDRAW: edition.withdraw_at, EXPIRE: edition.ends_at}
    at = times[act]
    assert at is not None
    return at
