"""Taking an item from the public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from hosting.runtime.errors import Conflict, Invalid, NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import WITHDRAWN, ColumnMatter, Edition, Matter
from tenants.content.queries import edition
from tenants.review.events import ItemWithdrawn
from tenants.review.models import Withdrawal
from tenants.review.operations.slots import hide_in_lists
from tenants.review.queries import line_of
from tenants.review.rules import check_role


def withdraw(session: WalledSession, item_id: int, *, reason: str, by: Actor) -> Withdrawal:
    """Withdraw an item's live edition, or a banner's; a new one needs all signatures again.

    Its places in lists stay empty. What is said of a column is changed, or the column closed, but
    never withdrawn. Records ItemWithdrawn.
    """
    if not reason.strip():
        raise Invalid("reason_missing", N_("撤回须写明理由"))
    gone = session.scalars(select(Matter).where(Matter.id == item_id).with_for_update()).first()
    if gone is None or isinstance(gone, ColumnMatter):
        raise NotFound("no_such_item", N_("没有找到这篇稿件"))
    if gone.live_edition_id is None:
        raise Conflict("not_public", N_("这篇稿件当前没有公开"))
    live = edition(session, gone.live_edition_id)
    check_role(by, "issuer", line_of(session, live, by))
    return take_down(session, gone, live, reason=reason.strip(), by=by)


def take_down(
    session: WalledSession,
    gone: Matter,
    live: Edition,
    *,
    reason: str = "",
    due_at: datetime | None = None,
    by: Actor,
) -> Withdrawal:
    """Take a locked item's live edition from the public; asks for no role. Records ItemWithdrawn.

    For callers who have the word of an issuer: just given with a reason, or signed before as the
    time `due_at`.
    """
    live.state = WITHDRAWN
    gone.live_edition_id = None
    slots = hide_in_lists(session, gone.id)
    withdrawal = Withdrawal(
        item_id=gone.id,
        edition_id=live.id,
        reason=reason,
        due_at=due_at,
        withdrawn_by=by.account_id,
        withdrawn_name=by.name,
    )
    session.add(withdrawal)
    session.flush()
    told = due_at.isoformat() if due_at else ""
    session.record(ItemWithdrawn(session.tenant_id, gone.id, live.id, reason, slots, told), by=by)
    return withdrawal
