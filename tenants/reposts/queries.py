"""Reads of what is carried where."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from hosting.directory.models import Tenant
from hosting.directory.queries import main_site
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.content.queries import newest_edition_id
from tenants.reposts.models import CARRIED, Repost, RepostTaker, SentRepost
from tenants.sites.models import OPEN, Column
from tenants.sites.queries import columns_of


def copy_of(session: WalledSession, origin_tenant_id: int, origin_item_id: int) -> Repost | None:
    """The copy here of another tenant's item."""
    return session.scalars(
        select(Repost).where(
            Repost.origin_tenant_id == origin_tenant_id, Repost.origin_item_id == origin_item_id
        )
    ).first()


def copies_among(session: WalledSession, item_ids: Collection[int]) -> dict[int, Repost]:
    """Those of the items that are copies, by item id."""
    rows = session.scalars(select(Repost).where(Repost.item_id.in_(item_ids)))
    return {each.item_id: each for each in rows if each.item_id is not None}


def sent_of(
    session: WalledSession, item_id: int, *, offset: int = 0, limit: int = 50
) -> Sequence[tuple[SentRepost, Tenant]]:
    """Where an item is carried, by the names of the tenants."""
    rows = session.execute(
        select(SentRepost, Tenant)
        .join(Tenant, Tenant.id == SentRepost.receiver_tenant_id)
        .where(SentRepost.item_id == item_id)
        .order_by(Tenant.kind.desc(), Tenant.code)
        .offset(offset)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def sent_row(
    session: WalledSession, item_id: int, receiver_id: int, *, locked: bool = False
) -> SentRepost | None:
    """What the origin knows of one receiver's copy."""
    statement = select(SentRepost).where(
        SentRepost.item_id == item_id, SentRepost.receiver_tenant_id == receiver_id
    )
    return session.scalars(statement.with_for_update() if locked else statement).first()


def sent_counts(session: WalledSession, item_id: int) -> dict[str, int]:
    """How many copies of an item there are, by what is known of them."""
    rows = session.execute(
        select(SentRepost.state, func.count())
        .where(SentRepost.item_id == item_id)
        .group_by(SentRepost.state)
    )
    return {row[0]: row[1] for row in rows}


def receivers_of(session: WalledSession, item_id: int) -> list[int]:
    """The tenants that carry an item or were asked to, save those that are closed."""
    rows = session.scalars(
        select(SentRepost.receiver_tenant_id)
        .join(Tenant, Tenant.id == SentRepost.receiver_tenant_id)
        .where(SentRepost.item_id == item_id, Tenant.state != "closed")
        .order_by(SentRepost.receiver_tenant_id)
    )
    return list(rows)


def takers_of(session: WalledSession, columns: Collection[int]) -> set[int]:
    """The tenants that have accepted what stands in (or below) these columns."""
    rows = session.execute(select(RepostTaker.receiver_tenant_id, RepostTaker.column_id))
    return {row[0] for row in rows if row[1] is None or row[1] in columns}


def others_among(session: WalledSession, tenant_ids: Collection[int]) -> list[int]:
    """Those of the ids that are other tenants', save those that are closed."""
    rows = session.scalars(
        select(Tenant.id).where(
            Tenant.id.in_(set(tenant_ids) - {session.tenant_id}), Tenant.state != "closed"
        )
    )
    return sorted(rows)


def possible_receivers(
    session: WalledSession, *, codes: Collection[str] = (), kinds: Collection[str] = ()
) -> list[int]:
    """The ids of other tenants with these codes, and of all of these kinds.

    NotFound names a code that no tenant has. Closed ones carry nothing.
    """
    others = (Tenant.state != "closed") & (Tenant.id != session.tenant_id)
    named = {
        row[0]: row[1]
        for row in session.execute(
            select(Tenant.code, Tenant.id).where(Tenant.code.in_(codes), others)
        )
    }
    if unknown := [code for code in codes if code not in named]:
        raise NotFound("no_such_tenant", N_("没有代码为“{tenant}”的租户"), tenant=unknown[0])
    of_kind = session.scalars(select(Tenant.id).where(Tenant.kind.in_(kinds), others))
    return sorted({*named.values(), *of_kind})


def other_tenants(session: WalledSession) -> Sequence[Tenant]:
    """All tenants that are not closed but the session's own, by kind and name."""
    return session.scalars(
        select(Tenant)
        .where(Tenant.state != "closed", Tenant.id != session.tenant_id)
        .order_by(Tenant.kind.desc(), Tenant.name)
    ).all()


def incoming(session: WalledSession, *, limit: int = 50) -> Sequence[tuple[Repost, Item, Edition]]:
    """Copies here, those that wait for somebody first, then the newest."""
    rows = session.execute(
        select(Repost, Item, Edition)
        .join(Item, (Item.tenant_id == Repost.tenant_id) & (Item.id == Repost.item_id))
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == newest_edition_id()))
        .order_by(Item.draft_edition_id.is_(None), Repost.taken_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def waiting_count(session: WalledSession) -> int:
    """How many copies are drafts that wait for somebody here."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Repost)
            .join(Item, (Item.tenant_id == Repost.tenant_id) & (Item.id == Repost.item_id))
            .where(Repost.state == CARRIED, Item.draft_edition_id == Repost.edition_id)
        )
        or 0
    )


def column_for(session: WalledSession, path: str, column_type: str) -> Column | None:
    """Where a copy waits as a draft: the column of the same path, else of its type, else the first.

    Whoever takes it on moves it where it belongs.
    """
    there = [each for each in columns_of(session, main_site(session).id) if each.state == OPEN]
    same = [each for each in there if each.path == path]
    alike = [each for each in there if column_type and each.column_type == column_type]
    plain = [each for each in there if each.kind != "subsite"]
    return next(iter([*same, *alike, *plain]), None)


def item_of_copy(session: WalledSession, copy: Repost | None) -> Item | None:
    """The item that a copy is; None where there is none (any more)."""
    if copy is None or copy.item_id is None:
        return None
    return session.scalars(select(Item).where(Item.id == copy.item_id)).first()
