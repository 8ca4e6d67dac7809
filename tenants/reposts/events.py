"""What happens between an origin and those who carry its items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class RepostSent(Event):
    """At the origin: a person asked that other tenants carry an item."""

    label: ClassVar[str] = N_("送其他单位转载")
    item_id: int
    receivers: list[int]


@dataclass(frozen=True)
class RepostTaken(Event):
    """At the receiver: an edition of a copy was made from what the origin has signed.

    `acceptance_id` is that under which it is public; None: it is a draft.
    """

    label: ClassVar[str] = N_("转入稿件")
    item_id: int
    edition_id: int
    origin_tenant_id: int
    origin_item_id: int
    origin_digest: str
    acceptance_id: int | None


@dataclass(frozen=True)
class RepostEnded(Event):
    """At the receiver: a copy came down, or its draft ended, because the origin was withdrawn."""

    label: ClassVar[str] = N_("来源撤稿，撤下转载")
    item_id: int
    origin_tenant_id: int
    origin_item_id: int
    reason: str
