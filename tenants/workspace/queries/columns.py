"""The column tree as its keepers see it: with what is in each column and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hosting.directory.queries import main_site
from hosting.runtime.clock import today
from hosting.runtime.session import WalledSession
from tenants.review.models import ColumnTally
from tenants.review.queries import tallies
from tenants.sites.models import Column
from tenants.sites.queries import columns_of

# Columns that lead to a service of the platform and hold no items by design.
_HOLDS_NO_ITEMS = frozenset({"首页", "依申请公开", "咨询投诉", "征集调查", "在线访谈", "办事服务"})


@dataclass(frozen=True)
class ColumnState:
    """A column with its counters; `is_leaf` when no column lies below it."""

    column: Column
    tally: ColumnTally | None
    is_leaf: bool

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
        return self.is_leaf and holds_items and self.shown == 0

    def days_over(self, on: date) -> int:
        """By how many days it has missed its own update window; 0 when it has not."""
        if not self.column.update_days or self.latest is None:
            return 0
        due = self.latest + timedelta(days=self.column.update_days)
        return max(0, (on - due).days)


def column_states(session: WalledSession) -> list[ColumnState]:
    """All columns of the main site as a tree read from the top: parents, then their children."""
    columns = columns_of(session, main_site(session).id)
    counted = tallies(session, [each.id for each in columns])
    parents = {each.parent_id for each in columns}
    return [
        ColumnState(each, counted.get(each.id), each.id not in parents)
        for each in in_tree_order(columns)
    ]


def top_columns(session: WalledSession) -> list[Column]:
    """The columns at the top of the main site."""
    columns = columns_of(session, main_site(session).id)
    return [each for each in columns if each.parent_id is None]


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
