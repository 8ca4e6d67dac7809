"""Reads of checks and receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from hosting.runtime.clock import now
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.content.models import Item
from tenants.receipts.models import LEFT, WithdrawalCheck, WithdrawalReceipt
from tenants.review.models import Withdrawal


@dataclass(frozen=True)
class WithdrawalProof:
    """A withdrawal with its last check and what that found; None where there is none yet."""

    withdrawal: Withdrawal
    check: WithdrawalCheck | None
    receipt: WithdrawalReceipt | None

    @property
    def is_being_checked(self) -> bool:
        """Whether a receipt is on its way."""
        return self.check is not None and self.receipt is None


def proofs_of_item(session: WalledSession, item_id: int) -> list[WithdrawalProof]:
    """Each check of each withdrawal of an item, the newest first; one without a check by itself."""
    rows = session.execute(
        select(Withdrawal, WithdrawalCheck, WithdrawalReceipt)
        .outerjoin(
            WithdrawalCheck,
            (WithdrawalCheck.tenant_id == Withdrawal.tenant_id)
            & (WithdrawalCheck.withdrawal_id == Withdrawal.id),
        )
        .outerjoin(WithdrawalReceipt, _answers())
        .where(Withdrawal.item_id == item_id)
        .order_by(Withdrawal.id.desc(), WithdrawalCheck.id.desc())
    )
    return [WithdrawalProof(*row) for row in rows]


def proof_of_item(session: WalledSession, item_id: int) -> WithdrawalProof:
    """The last check of an item's last withdrawal; NotFound where it never was withdrawn."""
    found = proofs_of_item(session, item_id)
    if not found:
        raise NotFound("not_withdrawn", N_("这篇稿件没有撤过稿"))
    return found[0]


def open_checks(session: WalledSession, item_id: int) -> Sequence[WithdrawalCheck]:
    """Checks of an item for which there is no receipt yet, the oldest first."""
    return session.scalars(
        select(WithdrawalCheck)
        .where(WithdrawalCheck.item_id == item_id, ~_is_answered())
        .order_by(WithdrawalCheck.id)
    ).all()


def open_count(session: WalledSession, *, seconds: int) -> int:
    """How many checks of the last so many seconds have no receipt yet."""
    since = now() - timedelta(seconds=seconds)
    statement = select(func.count(WithdrawalCheck.id)).where(
        WithdrawalCheck.asked_at > since, ~_is_answered()
    )
    return session.scalar(statement) or 0


def overdue_checks(session: WalledSession, *, seconds: int) -> Sequence[tuple[int, int]]:
    """(tenant, item) of checks that should have a receipt by now. For platform sessions."""
    rows = session.execute(
        select(WithdrawalCheck.tenant_id, WithdrawalCheck.item_id)
        .where(WithdrawalCheck.asked_at < now() - timedelta(seconds=seconds), ~_is_answered())
        .distinct()
    )
    return [(row[0], row[1]) for row in rows]


def receipts_of_leftovers(
    session: WalledSession, *, limit: int
) -> Sequence[tuple[Item, WithdrawalReceipt]]:
    """What was found left of items and neither checked again nor issued since, the newest first."""
    later = aliased(WithdrawalCheck)
    newer = exists().where(
        later.tenant_id == WithdrawalReceipt.tenant_id,
        later.item_id == WithdrawalReceipt.item_id,
        later.id > WithdrawalReceipt.check_id,
    )
    rows = session.execute(
        select(Item, WithdrawalReceipt)
        .join(
            Item,
            (Item.tenant_id == WithdrawalReceipt.tenant_id)
            & (Item.id == WithdrawalReceipt.item_id),
        )
        .where(WithdrawalReceipt.state == LEFT, Item.live_edition_id.is_(None), ~newer)
        .order_by(WithdrawalReceipt.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def _answers() -> ColumnElement[bool]:
    return (WithdrawalReceipt.tenant_id == WithdrawalCheck.tenant_id) & (
        WithdrawalReceipt.check_id == WithdrawalCheck.id
    )


def _is_answered() -> ColumnElement[bool]:
    return exists().where(_answers())
