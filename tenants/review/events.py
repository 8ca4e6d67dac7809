"""What happens between a draft and the public."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.events import Event


@dataclass(frozen=True)
class EditionSubmitted(Event):
    """A draft was handed in for the first review."""

    item_id: int
    edition_id: int
    digest: str


@dataclass(frozen=True)
class EditionSigned(Event):
    """A reviewer approved or returned a stage."""

    item_id: int
    edition_id: int
    stage: str
    decision: str
    digest: str


@dataclass(frozen=True)
class SecrecyReviewed(Event):
    """The secrecy review of an edition was recorded."""

    item_id: int
    edition_id: int
    outcome: str
    digest: str


@dataclass(frozen=True)
class IssueScheduled(Event):
    """An edition is fully signed and waits for its time."""

    item_id: int
    edition_id: int
    publish_at: str


@dataclass(frozen=True)
class ItemsIssued(Event):
    """Editions became public.

    `issues` are [item id, edition id, whether it replaced a live one]; `slots` [column id, slot
    number] of every list that gained or lost a line by it.
    """

    ground: str
    year: int
    number: int
    issues: list[list[object]]
    slots: list[list[int]]


@dataclass(frozen=True)
class ItemWithdrawn(Event):
    """An item was taken from the public; `slots` [column id, slot number] of its lists."""

    item_id: int
    edition_id: int
    reason: str
    slots: list[list[int]]


@dataclass(frozen=True)
class ColumnRenumbered(Event):
    """All slots of a column were put in the order of their dates."""

    column_id: int
    slots: int


@dataclass(frozen=True)
class MigrationOrderProposed(Event):
    """A migration order waits for a second person."""

    order_id: int
    lines: int
    digest: str


@dataclass(frozen=True)
class MigrationOrderIssued(Event):
    """A migration order was signed; its lines go public in turn."""

    order_id: int
    lines: int
    digest: str


@dataclass(frozen=True)
class IssueRefused(Event):
    """An edition was not made public because what stands there is not what was signed."""

    item_id: int
    edition_id: int
    why: str
