"""The migration order: what was public before it came here goes public, signed by two people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.content.models import DRAFT, Edition, Item
from tenants.review.events import (
    MigrationOrderIssued,
    MigrationOrderProposed,
)
from tenants.review.models import BY_ORDER, MigrationOrder, MigrationOrderLine, Slot
from tenants.review.operations.issue import Ground, make_public, take_number
from tenants.review.operations.slots import renumber

CARRY_OUT = "carry_out_order"
"""The job that makes an issued order's lines public, in short transactions."""


@dataclass(frozen=True)
class _Candidate:
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


def propose_order(session: WalledSession, *, run: str, reason: str, by: Actor) -> MigrationOrder:
    """Propose to make public all open drafts of a run.

    Each must bear an old address or external id, and an original date before the tenant's
    `history_until`; Invalid lists those that don't. Lines stand in the order of their dates.
    Records MigrationOrderProposed.
    """
    rows = _candidates(session, run)
    if not rows:
        raise Conflict("nothing_to_order", N_("批次“{run}”中没有待公开的稿件"), run=run)
    if problems := _problems(session, rows):
        raise Invalid("wrong_order", N_("以下稿件不能列入迁移令："), problems=problems)
    order = MigrationOrder(
        id=new_id(),
        run=run,
        reason=reason,
        digest="",
        lines=len(rows),
        proposed_by=by.account_id,
        proposed_name=by.name,
    )
    order.digest = _digest([(each.digest, each.origin) for each in rows])
    session.add(order)
    insert_many(
        session,
        MigrationOrderLine,
        (each.line(order.id, serial) for serial, each in enumerate(rows, 1)),
    )
    session.record(
        MigrationOrderProposed(session.tenant_id, order.id, order.lines, order.digest), by=by
    )
    return order


def issue_order(session: WalledSession, order_id: int, *, digest: str, by: Actor) -> MigrationOrder:
    """Sign an order that another person proposed, and let it be carried out by a job.

    One register number stands for the whole order. Records MigrationOrderIssued.
    """
    order = _order(session, order_id)
    if order.state != "proposed":
        raise Conflict("order_not_open", N_("这份迁移令已经签发"))
    if order.proposed_by == by.account_id:
        raise Forbidden("own_proposal", N_("迁移令须由提出人之外的人签发"))
    if order.digest != digest or order.digest != _digest_of_lines(session, order_id):
        raise Conflict("changed_since_seen", N_("迁移令的清单已有变化，请重新核对"))
    order.year, order.number = take_number(session)
    order.state = "issued"
    order.issued_by, order.issued_name, order.issued_at = by.account_id, by.name, now()
    session.record(
        MigrationOrderIssued(session.tenant_id, order.id, order.lines, order.digest), by=by
    )
    session.enqueue(CARRY_OUT, key=str(order.id), lane="bulk", order_id=order.id)
    return order


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
    """Put the lists that the order filled in the order of their dates, and close it."""
    order = _order(session, order_id)
    if order.state != "issued":
        return
    ordered = select(MigrationOrderLine.item_id).where(MigrationOrderLine.order_id == order_id)
    columns = session.scalars(
        select(Slot.column_id).where(Slot.item_id.in_(ordered)).distinct()
    ).all()
    for column_id in sorted(columns):
        renumber(session, column_id)
    order.state = "done"


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


def _candidates(session: WalledSession, run: str) -> list[_Candidate]:
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
        _Candidate(row[0], row[1] or row[2] or "", row[3], row[4], row[5], row[6]) for row in rows
    ]


def _problems(session: WalledSession, rows: Sequence[_Candidate]) -> list[Problem]:
    until = session.scalar(select(Tenant.history_until).where(Tenant.id == session.tenant_id))
    if until is None:
        return [
            Problem("history_until", "history_closed", N_("市里尚未为本单位开放历史内容迁入期限"))
        ]
    problems = []
    for each in rows:
        where = each.origin or each.title
        if not each.origin:
            problems.append(Problem(where, "origin_missing", N_("缺少原网址或外部编号")))
        if each.original_date is None:
            problems.append(Problem(where, "date_missing", N_("缺少原始日期")))
        elif each.original_date >= until:
            said = {"date": each.original_date.isoformat(), "until": until.isoformat()}
            problems.append(
                Problem(where, "too_recent", N_("原始日期 {date} 不早于迁入期限 {until}"), said)
            )
    return problems


def _order(session: WalledSession, order_id: int) -> MigrationOrder:
    order = session.scalars(select(MigrationOrder).where(MigrationOrder.id == order_id)).first()
    if order is None:
        raise NotFound("no_such_order", N_("没有找到这份迁移令"))
    return order


def _digest_of_lines(session: WalledSession, order_id: int) -> str:
    rows = session.execute(
        select(MigrationOrderLine.digest, MigrationOrderLine.origin)
        .where(MigrationOrderLine.order_id == order_id)
        .order_by(MigrationOrderLine.serial)
    )
    return _digest([(row[0], row[1]) for row in rows])


def _digest(lines: Sequence[tuple[str, str]]) -> str:
    said = "\n".join(f"{digest} {origin}" for digest, origin in lines)
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()
