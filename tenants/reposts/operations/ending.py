"""At a receiver: the end of a copy, because of its origin or of people here."""

from __future__ import annotations

from sqlalchemy import select

from hosting.runtime.language import N_, text
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from tenants.content.models import SUPERSEDED, Matter
from tenants.content.queries import edition
from tenants.reposts.events import RepostEnded
from tenants.reposts.models import CARRIED, DECLINED, ENDED
from tenants.reposts.origins import Origin
from tenants.reposts.queries import copies_among, copy_of
from tenants.review.operations.withdraw import take_down


def end_copy(session: WalledSession, origin: Origin) -> bool:
    """Take a copy down because its origin was withdrawn; whether there was anything to end.

    What is on its way of it, signed or not, ends as well. Records ItemWithdrawn, RepostEnded.
    """
    copy = copy_of(session, origin.tenant_id, origin.item_id)
    if copy is None or copy.item_id is None:
        return False
    gone = session.scalars(select(Matter).where(Matter.id == copy.item_id).with_for_update()).one()
    if gone.live_edition_id is None and gone.draft_edition_id is None:
        return False
    if copy.state == CARRIED:
        copy.state = ENDED
    if gone.draft_edition_id is not None:
        edition(session, gone.draft_edition_id).state = SUPERSEDED
        gone.draft_edition_id = None
    if gone.live_edition_id is not None:
        live = edition(session, gone.live_edition_id)
        take_down(session, gone, live, reason=_why(origin), by=PLATFORM_ACTOR)
    session.record(
        RepostEnded(session.tenant_id, gone.id, origin.tenant_id, origin.item_id, origin.reason),
        by=PLATFORM_ACTOR,
    )
    return True


def _why(origin: Origin) -> str:
    if not origin.reason:
        return text(N_("来源单位“{name}”已按期撤下"), name=origin.name)
    return text(N_("来源单位“{name}”已撤稿：{reason}"), name=origin.name, reason=origin.reason)


def mark_declined(session: WalledSession, item_id: int, *, is_deleted: bool = False) -> None:
    """Note that people here took a copy down or gave up its draft: it is not carried again."""
    copy = copies_among(session, [item_id]).get(item_id)
    if copy is None or copy.state != CARRIED:
        return
    shown = session.scalars(select(Matter).where(Matter.id == item_id)).one()
    if is_deleted and shown.published_at is not None:
        return
    copy.state = DECLINED
    if is_deleted:
        copy.item_id = None
    session.flush()
