"""What happens of itself at its time, on the word that was signed: out, down, or expired."""

from __future__ import annotations

from sqlalchemy import select

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.content.models import SCHEDULED, Edition, Matter
from tenants.content.queries import content_of, edition
from tenants.review.due import ISSUE, WITHDRAW, Due, expired_among
from tenants.review.events import DueRefused, ItemExpired
from tenants.review.models import FINAL, Expiry, Issue
from tenants.review.operations.issue import Ground, make_public
from tenants.review.operations.withdraw import take_down
from tenants.review.queries import dossier


def issue_scheduled(session: WalledSession, edition_id: int, *, by: Actor) -> Edition:
    """Issue a scheduled edition whose time has come; leaves alone one that is not due or not so."""
    _lock(session, edition_id)
    due = edition(session, edition_id)
    is_due = due.publish_at is not None and due.publish_at <= now()
    if due.state == SCHEDULED and is_due:
        make_public(session, [due], ground=Ground(), by=_final_signer(session, due, by))
        due.hindrance = None
    return due


def withdraw_scheduled(session: WalledSession, edition_id: int) -> Edition:
    """Withdraw a public edition at the time it names; leaves alone what is not due or not public.

    In the name of whoever issued it. Conflict where it is not what was signed.
    """
    matter = _lock(session, edition_id)
    due = edition(session, edition_id)
    is_due = due.withdraw_at is not None and due.withdraw_at <= now()
    if is_due and matter.live_edition_id == edition_id:
        issuer = _issuer_of_signed(session, due)
        due.hindrance = None
        take_down(session, matter, due, due_at=due.withdraw_at, by=issuer)
    return due


def expire_scheduled(session: WalledSession, edition_id: int) -> Edition:
    """Mark a public edition whose last day is over; leaves alone what is not so, or marked already.

    The page stays, and shows it as no longer in force. In the name of whoever issued it; Conflict
    where it is not what was signed. Records ItemExpired.
    """
    matter = _lock(session, edition_id)
    due = edition(session, edition_id)
    is_due = due.ends_at is not None and due.ends_at <= now()
    if is_due and matter.live_edition_id == edition_id and not expired_among(session, [due]):
        _expire(session, due, by=_issuer_of_signed(session, due))
        due.hindrance = None
    return due


def _expire(session: WalledSession, ended: Edition, *, by: Actor) -> None:
    assert ended.valid_until is not None
    session.add(
        Expiry(
            item_id=ended.item_id,
            edition_id=ended.id,
            valid_until=ended.valid_until,
            signed_by=by.account_id,
            signed_name=by.name,
        )
    )
    last_day = ended.valid_until.isoformat()
    session.record(ItemExpired(session.tenant_id, ended.item_id, ended.id, last_day), by=by)


def carry_out(session: WalledSession, due: Due) -> None:
    """Do what is due, unless it was done meanwhile or is not so any more; raises what it raises."""
    if due.act == ISSUE:
        issue_scheduled(session, due.edition_id, by=PLATFORM_ACTOR)
    elif due.act == WITHDRAW:
        withdraw_scheduled(session, due.edition_id)
    else:
        expire_scheduled(session, due.edition_id)


def note_hindrance(session: WalledSession, due: Due, *, why: str) -> None:
    """Keep why something could not be done at its time. Records DueRefused, once for each cause."""
    _lock(session, due.edition_id)
    hindered = edition(session, due.edition_id)
    if hindered.hindrance == why:
        return
    hindered.hindrance = why
    session.record(
        DueRefused(
            session.tenant_id, hindered.item_id, hindered.id, due.act, due.at.isoformat(), why
        ),
        by=PLATFORM_ACTOR,
    )


def _lock(session: WalledSession, edition_id: int) -> Matter:
    """The matter of an edition, held until the transaction ends.

    Two workers that do what is due come to the same matter in the same order, so the second waits
    here and then finds it done.
    """
    wanted = select(Edition.item_id).where(Edition.id == edition_id).scalar_subquery()
    return session.scalars(select(Matter).where(Matter.id == wanted).with_for_update()).one()


def _final_signer(session: WalledSession, signed: Edition, by: Actor) -> Actor:
    final = dossier(session, signed.id).approvals().get(FINAL)
    return by if final is None else Actor(final.signed_by, final.signed_name)


def _issuer_of_signed(session: WalledSession, public: Edition) -> Actor:
    """Whoever issued it; Conflict where what stands there now is not what was issued."""
    issue = session.scalars(select(Issue).where(Issue.edition_id == public.id)).one()
    if content_of(session, public.id).digest() != issue.digest:
        raise Conflict("altered", N_("内容与签署时不一致，到时未办理"))
    return Actor(issue.issued_by, issue.issued_name)
