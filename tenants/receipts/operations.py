"""Promising a check with each withdrawal, asking for another, and keeping what it found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from hosting.publishing.queries import followers_due_at
from hosting.publishing.stale import FOLLOW_SECONDS
from hosting.publishing.whereabouts import page_way
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.content.models import Item
from tenants.content.queries import edition, item, matter
from tenants.pages.traces import pages_showing
from tenants.receipts.events import WithdrawalCheckAsked, WithdrawalChecked
from tenants.receipts.judging import TOO_OFTEN, Checked
from tenants.receipts.models import (
    CLEAN,
    LEFT,
    SUPERSEDED,
    WithdrawalCheck,
    WithdrawalReceipt,
)
from tenants.receipts.queries import open_checks, open_count, proof_of_item
from tenants.receipts.sealing import receipt_digest
from tenants.review.events import ItemWithdrawn
from tenants.review.models import Withdrawal
from tenants.review.queries import line_of, withdrawals_of_item
from tenants.review.rules import check_role

CHECK_WITHDRAWAL = "check_withdrawal"

LANES = ("receipts", "receipts:many")
"""A loop of the worker's own: single withdrawals first, then those of whoever takes very many."""

PATIENCE_SECONDS = 60
"""How long pages have to be made without the item; what is left then is told."""

_FIRST_SECONDS = 1
_LONGEST_STEP_SECONDS = 4
_AT_LIMIT_SECONDS = 60
_MANY = 20
"""Whoever withdraws more at a time does not sit and wait for the receipts."""


def promise_check(session: WalledSession, event: ItemWithdrawn) -> None:
    """Note in the withdrawal's own transaction which pages show the item: they soon forget it.

    What has no page of its own, as a banner, has no receipt: the next build of each page proves it.
    """
    gone = matter(session, event.item_id)
    if not isinstance(gone, Item):
        return
    withdrawal = _last_withdrawal(session, event.item_id)
    pages = pages_showing(session, gone.site_id, gone.id, event.slots)
    session.add(
        WithdrawalCheck(
            item_id=gone.id,
            withdrawal_id=withdrawal.id,
            pages=[list(each) for each in pages],
            asked_by=withdrawal.withdrawn_by,
            asked_name=withdrawal.withdrawn_name,
        )
    )


def enqueue_check(session: WalledSession, event: ItemWithdrawn) -> None:
    """Have it checked, once the pages are marked: told of the event in the same transaction."""
    if not isinstance(matter(session, event.item_id), Item):
        return
    many_wait = FOLLOW_SECONDS + _LONGEST_STEP_SECONDS
    seconds = many_wait if _is_one_of_many(session) else _FIRST_SECONDS
    _enqueue(session, event.item_id, at=now() + timedelta(seconds=seconds))


def ask_again(session: WalledSession, item_id: int, *, by: Actor) -> WithdrawalCheck:
    """Have a withdrawn item checked once more, by whoever may withdraw it.

    Conflict while a check is on its way or the item is public. Records WithdrawalCheckAsked.
    """
    gone = session.scalars(select(Item).where(Item.id == item_id).with_for_update()).first()
    proof = proof_of_item(session, item_id)
    withdrawal = proof.withdrawal
    check_role(by, "issuer", line_of(session, edition(session, withdrawal.edition_id), by))
    if gone is None or gone.live_edition_id is not None:
        raise Conflict("public_again", N_("这篇稿件已重新公开，不再核查"))
    if proof.is_being_checked:
        raise Conflict("being_checked", N_("正在核查，请稍候"))
    check = WithdrawalCheck(
        item_id=item_id,
        withdrawal_id=withdrawal.id,
        pages=proof.check.pages if proof.check else [],
        asked_by=by.account_id,
        asked_name=by.name,
    )
    session.add(check)
    session.flush()
    session.record(WithdrawalCheckAsked(session.tenant_id, item_id, withdrawal.id), by=by)
    _enqueue(session, item_id, at=now())
    return check


def is_superseded(session: WalledSession, check: WithdrawalCheck) -> bool:
    """Whether the item is public again, or was withdrawn once more since."""
    if item(session, check.item_id).live_edition_id is not None:
        return True
    return _last_withdrawal(session, check.item_id).id != check.withdrawal_id


def keep_findings(
    session: WalledSession, looked_for: WithdrawalCheck, found: Sequence[Checked]
) -> list[WithdrawalReceipt]:
    """Write the receipts of an item's open checks, or look again later while there is patience.

    `found` is empty where nothing was asked. Whoever comes second finds no open check. Records
    WithdrawalChecked for each.
    """
    item_id = looked_for.item_id
    session.scalars(select(Item.id).where(Item.id == item_id).with_for_update()).one()
    receipts = []
    for check in open_checks(session, item_id):
        if is_superseded(session, check):
            receipts.append(_write(session, check, SUPERSEDED, ()))
        elif not found or check.withdrawal_id != looked_for.withdrawal_id:
            # It was withdrawn again while somebody looked: of that nobody knows anything yet.
            _enqueue(session, item_id, at=now())
        elif all(each.is_right for each in found):
            receipts.append(_write(session, check, CLEAN, found))
        elif (again_at := _look_again_at(session, check, found)) is not None:
            _enqueue(session, item_id, at=again_at)
        else:
            receipts.append(_write(session, check, LEFT, found))
    return receipts


def _write(
    session: WalledSession, check: WithdrawalCheck, state: str, found: Sequence[Checked]
) -> WithdrawalReceipt:
    withdrawal = session.scalars(
        select(Withdrawal).where(Withdrawal.id == check.withdrawal_id)
    ).one()
    receipt = WithdrawalReceipt(
        check_id=check.id,
        item_id=check.item_id,
        withdrawal_id=check.withdrawal_id,
        state=state,
        withdrawn_at=withdrawal.withdrawn_at,
        checked_at=now(),
        places=[each.facts() for each in found],
        leftovers=sum(not each.is_right for each in found),
    )
    receipt.digest = receipt_digest(receipt)
    session.add(receipt)
    session.flush()
    session.record(_told(session, receipt), by=PLATFORM_ACTOR)
    return receipt


def _told(session: WalledSession, receipt: WithdrawalReceipt) -> WithdrawalChecked:
    return WithdrawalChecked(
        session.tenant_id,
        receipt.item_id,
        receipt.withdrawal_id,
        receipt.id,
        receipt.state,
        len(receipt.places),
        receipt.leftovers,
        receipt.digest,
    )


def _look_again_at(
    session: WalledSession, check: WithdrawalCheck, found: Sequence[Checked]
) -> datetime | None:
    """When to look again; None where what is left has had its time.

    The time runs from when the page was marked, or was taken down: whoever publishes may have been
    away. Being asked too often is nobody's leftover.
    """
    gone, present = item(session, check.item_id), now()
    way = page_way(session, gone.site_id, gone.path, key=f"item:{gone.id}")
    marks = [at for at in (check.asked_at, way.waits_since) if at is not None]
    if way.standing is not None and way.standing.digest is None:
        marks.append(way.standing.stood_at)
    until = max(marks) + timedelta(seconds=PATIENCE_SECONDS)
    if until <= present:
        wrong = [each for each in found if not each.is_right]
        if any(each.status != TOO_OFTEN for each in wrong):
            return None
        return present + timedelta(seconds=_AT_LIMIT_SECONDS)
    return min(until, _next_look(session, gone, check.asked_at))


def _next_look(session: WalledSession, gone: Item, asked_at: datetime) -> datetime:
    """Soon, then less often; where only pages that follow are waited for, when they are due."""
    present = now()
    due_at: datetime | None = followers_due_at(session, gone.site_id)
    if due_at is not None and due_at > present:
        return due_at + timedelta(seconds=_FIRST_SECONDS)
    elapsed = (present - asked_at).total_seconds()
    step = min(max(elapsed, _FIRST_SECONDS), _LONGEST_STEP_SECONDS)
    return present + timedelta(seconds=step)


def _is_one_of_many(session: WalledSession) -> bool:
    """Whether very many are withdrawn just now: then nobody is kept waiting, or looks twice."""
    return open_count(session, seconds=PATIENCE_SECONDS) > _MANY


def _enqueue(session: WalledSession, item_id: int, *, at: datetime) -> None:
    """One job for each item."""
    lane = LANES[_is_one_of_many(session)]
    session.enqueue(CHECK_WITHDRAWAL, key=str(item_id), lane=lane, run_at=at, item_id=item_id)


def _last_withdrawal(session: WalledSession, item_id: int) -> Withdrawal:
    return withdrawals_of_item(session, item_id)[0]
