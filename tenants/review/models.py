"""Every step of review is a row: who, when, which digest, decision, opinion.

"Public" is no flag: an edition is public because a row of issue exists, tied to what was signed.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord, tenant_reference

FIRST, SECOND, FINAL = "first", "second", "final"
STAGES = (FIRST, SECOND, FINAL)
"""初审, 审核, 审发."""

APPROVE, RETURN = "approve", "return"

BY_REVIEW, URGENT, BY_ORDER, BY_REPOST = "review", "urgent", "order", "repost"
"""On what ground something is public: three signatures, urgency, a migration order, or what another
tenant has signed, carried under a standing acceptance."""


class Submission(TenantRecord):
    """An edition was handed in for review: by whom, when, and what it said then."""

    __tablename__ = "submission"
    __table_args__ = (
        tenant_reference("edition_id", "edition"),
        tenant_reference("item_id", "item"),
        Index("ix_submission_edition", "tenant_id", "edition_id"),
        Index("ix_submission_item", "tenant_id", "item_id"),
    )

    item_id: Mapped[int]
    edition_id: Mapped[int]
    digest: Mapped[str]
    submitted_by: Mapped[int]
    submitted_name: Mapped[str]
    submitted_at: Mapped[datetime] = mapped_column(default=now)


class Signature(TenantRecord):
    """One reviewer's decision on one stage of one edition."""

    __tablename__ = "signature"
    __table_args__ = (
        tenant_reference("edition_id", "edition"),
        tenant_reference("item_id", "item"),
        Index("ix_signature_edition", "tenant_id", "edition_id"),
        Index("ix_signature_item", "tenant_id", "item_id"),
    )

    item_id: Mapped[int]
    edition_id: Mapped[int]
    stage: Mapped[str]
    decision: Mapped[str]
    digest: Mapped[str]
    opinion: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[int]
    signed_name: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(default=now)


class SecrecyReview(TenantRecord):
    """The signed record of the secrecy review (保密审查) of one edition."""

    __tablename__ = "secrecy_review"
    __table_args__ = (
        tenant_reference("edition_id", "edition"),
        Index("ix_secrecy_review_edition", "tenant_id", "edition_id"),
    )

    item_id: Mapped[int]
    edition_id: Mapped[int]
    digest: Mapped[str]
    # cleared: may be public; refused: must not.
    outcome: Mapped[str]
    basis: Mapped[str]
    opinion: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[int]
    signed_name: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(default=now)


class Register(TenantRecord):
    """The register (登记备案) of a tenant and year: how many numbers were given out."""

    __tablename__ = "register"
    __table_args__ = (UniqueConstraint("tenant_id", "year"),)

    year: Mapped[int]
    last_number: Mapped[int] = mapped_column(default=0)


class Issue(TenantRecord):
    """The fact that an edition was made public: its digest, its ground, its place in the register.

    `number` has no gaps in a tenant and year; the items of a migration order share its number and
    bear serials.
    """

    __tablename__ = "issue"
    __table_args__ = (
        tenant_reference("item_id", "item"),
        tenant_reference("edition_id", "edition"),
        tenant_reference("order_id", "migration_order"),
        tenant_reference("acceptance_id", "repost_acceptance"),
        UniqueConstraint("tenant_id", "edition_id"),
        UniqueConstraint("tenant_id", "year", "number", "serial"),
        Index("ix_issue_item", "tenant_id", "item_id"),
    )

    item_id: Mapped[int]
    edition_id: Mapped[int]
    digest: Mapped[str]
    ground: Mapped[str] = mapped_column(default=BY_REVIEW)
    order_id: Mapped[int | None]
    # Of a repost: the standing acceptance, and the digest that was signed at the origin.
    acceptance_id: Mapped[int | None]
    origin_digest: Mapped[str | None]
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[int] = mapped_column(default=0)
    issued_by: Mapped[int]
    issued_name: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(default=now)
    # Of an urgent issue: why, and until when the missing reviews are due.
    reason: Mapped[str] = mapped_column(default="")
    review_due_at: Mapped[datetime | None]


class Withdrawal(TenantRecord):
    """The fact that an item was taken from the public: by whom and why.

    With `due_at` it came down by itself at the time that its edition named, on the word of whoever
    had issued that edition; no other reason is given then.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        tenant_reference("item_id", "item"),
        tenant_reference("edition_id", "edition"),
        Index("ix_withdrawal_item", "tenant_id", "item_id"),
    )

    item_id: Mapped[int]
    edition_id: Mapped[int]
    reason: Mapped[str]
    due_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int]
    withdrawn_name: Mapped[str]
    withdrawn_at: Mapped[datetime] = mapped_column(default=now)


class Expiry(TenantRecord):
    """The fact that an edition's validity has ended (失效), on the word of whoever issued it."""

    __tablename__ = "expiry"
    __table_args__ = (
        tenant_reference("item_id", "item"),
        tenant_reference("edition_id", "edition"),
        UniqueConstraint("tenant_id", "edition_id"),
        Index("ix_expiry_item", "tenant_id", "item_id"),
    )

    item_id: Mapped[int]
    edition_id: Mapped[int]
    # The last day on which it was in force.
    valid_until: Mapped[date]
    signed_by: Mapped[int]
    signed_name: Mapped[str]
    expired_at: Mapped[datetime] = mapped_column(default=now)


class Slot(TenantRecord):
    """An item's permanent place in a column's list, so that other pages never shift.

    Numbers of a column count from 1 in the order of issue; a withdrawn slot stays empty.
    """

    __tablename__ = "slot"
    __table_args__ = (
        tenant_reference("column_id", "column_node"),
        tenant_reference("item_id", "item"),
        UniqueConstraint("tenant_id", "column_id", "number"),
        UniqueConstraint("tenant_id", "column_id", "item_id"),
        Index("ix_slot_item", "tenant_id", "item_id"),
    )

    column_id: Mapped[int]
    number: Mapped[int]
    item_id: Mapped[int]
    # The item's date as lists show it.
    date: Mapped[date]
    is_shown: Mapped[bool] = mapped_column(default=True)


class ColumnTally(TenantRecord):
    """Counters of a column (its id is the column's): slots given out, slots shown."""

    __tablename__ = "column_tally"

    slots: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)
    latest: Mapped[date | None]


LISTING, PROPOSED, ISSUED, DONE = "listing", "proposed", "issued", "done"
"""States of a migration order."""


class MigrationOrder(TenantRecord):
    """The signed order under which what was public before it came here is made public.

    listing -> proposed -> issued -> done. `digest` covers every line, so nothing can be slipped in.
    While it is being listed its lines come in, part by part, and nobody can issue it.
    """

    __tablename__ = "migration_order"

    run: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=LISTING)
    digest: Mapped[str]
    lines: Mapped[int]
    proposed_by: Mapped[int]
    proposed_name: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    issued_by: Mapped[int | None]
    issued_name: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None]
    year: Mapped[int | None]
    number: Mapped[int | None]
    # The serial up to which it has been carried out.
    carried_out: Mapped[int] = mapped_column(default=0)


class MigrationOrderLine(TenantRecord):
    """One item of a migration order, by its serial (from 1)."""

    __tablename__ = "migration_order_line"
    __table_args__ = (
        tenant_reference("order_id", "migration_order"),
        tenant_reference("item_id", "item"),
        tenant_reference("edition_id", "edition"),
        UniqueConstraint("tenant_id", "order_id", "serial"),
    )

    order_id: Mapped[int]
    serial: Mapped[int]
    item_id: Mapped[int]
    edition_id: Mapped[int]
    digest: Mapped[str]
    origin: Mapped[str]
    original_date: Mapped[date]


ENDED = "ended"
"""State of a standing acceptance beside `proposed` and `issued`."""


class RepostAcceptance(TenantRecord):
    """A standing acceptance (长期转载规则): what another tenant publishes goes into a column here.

    proposed -> issued -> ended, or ended before it was issued. The origin's column (None: any of
    them) covers what is below it; both are plain facts, with the names they had when proposed.
    """

    __tablename__ = "repost_acceptance"
    __table_args__ = (
        tenant_reference("column_id", "column_node"),
        Index("ix_repost_acceptance_origin", "tenant_id", "origin_tenant_id"),
    )

    origin_tenant_id: Mapped[int]
    origin_column_id: Mapped[int | None]
    origin_name: Mapped[str]
    origin_column_name: Mapped[str] = mapped_column(default="")
    column_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=PROPOSED)
    digest: Mapped[str]
    proposed_by: Mapped[int]
    proposed_name: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    issued_by: Mapped[int | None]
    issued_name: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None]
    ended_name: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")
