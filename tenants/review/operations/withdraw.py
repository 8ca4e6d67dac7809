"""Taking an item from the public."""

from __future__ import annotations

from sqlalchemy import select

from hosting.runtime.errors import Conflict, Invalid, NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import WITHDRAWN, Item
from tenants.content.queries import edition
from tenants.review.events import ItemWithdrawn
from tenants.review.models import Withdrawal
from tenants.review.operations.slots import hide_in_lists
from tenants.review.queries import line_of
from tenants.review.rules import check_role


def withdraw(session: WalledSession, item_id: int, *, reason: str, by: Actor) -> Withdrawal:
    """Withdraw an item's live edition; a new edition needs all signatures again.

    Its places in lists stay empty. Records ItemWithdrawn.
    """
    if not reason.strip():
        raise Invalid("reason_missing", N_("撤回须写明理由"))
    gone = session.scalars(select(Item).where(Item.id == item_id).with_for_update()).first()
    if gone is None:
        raise NotFound("no_such_item", N_("没有找到这篇稿件"))
    if gone.live_edition_id is None:
        raise Conflict("not_public", N_("这篇稿件当前没有公开"))
    live = edition(session, gone.live_edition_id)
    check_role(by, "issuer", line_of(session, live, by))
    live.state = WITHDRAWN
    gone.live_edition_id = None
    slots = hide_in_lists(session, item_id)
    withdrawal = Withdrawal(
        item_id=item_id,
        edition_id=live.id,
        reason=reason.strip(),
        withdrawn_by=by.account_id,
        withdrawn_name=by.name,
    )
    session.add(withdrawal)
    session.flush()
    session.record(
        ItemWithdrawn(session.tenant_id, item_id, live.id, withdrawal.reason, slots), by=by
    )
    return withdrawal
