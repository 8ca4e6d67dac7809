"""At the origin: who shall carry an item, and how they hear of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.ids import new_id
from hosting.runtime.jobs import BULK, PERSON
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.content.queries import content_of, edition, item
from tenants.reposts.events import RepostSent
from tenants.reposts.models import RepostTaker, SentRepost
from tenants.reposts.origins import line_of_content
from tenants.reposts.queries import copies_among, others_among, receivers_of, takers_of
from tenants.review.models import BY_REVIEW, URGENT, RepostAcceptance
from tenants.review.queries import line_of, live_issue
from tenants.review.rules import check_role

SPREAD = "spread_repost"
"""The job that tells the tenants which carry an item that it changed."""


def send(session: WalledSession, item_id: int, *, to: Collection[int], by: Actor) -> list[int]:
    """Have other tenants carry a public item; ids of those that were not asked before.

    Whoever issues it here may. With an acceptance it is public there, else it is a draft. What is
    itself carried from elsewhere is sent by those who signed it. Records RepostSent.
    """
    sent = item(session, item_id)
    if sent.live_edition_id is None:
        raise Conflict("not_public", N_("这篇稿件当前没有公开，公开后才能送转"))
    check_role(by, "issuer", line_of(session, edition(session, sent.live_edition_id), by))
    if copies_among(session, [item_id]):
        raise Conflict("is_repost", N_("这篇稿件转载自其他单位，请由来源单位送转"))
    receivers = others_among(session, to)
    if not receivers:
        raise Invalid("no_receivers", N_("请选择至少一个转载单位"))
    added = add_receivers(session, item_id, receivers, by=by)
    session.record(RepostSent(session.tenant_id, item_id, added), by=by)
    enqueue_spread(session, item_id)
    return added


def add_receivers(
    session: WalledSession, item_id: int, receivers: Collection[int], *, by: Actor | None = None
) -> list[int]:
    """Note who shall carry an item; ids of those that are new. `by` None: they have accepted it."""
    known = set(
        session.scalars(select(SentRepost.receiver_tenant_id).where(SentRepost.item_id == item_id))
    )
    new = sorted(set(receivers) - known)
    sent_by, name = (None, "") if by is None else (by.account_id, by.name)
    rows = [
        {
            "id": new_id(),
            "item_id": item_id,
            "receiver_tenant_id": each,
            "sent_by": sent_by,
            "sent_name": name,
        }
        for each in new
    ]
    insert_many(session, SentRepost, rows)
    return new


def enqueue_spread(session: WalledSession, item_id: int, *, lane: str = BULK) -> None:
    """Promise to tell those who carry an item: what comes down at once, the rest in fair turns."""
    session.enqueue(SPREAD, key=str(item_id), lane=lane, item_id=item_id)


def note_taker(session: WalledSession, known: RepostAcceptance, *, receiver_id: int) -> None:
    """Keep at the origin whether another tenant's acceptance is in force."""
    row = session.scalars(
        select(RepostTaker).where(
            RepostTaker.receiver_tenant_id == receiver_id, RepostTaker.acceptance_id == known.id
        )
    ).first()
    is_in_force = known.state == "issued"
    if row is None and is_in_force:
        session.add(
            RepostTaker(
                receiver_tenant_id=receiver_id,
                acceptance_id=known.id,
                column_id=known.origin_column_id,
            )
        )
    elif row is not None and not is_in_force:
        session.delete(row)


@dataclass(frozen=True)
class Spread:
    """Who is to look at an item, and how urgently."""

    receivers: list[int]
    lane: str


def note_receivers(session: WalledSession, item_id: int) -> Spread:
    """Who carries an item, those among them who have accepted what is published where it stands.

    What comes down people wait for; the rest takes its fair turn.
    """
    shown = item(session, item_id)
    issue = live_issue(session, shown)
    if issue is not None and issue.ground in (BY_REVIEW, URGENT):
        takers = takers_of(session, line_of_content(session, content_of(session, issue.edition_id)))
        if takers and not copies_among(session, [item_id]):
            add_receivers(session, item_id, takers)
            session.flush()
    return Spread(receivers_of(session, item_id), PERSON if issue is None else BULK)
