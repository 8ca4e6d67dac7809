"""Cutting over, and taking a move back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.publishing.redirects import add_redirects, drop_redirects
from hosting.runtime.errors import Refusal
from hosting.runtime.language import N_, text
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from migrations.legacy.decisions import IMPORTED, Decision
from migrations.legacy.events import HistoryClosed
from migrations.legacy.models import LegacyAddress, LegacyRun
from migrations.legacy.queries import addresses_of
from tenants.content.columns import column_matter
from tenants.content.models import DRAFT, Edition, EditionAsset, Item
from tenants.content.operations import delete_run
from tenants.content.queries import column_has_items
from tenants.review.models import PROPOSED, MigrationOrder
from tenants.review.operations.withdraw import withdraw
from tenants.sites.models import PLANNED
from tenants.sites.operations.changing import close_column, forget_column
from tenants.sites.operations.growing import open_columns
from tenants.sites.queries import children_of, column

MOVED, GONE = 301, 410


def waiting_order(session: WalledSession, run: LegacyRun) -> MigrationOrder | None:
    """The order of the move that waits for its second person."""
    return session.scalars(
        select(MigrationOrder)
        .where(MigrationOrder.run == run.batch, MigrationOrder.state == PROPOSED)
        .order_by(MigrationOrder.id.desc())
        .limit(1)
    ).first()


def reason_of(run: LegacyRun) -> str:
    """Why a move's order is proposed."""
    return text(N_("老网站迁移：{name}（{host}）"), name=run.name, host=run.host or run.source)


def has_drafts(session: WalledSession, run: LegacyRun) -> bool:
    """Whether something of the move waits for an order."""
    drafts = (
        select(Item.id)
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.draft_edition_id),
        )
        .where(Item.run == run.batch, Edition.state == DRAFT)
        .limit(1)
    )
    return session.scalar(drafts) is not None


def open_made_columns(session: WalledSession, run: LegacyRun, *, by: Actor) -> None:
    """Let readers see the columns that the move made."""
    made = [int(each) for each in run.facts.get("columns_made", [])]
    open_columns(session, run.site_id, made, by=by)


def public_items(session: WalledSession, run: LegacyRun) -> set[int]:
    """Items of the move that readers can see."""
    return set(
        session.scalars(
            select(Item.id).where(
                Item.run.in_((run.batch, run.undated_batch)), Item.live_edition_id.is_not(None)
            )
        )
    )


@dataclass(frozen=True)
class Public:
    """What of a move readers can see: items, and the files that they show, by id."""

    items: frozenset[int]
    assets: frozenset[int]

    def shows(self, row: LegacyAddress) -> bool:
        """Whether what an address became can be seen."""
        if row.decision not in IMPORTED or not row.target:
            return False
        if row.item_id is not None and row.item_id not in self.items:
            return False
        return row.decision == Decision.PAGE or row.asset_id in self.assets


def public_part(session: WalledSession, run: LegacyRun) -> Public:
    """What of the move is public now."""
    items = public_items(session, run)
    shown = session.scalars(
        select(EditionAsset.asset_id)
        .join(
            Item,
            (Item.tenant_id == EditionAsset.tenant_id)
            & (Item.live_edition_id == EditionAsset.edition_id),
        )
        .where(Item.run.in_((run.batch, run.undated_batch)))
    )
    return Public(frozenset(items), frozenset(shown))


def redirects_of(rows: Sequence[LegacyAddress], public: Public) -> dict[str, tuple[str, int]]:
    """Where each old address, and each of its spellings, leads: (path, status).

    What is not public yet is left out: it must not lead to a missing page.
    """
    found: dict[str, tuple[str, int]] = {}
    for row in rows:
        if row.decision == Decision.GONE:
            leads = ("", GONE)
        elif row.decision == Decision.REDIRECT or public.shows(row):
            leads = (quote(row.target, safe="/?&=%"), MOVED)
        else:
            continue
        for address in spellings(row):
            if address != leads[0] and address != "/":
                found.setdefault(address, leads)
    return found


def spellings(row: LegacyAddress) -> list[str]:
    """The address, what it was also asked by, and how old browsers and servers wrote it.

    Windows servers took any letter case; pages in GBK sent GBK bytes.
    """
    known = [row.address, *row.facts.get("aliases", [])]
    lower = [address.lower() for address in known]
    found = dict.fromkeys([*known, *lower])
    for address in known:
        if not address.isascii():
            found[quote(address.encode("gb18030"), safe="/?&=+:,;@!$'()*~")] = None
    return list(found)


def lead_here(session: WalledSession, run: LegacyRun, redirects: dict[str, tuple[str, int]]) -> int:
    """Let old addresses lead to what they became; how many."""
    lines = [(address, *leads) for address, leads in redirects.items()]
    return add_redirects(session, run.site_id, lines)


def lead_nowhere(session: WalledSession, run: LegacyRun, addresses: Sequence[str]) -> int:
    """End redirects that an earlier cut-over kept and this one does not."""
    return drop_redirects(session, run.site_id, addresses)


def close_history(session: WalledSession, tenant_id: int, *, by: Actor) -> None:
    """End the time in which history may come in; records HistoryClosed. Platform session."""
    tenant = session.scalars(select(Tenant).where(Tenant.id == tenant_id)).one()
    if tenant.history_until is not None:
        tenant.history_until = None
        session.record(HistoryClosed(tenant_id), by=by)


def take_back_drafts(session: WalledSession, run: LegacyRun, *, by: Actor) -> int:
    """Delete what never was public, and forget where it was; how many items."""
    for row in addresses_of(session, run.id, decisions=IMPORTED):
        row.item_id, row.outcome, row.target = None, "", ""
        row.asset_id = None
    session.flush()
    deleted = delete_run(session, run.batch, by=by)
    return deleted + delete_run(session, run.undated_batch, by=by)


def take_back_public(session: WalledSession, item_id: int, *, reason: str, by: Actor) -> None:
    """Withdraw one public item; it answers as gone from then on."""
    withdraw(session, item_id, reason=reason, by=by)


def take_back_redirects(session: WalledSession, run: LegacyRun) -> int:
    """Let the old addresses of this move lead nowhere."""
    return drop_redirects(session, run.site_id, run.facts.get("redirects", []))


def take_back_columns(session: WalledSession, run: LegacyRun, *, by: Actor) -> int:
    """End the columns that the move made, the deepest first, unless something is in them.

    Those that readers never saw are forgotten, the others closed.
    """
    ended = 0
    for column_id in reversed([int(each) for each in run.facts.get("columns_made", [])]):
        if not column_has_items(session, column_id) and not children_of(session, column_id):
            try:
                _end_column(session, column_id, by)
            except Refusal:
                # Somebody has closed or moved it meanwhile: then it is no longer this move's.
                continue
            session.flush()
            ended += 1
    return ended


def _end_column(session: WalledSession, column_id: int, by: Actor) -> None:
    is_unseen = column(session, column_id).state == PLANNED
    if is_unseen and column_matter(session, column_id) is None:
        forget_column(session, column_id, in_use=False, by=by)
    else:
        close_column(session, column_id, in_use=False, by=by)
