"""The column tree as its keepers see it: with what is in each column and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hosting.runtime.clock import today
from hosting.runtime.session import WalledSession
from tenants.content.columns import column_editions, column_matter, proposal_of, standing
from tenants.content.models import Edition
from tenants.content.queries import edition
from tenants.review.models import ColumnTally
from tenants.review.slots import tallies
from tenants.sites.models import OPEN, Column
from tenants.sites.queries import column, columns_of, siblings_of
from tenants.sites.rules import ColumnProposal

# Columns that lead to a service of the platform and hold no items by design.
_HOLDS_NO_ITEMS = frozenset({"首页", "依申请公开", "咨询投诉", "征集调查", "在线访谈", "办事服务"})


@dataclass(frozen=True)
class ColumnState:
    """A column with its counters; `is_leaf` when no column lies below it.

    `open` is the edition on its way of what the column shall say.
    """

    column: Column
    tally: ColumnTally | None
    is_leaf: bool
    open: Edition | None = None

    @property
    def shown(self) -> int:
        """How many items readers find in it."""
        return self.tally.shown if self.tally else 0

    @property
    def latest(self) -> date | None:
        """The newest date in it."""
        return self.tally.latest if self.tally else None

    @property
    def is_empty(self) -> bool:
        """Whether readers find nothing where something should be (空白栏目)."""
        holds_items = self.column.column_type not in _HOLDS_NO_ITEMS
        return self.is_open and self.is_leaf and holds_items and self.shown == 0

    @property
    def is_open(self) -> bool:
        """Whether readers see it."""
        return self.column.state == OPEN

    def days_over(self, on: date) -> int:
        """By how many days it has missed its own update window; 0 when it has not."""
        if not self.column.update_days or self.latest is None:
            return 0
        due = self.latest + timedelta(days=self.column.update_days)
        return max(0, (on - due).days)


def column_states(session: WalledSession, site_id: int) -> list[ColumnState]:
    """All columns of a site as a tree read from the top: parents, then their children."""
    columns = columns_of(session, site_id)
    counted = tallies(session, [each.id for each in columns])
    editions = column_editions(session, site_id)
    parents = {each.parent_id for each in columns}
    return [
        ColumnState(each, counted.get(each.id), each.id not in parents, editions.get(each.id))
        for each in in_tree_order(columns)
    ]


def columns_below(session: WalledSession, site_id: int, parent: Column | None) -> list[Column]:
    """The columns of a site right below one, or at its top."""
    parent_id = parent.id if parent else None
    columns = columns_of(session, site_id)
    return [each for each in columns if each.parent_id == parent_id]


@dataclass(frozen=True)
class ColumnCopy:
    """What a keeper opens: a column, its edition on its way, and what that or else the row says.

    `digest` is that of the newest edition that counts, "" where nobody has written one.
    """

    column: Column
    open: Edition | None
    proposal: ColumnProposal
    digest: str
    siblings: Sequence[Column]

    @property
    def is_public(self) -> bool:
        """Whether readers see the column."""
        return self.column.state == OPEN


def column_copy(session: WalledSession, column_id: int) -> ColumnCopy:
    """A column to go on writing; NotFound for a missing one and a foreign one alike."""
    found = column(session, column_id)
    written = column_matter(session, column_id)
    draft_id, live_id = (
        (written.draft_edition_id, written.live_edition_id) if written else (None, None)
    )
    draft = edition(session, draft_id) if draft_id else None
    live = edition(session, live_id) if live_id else None
    newest = draft or live
    return ColumnCopy(
        found,
        draft,
        proposal_of(draft) if draft else standing(found),
        newest.digest if newest else "",
        [each for each in siblings_of(session, found) if each.id != column_id],
    )


def in_need(states: Sequence[ColumnState]) -> list[ColumnState]:
    """Those that are empty or have missed their window: the longest over first, empty ones last."""
    here = today()
    needy = [each for each in states if each.is_empty or each.days_over(here)]
    return sorted(needy, key=lambda each: -each.days_over(here))


def in_tree_order(columns: Sequence[Column]) -> list[Column]:
    """Columns of one site, each followed by those below it, each level in the editors' order."""
    below: dict[int | None, list[Column]] = {}
    for each in columns:
        below.setdefault(each.parent_id, []).append(each)
    ordered: list[Column] = []

    def walk(parent_id: int | None) -> None:
        for each in below.get(parent_id, ()):
            ordered.append(each)
            walk(each.id)

    walk(None)
    return ordered
