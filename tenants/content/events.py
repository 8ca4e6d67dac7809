"""What happens to items before they are public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class ItemCreated(Event):
    """A draft was begun."""

    label: ClassVar[str] = N_("起草稿件")
    item_id: int
    edition_id: int
    digest: str


@dataclass(frozen=True)
class EditionSaved(Event):
    """A draft was saved; `sent_back` when that took it out of review."""

    label: ClassVar[str] = N_("保存稿件")
    item_id: int
    edition_id: int
    digest: str
    sent_back: bool = False


@dataclass(frozen=True)
class ItemsImported(Event):
    """A batch of items came in as drafts."""

    label: ClassVar[str] = N_("导入稿件")
    run: str
    created: int
    changed: int


@dataclass(frozen=True)
class RunDeleted(Event):
    """All items of a run that never were public were deleted."""

    label: ClassVar[str] = N_("删除一批导入稿件")
    run: str
    deleted: int


@dataclass(frozen=True)
class DraftDeleted(Event):
    """An item that never was public was deleted, or an open edition of one that is."""

    label: ClassVar[str] = N_("删除草稿")
    item_id: int
    edition_id: int
    digest: str
