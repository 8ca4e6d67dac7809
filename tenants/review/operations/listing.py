"""The list of a migration order: what it would make public, read outside every write."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.runtime.errors import Conflict, Invalid, Problem
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.content.models import DRAFT, Edition, Item
from tenants.review.models import MigrationOrderLine


@dataclass(frozen=True)
class ListedDraft:
    """A draft that an order would make public."""

    item_id: int
    origin: str
    edition_id: int
    digest: str
    original_date: date | None
    title: str

    def line(self, order_id: int, serial: int) -> dict[str, object]:
        """The order's line for it."""
        return {
            "id": new_id(),
            "order_id": order_id,
            "serial": serial,
            "item_id": self.item_id,
            "edition_id": self.edition_id,
            "digest": self.digest,
            "origin": self.origin,
            "original_date": self.original_date,
        }


@dataclass(frozen=True)
class Listing:
    """What an order would make public, in the order of its dates; `digest` covers all of it."""

    run: str
    drafts: Sequence[ListedDraft]

    @property
    def digest(self) -> str:
        """What the two people sign."""
        return _digest([(each.digest, each.origin) for each in self.drafts])


def read_listing(session: WalledSession, run: str) -> Listing:
    """All open drafts of a run; for a reading session: it takes a while where they are many.

    Each must bear an old address or external id, and an original date before the tenant's
    `history_until`; Invalid lists those that don't. Conflict where there are none.
    """
    drafts = _drafts(session, run)
    if not drafts:
        raise Conflict("nothing_to_order", N_("批次“{run}”中没有待公开的稿件"), run=run)
    if problems := _problems(session, drafts):
        raise Invalid("wrong_order", N_("以下稿件不能列入迁移令："), problems=problems)
    return Listing(run, drafts)


def digest_of_lines(session: WalledSession, order_id: int) -> str:
    """The digest of the lines that an order has; for a reading session."""
    rows = session.execute(
        select(MigrationOrderLine.digest, MigrationOrderLine.origin)
        .where(MigrationOrderLine.order_id == order_id)
        .order_by(MigrationOrderLine.serial)
    )
    return _digest([(row[0], row[1]) for row in rows])


def _drafts(session: WalledSession, run: str) -> list[ListedDraft]:
    """The open drafts of a run in the order of their dates, without their texts."""
    rows = session.execute(
        select(
            Item.id,
            Item.old_address,
            Item.external_id,
            Edition.id,
            Edition.digest,
            Edition.original_date,
            Edition.title,
        )
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == Item.draft_edition_id),
        )
        .where(Item.run == run, Edition.state == DRAFT)
        .order_by(Edition.original_date, Edition.id)
    )
    return [
        ListedDraft(row[0], row[1] or row[2] or "", row[3], row[4], row[5], row[6]) for row in rows
    ]


def _problems(session: WalledSession, rows: Sequence[ListedDraft]) -> list[Problem]:
    until = history_until(session)
    if until is None:
        return [HISTORY_CLOSED]
    problems = []
    for each in rows:
        where = each.origin or each.title
        if not each.origin:
            problems.append(Problem(where, "origin_missing", N_("缺少原网址或外部编号")))
        if (wrong := date_problem(each.original_date, until, where)) is not None:
            problems.append(wrong)
    return problems


HISTORY_CLOSED = Problem(
    "history_until", "history_closed", N_("市里尚未为本单位开放历史内容迁入期限")
)


def history_until(session: WalledSession) -> date | None:
    """Before which day what is dated may go public under an order; None: nothing may."""
    return session.scalar(select(Tenant.history_until).where(Tenant.id == session.tenant_id))


def date_problem(original_date: date | None, until: date, where: str) -> Problem | None:
    """What is wrong with the date of a thing that an order is to make public."""
    if original_date is None:
        return Problem(where, "date_missing", N_("缺少原始日期"))
    if original_date < until:
        return None
    said = {"date": original_date.isoformat(), "until": until.isoformat()}
    return Problem(where, "too_recent", N_("原始日期 {date} 不早于迁入期限 {until}"), said)


def _digest(lines: Sequence[tuple[str, str]]) -> str:
    said = "\n".join(f"{digest} {origin}" for digest, origin in lines)
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()
