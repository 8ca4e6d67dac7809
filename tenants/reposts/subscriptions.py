"""What follows of an event at the origin, and of one at a receiver."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from hosting.runtime.jobs import PERSON
from hosting.runtime.session import WalledSession
from tenants.content.events import DraftDeleted
from tenants.reposts.jobs import REPORT, TELL_ORIGIN
from tenants.reposts.models import RepostTaker, SentRepost
from tenants.reposts.operations.ending import mark_declined
from tenants.reposts.operations.sending import enqueue_spread
from tenants.reposts.queries import copies_among
from tenants.review.events import (
    ItemsIssued,
    ItemWithdrawn,
    RepostAcceptanceEnded,
    RepostAcceptanceIssued,
)
from tenants.review.models import BY_REVIEW, URGENT


def on_items_issued(session: WalledSession, event: ItemsIssued) -> None:
    """At the origin those who carry them are told; at a receiver the origin is."""
    ids = [int(str(issue[0])) for issue in event.issues]
    is_new_here = event.ground in (BY_REVIEW, URGENT)
    has_takers = is_new_here and session.scalar(select(RepostTaker.id).limit(1)) is not None
    for each in ids if has_takers else _sent_among(session, ids):
        enqueue_spread(session, each)
    if is_new_here:
        _report(session, ids)


def on_item_withdrawn(session: WalledSession, event: ItemWithdrawn) -> None:
    """At the origin the copies come down, too; at a receiver the origin is told."""
    for each in _sent_among(session, [event.item_id]):
        enqueue_spread(session, each, lane=PERSON)
    _report(session, [event.item_id])


def decline_withdrawn(session: WalledSession, event: ItemWithdrawn) -> None:
    """What people take down here is not carried again."""
    mark_declined(session, event.item_id)


def decline_deleted(session: WalledSession, event: DraftDeleted) -> None:
    """The same where they give up a draft that never was public."""
    mark_declined(session, event.item_id, is_deleted=True)


def on_acceptance(
    session: WalledSession, event: RepostAcceptanceIssued | RepostAcceptanceEnded
) -> None:
    """The origin notes who carries what it publishes."""
    session.enqueue(TELL_ORIGIN, key=str(event.acceptance_id), acceptance_id=event.acceptance_id)


def _sent_among(session: WalledSession, item_ids: Iterable[int]) -> Iterable[int]:
    return session.scalars(
        select(SentRepost.item_id).where(SentRepost.item_id.in_(list(item_ids))).distinct()
    ).all()


def _report(session: WalledSession, item_ids: list[int]) -> None:
    for copy in copies_among(session, item_ids).values():
        session.enqueue(
            REPORT,
            key=f"{copy.origin_tenant_id}:{copy.origin_item_id}",
            origin_tenant_id=copy.origin_tenant_id,
            origin_item_id=copy.origin_item_id,
        )
