"""Reads of signatures, issues and lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from hosting.runtime.clock import local, now
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import IN_REVIEW, Edition, Item
from tenants.content.queries import edition as edition_of_id
from tenants.content.rules import WHOLE_SITE
from tenants.review.models import (
    ISSUED,
    URGENT,
    Issue,
    RepostAcceptance,
    SecrecyReview,
    Signature,
    Submission,
    Withdrawal,
)
from tenants.review.rules import Dossier
from tenants.sites.queries import lineages


# Lists show titles; bodies would be most of what is read.
def line_of(session: WalledSession, shown: Edition, by: Actor) -> tuple[int, ...]:
    """The ids from the top of the tree to an edition's column; () for whoever is not confined.

    Of what stands on the whole site a line in which no column is.
    """
    if not by.columns:
        return ()
    if shown.place_id is None:
        return WHOLE_SITE
    return lineages(session).get(shown.place_id, (shown.place_id,))


def dossier(session: WalledSession, edition_id: int) -> Dossier:
    """An edition with its signatures; NotFound for a missing one and a foreign one alike."""
    found = edition_of_id(session, edition_id)
    return dossiers(session, [found])[0]


def dossiers(session: WalledSession, editions: Sequence[Edition]) -> list[Dossier]:
    """Many editions with their signatures, in the same order; two queries."""
    ids = [each.id for each in editions]
    signatures: dict[int, list[Signature]] = defaultdict(list)
    for row in session.scalars(
        select(Signature)
        .where(Signature.edition_id.in_(ids))
        .order_by(Signature.signed_at, Signature.id)
    ):
        signatures[row.edition_id].append(row)
    secrecy: dict[int, list[SecrecyReview]] = defaultdict(list)
    for review in session.scalars(
        select(SecrecyReview)
        .where(SecrecyReview.edition_id.in_(ids))
        .order_by(SecrecyReview.signed_at, SecrecyReview.id)
    ):
        secrecy[review.edition_id].append(review)
    return [Dossier(each, signatures[each.id], secrecy[each.id]) for each in editions]


def is_on_record(session: WalledSession, matter_id: int) -> bool:
    """Whether reviewers have had any edition of a matter before them."""
    rows = (
        select(model.id).where(model.item_id == matter_id).limit(1)
        for model in (Submission, SecrecyReview)
    )
    return any(session.scalar(each) is not None for each in rows)


def signatures_of_item(session: WalledSession, item_id: int) -> Sequence[Signature]:
    """All decisions on all editions of an item, oldest first."""
    return session.scalars(
        select(Signature)
        .where(Signature.item_id == item_id)
        .order_by(Signature.signed_at, Signature.id)
    ).all()


def issues_of_item(session: WalledSession, item_id: int) -> Sequence[Issue]:
    """All issues of an item, the newest first."""
    return session.scalars(
        select(Issue).where(Issue.item_id == item_id).order_by(Issue.issued_at.desc())
    ).all()


def withdrawals_of_item(session: WalledSession, item_id: int) -> Sequence[Withdrawal]:
    """All withdrawals of an item, the newest first."""
    return session.scalars(
        select(Withdrawal)
        .where(Withdrawal.item_id == item_id)
        .order_by(Withdrawal.withdrawn_at.desc())
    ).all()


def waiting(
    session: WalledSession, states: Sequence[str] = IN_REVIEW, *, limit: int = 50
) -> Sequence[tuple[Item, Edition]]:
    """Editions that wait in these states, the longest waiting first."""
    rows = session.execute(
        select(Item, Edition)
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.draft_edition_id),
        )
        .where(Edition.state.in_(states))
        .order_by(Edition.written_at, Edition.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def waiting_counts(session: WalledSession) -> dict[str, int]:
    """How many open editions stand in each state."""
    rows = session.execute(
        select(Edition.state, func.count())
        .join(Item, (Item.tenant_id == Edition.tenant_id) & (Item.draft_edition_id == Edition.id))
        .group_by(Edition.state)
    )
    return {row[0]: row[1] for row in rows}


def urgent_unreviewed(session: WalledSession) -> Sequence[tuple[Issue, Edition]]:
    """Urgent issues whose reviews are still due, the soonest due first."""
    rows = session.execute(
        select(Issue, Edition)
        .join(Edition, (Edition.tenant_id == Issue.tenant_id) & (Edition.id == Issue.edition_id))
        .where(Issue.ground == URGENT, Issue.review_due_at.is_not(None))
        .order_by(Issue.review_due_at)
    )
    return [(row[0], row[1]) for row in rows]


def digests_issued(session: WalledSession, edition_ids: Sequence[int]) -> dict[int, str]:
    """The digest under which each of these editions was issued; those never issued are left out."""
    rows = session.execute(
        select(Issue.edition_id, Issue.digest).where(Issue.edition_id.in_(edition_ids))
    )
    return {row[0]: row[1] for row in rows}


def live_issue(session: WalledSession, item: Item) -> Issue | None:
    """The issue that makes an item's live edition public, or None."""
    if item.live_edition_id is None:
        return None
    return session.scalars(select(Issue).where(Issue.edition_id == item.live_edition_id)).first()


def register_year() -> int:
    """The year, here, in which a number is given out."""
    return local(now()).year


def acceptances(session: WalledSession) -> Sequence[RepostAcceptance]:
    """All standing acceptances, those that wait or are in force first, the newest first."""
    return session.scalars(
        select(RepostAcceptance).order_by(
            RepostAcceptance.ended_at.is_not(None), RepostAcceptance.id.desc()
        )
    ).all()


def acceptance_for(
    session: WalledSession, origin_tenant_id: int, origin_columns: Collection[int]
) -> RepostAcceptance | None:
    """The acceptance under which an item is carried that stands in (or below) these columns.

    Of several the narrowest: one that names a column goes before one for all of them, and the last
    column of the line before those above it.
    """
    place = {column_id: at for at, column_id in enumerate(origin_columns)}
    rows = session.scalars(
        select(RepostAcceptance).where(
            RepostAcceptance.origin_tenant_id == origin_tenant_id, RepostAcceptance.state == ISSUED
        )
    )
    covering = {
        place.get(each.origin_column_id or 0, -1): each
        for each in rows
        if each.origin_column_id is None or each.origin_column_id in place
    }
    return covering[max(covering)] if covering else None
