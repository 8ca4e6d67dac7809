"""The migration order: what was public before it came here goes public, signed by two people.

Orders list thousands of items. `tenants.review.ordering` takes these steps one after another in
transactions that starve nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden, NotFound
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.content.models import Edition
from tenants.review.events import MigrationOrderIssued, MigrationOrderProposed
from tenants.review.models import (
    BY_ORDER,
    DONE,
    ISSUED,
    LISTING,
    PROPOSED,
    MigrationOrder,
    MigrationOrderLine,
)
from tenants.review.operations.issue import Ground, make_public, take_number
from tenants.review.operations.listing import ListedDraft, Listing

CARRY_OUT = "carry_out_order"
"""The job that makes an issued order's lines public, in short transactions."""


def begin_order(
    session: WalledSession, listing: Listing, *, reason: str, by: Actor
) -> MigrationOrder:
    """Begin an order whose lines are still to come; nobody can issue it before `propose`."""
    order = MigrationOrder(
        id=new_id(),
        run=listing.run,
        reason=reason,
        digest=listing.digest,
        lines=len(listing.drafts),
        proposed_by=by.account_id,
        proposed_name=by.name,
    )
    session.add(order)
    return order


def list_part(
    session: WalledSession, order_id: int, drafts: Sequence[ListedDraft], *, first: int
) -> None:
    """Write some of the lines of an order that is being listed, from the serial `first` on."""
    _order(session, order_id, LISTING)
    insert_many(
        session,
        MigrationOrderLine,
        (each.line(order_id, serial) for serial, each in enumerate(drafts, first)),
    )


def drop_listing_part(session: WalledSession, run: str, *, most: int) -> int:
    """Take away a part of what unfinished listings of a run left; how much, 0: nothing is left."""
    left = session.scalars(
        select(MigrationOrder).where(MigrationOrder.run == run, MigrationOrder.state == LISTING)
    ).first()
    if left is None:
        return 0
    lines = session.scalars(
        select(MigrationOrderLine.id).where(MigrationOrderLine.order_id == left.id).limit(most)
    ).all()
    session.execute(delete(MigrationOrderLine).where(MigrationOrderLine.id.in_(lines)))
    if len(lines) < most:
        session.delete(left)
    return len(lines) + 1


def propose(session: WalledSession, order_id: int, *, listed: str, by: Actor) -> MigrationOrder:
    """Put a listed order before the person who shall issue it. Records MigrationOrderProposed.

    `listed` is the digest of its lines, read just now; Conflict where it is not that of the list.
    """
    order = _order(session, order_id, LISTING)
    if order.digest != listed:
        raise _changed()
    order.state, order.proposed_at = PROPOSED, now()
    session.record(
        MigrationOrderProposed(session.tenant_id, order.id, order.lines, order.digest), by=by
    )
    return order


def issue(
    session: WalledSession, order_id: int, *, digest: str, listed: str, by: Actor
) -> MigrationOrder:
    """Sign an order that another person proposed, and let it be carried out by a job.

    `digest` is what the person saw, `listed` that of its lines, read just now. One register number
    stands for the whole order. Records MigrationOrderIssued.
    """
    order = _order(session, order_id)
    if order.state != PROPOSED:
        raise Conflict("order_not_open", N_("这份迁移令不在待签发状态"))
    if order.proposed_by == by.account_id:
        raise Forbidden("own_proposal", N_("迁移令须由提出人之外的人签发"))
    if not order.digest == digest == listed:
        raise _changed()
    order.year, order.number = take_number(session)
    order.state = ISSUED
    order.issued_by, order.issued_name, order.issued_at = by.account_id, by.name, now()
    session.record(
        MigrationOrderIssued(session.tenant_id, order.id, order.lines, order.digest), by=by
    )
    session.enqueue(CARRY_OUT, key=str(order.id), lane="bulk", order_id=order.id)
    return order


def _changed() -> Conflict:
    return Conflict("changed_since_seen", N_("迁移令的清单已有变化，请重新核对"))


def check_signed(session: WalledSession, order_id: int, *, listed: str) -> None:
    """Raise Conflict where an order's lines, read just now, are not those that were signed."""
    if _order(session, order_id).digest != listed:
        raise _changed()


def carry_out_part(session: WalledSession, order_id: int, *, most: int) -> int:
    """Make the next lines of an issued order public, at most `most`; how many were looked at.

    A line whose item is no longer what was signed is left out and recorded as IssueRefused. Zero
    means that nothing is left to do.
    """
    order = _order(session, order_id)
    lines = _open_lines(session, order, most)
    if not lines:
        return 0
    order.carried_out = lines[-1].serial
    assert order.year is not None
    assert order.number is not None
    assert order.issued_by is not None
    ground = Ground(
        BY_ORDER,
        order_id=order.id,
        year=order.year,
        number=order.number,
        lines={each.edition_id: (each.serial, each.digest) for each in lines},
    )
    issuer = Actor(order.issued_by, order.issued_name)
    make_public(session, _in_order(session, lines), ground=ground, by=issuer, leave_out=True)
    return len(lines)


def close_order(session: WalledSession, order_id: int) -> None:
    """Close an order of which nothing is left to do."""
    order = _order(session, order_id)
    if order.state == ISSUED:
        order.state = DONE


def _open_lines(
    session: WalledSession, order: MigrationOrder, most: int
) -> Sequence[MigrationOrderLine]:
    return session.scalars(
        select(MigrationOrderLine)
        .where(
            MigrationOrderLine.order_id == order.id,
            MigrationOrderLine.serial > order.carried_out,
        )
        .order_by(MigrationOrderLine.serial)
        .limit(most)
    ).all()


def _in_order(session: WalledSession, lines: Sequence[MigrationOrderLine]) -> list[Edition]:
    ids = [each.edition_id for each in lines]
    found = {each.id: each for each in session.scalars(select(Edition).where(Edition.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


def _order(session: WalledSession, order_id: int, state: str = "") -> MigrationOrder:
    """An order, in this state; NotFound where there is none."""
    order = session.scalars(select(MigrationOrder).where(MigrationOrder.id == order_id)).first()
    if order is None or state not in ("", order.state):
        raise NotFound("no_such_order", N_("没有找到这份迁移令"))
    return order
