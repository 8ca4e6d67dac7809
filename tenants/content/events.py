"""What happens to items before they are public."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.events import Event


@dataclass(frozen=True)
class ItemCreated(Event):
    """A draft was begun."""

    item_id: int
    edition_id: int
    digest: str


@dataclass(frozen=True)
class EditionSaved(Event):
    """A draft was saved; `sent_back` when that took it out of review."""

    item_id: int
    edition_id: int
    digest: str
    sent_back: bool = False


@dataclass(frozen=True)
class ItemsImported(Event):
    """A batch of items came in as drafts."""

    run: str
    created: int
    changed: int


@dataclass(frozen=True)
class RunDeleted(Event):
    """All items of a run that never were public were deleted."""

    run: str
    deleted: int


@dataclass(frozen=True)
class DraftDeleted(Event):
    """An item that never was public was deleted, or an open edition of one that is."""

    item_id: int
    edition_id: int
    digest: str
