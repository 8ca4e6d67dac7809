"""What the pages of reposts show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.directory.models import Tenant
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import Edition, Item
from tenants.content.queries import edition, editions_of
from tenants.content.rules import reach_of
from tenants.reposts.models import Repost, SentRepost
from tenants.reposts.queries import copies_among, incoming, sent_counts, sent_of
from tenants.review.models import FINAL, RepostAcceptance
from tenants.review.queries import acceptances
from tenants.review.rules import ROLE_OF_STAGE
from tenants.sites.models import Column
from tenants.workspace.queries.items import columns_in_order, seen_item

_LOOKED_AT = 200


@dataclass(frozen=True)
class RepostsState:
    """Acceptances and copies of a tenant, as far as a person sees them."""

    acceptances: Sequence[RepostAcceptance]
    copies: Sequence[tuple[Repost, Item, Edition]]
    columns: dict[int, Column]


@dataclass(frozen=True)
class SentState:
    """An item and a page of those who carry it, with how many there are of each state."""

    item: Item
    edition: Edition
    rows: Sequence[tuple[SentRepost, Tenant]]
    counts: dict[str, int]
    may_send: bool


def reposts_state(session: WalledSession, by: Actor) -> RepostsState:
    """All acceptances, and the copies within a person's reach, those that wait first."""
    return RepostsState(
        acceptances(session),
        incoming_to(session, by, limit=50),
        {each.id: each for each in columns_in_order(session)},
    )


def incoming_to(
    session: WalledSession, by: Actor, *, limit: int, waiting: bool = False
) -> list[tuple[Repost, Item, Edition]]:
    """Copies within a person's reach; `waiting`: those alone that came as drafts and still are."""
    reach = reach_of(session, by)
    return [
        (copy, shown, newest)
        for copy, shown, newest in incoming(session, limit=_LOOKED_AT)
        if reach.covers(shown.column_id, shown.created_by)
        and (not waiting or shown.draft_edition_id == copy.edition_id)
    ][:limit]


def sent_state(
    session: WalledSession, item_id: int, by: Actor, *, offset: int, limit: int
) -> SentState:
    """Who carries an item; NotFound, or Forbidden where it is beyond the person's reach."""
    found = seen_item(session, item_id, by)
    newest = found.live_edition_id or found.draft_edition_id
    rows = sent_of(session, item_id, offset=offset, limit=limit)
    is_copy = bool(copies_among(session, [item_id]))
    return SentState(
        item=found,
        edition=edition(session, newest) if newest else _last(session, item_id),
        rows=rows,
        counts=sent_counts(session, item_id),
        may_send=found.live_edition_id is not None
        and not is_copy
        and ROLE_OF_STAGE[FINAL] in by.roles,
    )


def _last(session: WalledSession, item_id: int) -> Edition:
    return editions_of(session, item_id)[0]
