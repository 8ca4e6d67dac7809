"""Versions of an item, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tenants.content.models import Edition
from tenants.workspace.changes import Change, Names, changes_between
from tenants.workspace.presenters.states import STATES, Badge
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.items import Versions


@dataclass(frozen=True)
class VersionLine:
    """One version in the list."""

    number: int
    title: str
    badge: Badge
    writer: str
    written_at: datetime
    digest: str
    is_before: bool
    is_after: bool


@dataclass(frozen=True)
class VersionsView:
    """The page of versions; without `before` there is nothing to compare with."""

    item_id: int
    title: str
    lines: Sequence[VersionLine]
    before: Edition | None
    after: Edition
    changes: Sequence[Change]


def versions_view(found: Versions, zone: ZoneInfo) -> VersionsView:
    """The page of versions in words."""
    before = found.before
    words = Names(names(found.columns), zone, found.originals)
    return VersionsView(
        item_id=found.item.id,
        title=found.editions[0].title,
        lines=[_line(each, found) for each in found.editions],
        before=before.edition if before else None,
        after=found.after.edition,
        changes=changes_between(before.facts, found.after.facts, words) if before else [],
    )


def _line(edition: Edition, found: Versions) -> VersionLine:
    return VersionLine(
        edition.number,
        edition.title,
        STATES[edition.state],
        found.writers.get(edition.written_by[-1], ""),
        edition.written_at,
        edition.digest,
        found.before is not None and found.before.edition.id == edition.id,
        found.after.edition.id == edition.id,
    )
