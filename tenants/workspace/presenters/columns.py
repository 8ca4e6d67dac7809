"""The column tree as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hosting.runtime.clock import today
from hosting.runtime.language import N_
from tenants.content.models import DRAFT, FIRST_REVIEW, ISSUE, SECOND_REVIEW
from tenants.sites.models import MAXIMUM_DEPTH
from tenants.workspace.presenters.states import STATES, Badge
from tenants.workspace.queries.columns import ColumnState

_EMPTY = Badge(N_("空白"), "warn", "inbox")
_PLANNED = Badge(N_("未公开"), "neutral", "draft")
_FRESH = Badge(N_("更新正常"), "good", "done")
_CLOSING = {
    DRAFT: N_("拟关闭"),
    FIRST_REVIEW: N_("关闭待初审"),
    SECOND_REVIEW: N_("关闭待审核"),
    ISSUE: N_("关闭待审发"),
}


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
    may_grow: bool
    # Of what the column shall say: how far it has come, and the page of its review.
    progress: Badge | None
    edition_id: int | None


def column_lines(states: Sequence[ColumnState]) -> list[ColumnLine]:
    """The tree, line by line from the top."""
    return [_line(each) for each in states]


def _line(state: ColumnState) -> ColumnLine:
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
        column.depth < MAXIMUM_DEPTH,
        _progress(state),
        state.open.id if state.open else None,
    )


def _progress(state: ColumnState) -> Badge | None:
    """How far the edition on its way has come, and what it would do."""
    if state.open is None:
        return None
    stage = STATES[state.open.state]
    if state.open.column_facts and state.open.column_facts["closes"]:
        return Badge(_CLOSING[state.open.state], stage.tone, stage.icon)
    return stage


def _badge(state: ColumnState, days_over: int) -> Badge | None:
    if not state.is_open:
        return _PLANNED
    if state.is_empty:
        return _EMPTY
    if days_over:
        return Badge(N_("超期 {days} 天"), "bad", "clock")
    return _FRESH if state.column.update_days and state.latest else None
