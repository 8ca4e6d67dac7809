"""What happens between a draft and the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class EditionSubmitted(Event):
    """A draft was handed in for the first review."""

    label: ClassVar[str] = N_("提交审核")
    item_id: int
    edition_id: int
    digest: str


@dataclass(frozen=True)
class EditionSigned(Event):
    """A reviewer approved or returned a stage."""

    label: ClassVar[str] = N_("审签")
    item_id: int
    edition_id: int
    stage: str
    decision: str
    digest: str


@dataclass(frozen=True)
class SecrecyReviewed(Event):
    """The secrecy review of an edition was recorded."""

    label: ClassVar[str] = N_("保密审查")
    item_id: int
    edition_id: int
    outcome: str
    digest: str


@dataclass(frozen=True)
class IssueScheduled(Event):
    """An edition is fully signed and waits for its time."""

    label: ClassVar[str] = N_("定时发布")
    item_id: int
    edition_id: int
    publish_at: str


@dataclass(frozen=True)
class ItemsIssued(Event):
    """Editions became public.

    `issues` are [item id, edition id, whether it replaced a live one]; `slots` [column id, slot
    number] of every list that gained or lost a line by it.
    """

    label: ClassVar[str] = N_("发布")
    ground: str
    year: int
    number: int
    issues: list[list[object]]
    slots: list[list[int]]


@dataclass(frozen=True)
class ItemWithdrawn(Event):
    """An item was taken from the public; `slots` [column id, slot number] of its lists.

    `due_at` is the time that its signed edition named, where it came down by itself.
    """

    label: ClassVar[str] = N_("撤稿")
    item_id: int
    edition_id: int
    reason: str
    slots: list[list[int]]
    due_at: str = ""


@dataclass(frozen=True)
class ItemExpired(Event):
    """The validity of a public edition has ended; the page stays and says so."""

    label: ClassVar[str] = N_("到期失效")
    item_id: int
    edition_id: int
    valid_until: str


@dataclass(frozen=True)
class DueRefused(Event):
    """What was due of an edition could not be done at its time; it is tried again."""

    label: ClassVar[str] = N_("到时未能办理")
    item_id: int
    edition_id: int
    act: str
    due_at: str
    why: str


@dataclass(frozen=True)
class ColumnRenumbered(Event):
    """All slots of a column were put in the order of their dates."""

    label: ClassVar[str] = N_("重排栏目列表")
    column_id: int
    slots: int


@dataclass(frozen=True)
class MigrationOrderProposed(Event):
    """A migration order waits for a second person."""

    label: ClassVar[str] = N_("提出迁移令")
    order_id: int
    lines: int
    digest: str


@dataclass(frozen=True)
class MigrationOrderIssued(Event):
    """A migration order was signed; its lines go public in turn."""

    label: ClassVar[str] = N_("签发迁移令")
    order_id: int
    lines: int
    digest: str


@dataclass(frozen=True)
class IssueRefused(Event):
    """An edition was not made public because what stands there is not what was signed."""

    label: ClassVar[str] = N_("发布被拒")
    item_id: int
    edition_id: int
    why: str


@dataclass(frozen=True)
class RepostAcceptanceProposed(Event):
    """A standing acceptance waits for a second person."""

    label: ClassVar[str] = N_("提出长期转载规则")
    acceptance_id: int
    origin_tenant_id: int
    digest: str


@dataclass(frozen=True)
class RepostAcceptanceIssued(Event):
    """A standing acceptance was signed: what the other tenant publishes there is carried here."""

    label: ClassVar[str] = N_("签发长期转载规则")
    acceptance_id: int
    origin_tenant_id: int
    digest: str


@dataclass(frozen=True)
class RepostAcceptanceEnded(Event):
    """A standing acceptance was ended, or refused before it was signed."""

    label: ClassVar[str] = N_("终止长期转载规则")
    acceptance_id: int
    origin_tenant_id: int
    reason: str
