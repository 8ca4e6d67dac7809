"""Who carries what: at the origin and at the receiver, each in rows of its own.

No key crosses tenants: what one side knows of the other are plain facts.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord, tenant_reference

ASKED, WAITING, SHOWN = "asked", "waiting", "shown"
GONE, DECLINED = "gone", "declined"
"""What the origin knows of a copy: asked for, a draft there, public, withdrawn, not wanted."""

CARRIED, ENDED = "carried", "ended"
"""States of a copy where it is, beside `declined`: it follows its origin, or ended with it."""


class RepostTaker(TenantRecord):
    """At the origin: another tenant has a standing acceptance for a column here (None: for all)."""

    __tablename__ = "repost_taker"
    __table_args__ = (UniqueConstraint("tenant_id", "receiver_tenant_id", "acceptance_id"),)

    receiver_tenant_id: Mapped[int]
    acceptance_id: Mapped[int]
    column_id: Mapped[int | None]


class SentRepost(TenantRecord):
    """At the origin: an item is to be carried by another tenant, and what became of that.

    `host` and `path` are where readers find the copy, once it was public. Of the other tenant no
    more is known here. `sent_by` is None where a standing acceptance asked for it.
    """

    __tablename__ = "sent_repost"
    __table_args__ = (
        tenant_reference("item_id", "item"),
        UniqueConstraint("tenant_id", "item_id", "receiver_tenant_id"),
    )

    item_id: Mapped[int]
    receiver_tenant_id: Mapped[int]
    sent_by: Mapped[int | None]
    sent_name: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(default=ASKED)
    host: Mapped[str] = mapped_column(default="")
    path: Mapped[str] = mapped_column(default="")


class Repost(TenantRecord):
    """At the receiver: an item here is a copy of another tenant's.

    `origin_digest` is what was signed there of `origin_edition_id`, which `edition_id` here says.
    No item: the draft was given up.
    """

    __tablename__ = "repost"
    __table_args__ = (
        tenant_reference("item_id", "item"),
        UniqueConstraint("tenant_id", "origin_tenant_id", "origin_item_id"),
        Index("ix_repost_item", "tenant_id", "item_id"),
    )

    item_id: Mapped[int | None]
    edition_id: Mapped[int]
    origin_tenant_id: Mapped[int]
    origin_item_id: Mapped[int]
    origin_edition_id: Mapped[int]
    origin_digest: Mapped[str]
    origin_name: Mapped[str]
    state: Mapped[str] = mapped_column(default=CARRIED)
    taken_at: Mapped[datetime] = mapped_column(default=now)
