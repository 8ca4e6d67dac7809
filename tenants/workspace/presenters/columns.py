"""The column tree as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hosting.runtime.clock import today
from hosting.runtime.language import N_
from tenants.sites.models import MAXIMUM_DEPTH
from tenants.workspace.presenters.states import Badge
from tenants.workspace.queries.columns import ColumnState

_EMPTY = Badge(N_("空白"), "warn", "inbox")
_FRESH = Badge(N_("更新正常"), "good", "done")


@dataclass(frozen=True)
class ColumnLine:
    """A line of the tree; `shown` and `badge` are None where nothing is expected of the column."""

    column_id: int
    name: str
    path: str
    depth: int
    is_subsite: bool
    column_type: str
    shown: int | None
    latest: date | None
    badge: Badge | None
    days_over: int
    is_first: bool
    is_last: bool
    may_grow: bool


def column_lines(states: Sequence[ColumnState]) -> list[ColumnLine]:
    """The tree, line by line from the top."""
    siblings: dict[int | None, list[int]] = {}
    for each in states:
        siblings.setdefault(each.column.parent_id, []).append(each.column.id)
    return [_line(each, siblings[each.column.parent_id]) for each in states]


def _line(state: ColumnState, siblings: Sequence[int]) -> ColumnLine:
    column, over = state.column, state.days_over(today())
    return ColumnLine(
        column.id,
        column.name,
        column.path,
        column.depth,
        column.is_subsite,
        column.column_type,
        state.shown if state.shown or state.is_leaf else None,
        state.latest,
        _badge(state, over),
        over,
        siblings[0] == column.id,
        siblings[-1] == column.id,
        column.depth < MAXIMUM_DEPTH,
    )


def _badge(state: ColumnState, days_over: int) -> Badge | None:
    if state.is_empty:
        return _EMPTY
    if days_over:
        return Badge(N_("超期 {days} 天"), "bad", "clock")
    return _FRESH if state.column.update_days and state.latest else None
