"""The first page as its template shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hosting.runtime.clock import today
from hosting.runtime.language import N_
from hosting.security.actor import Actor
from tenants.workspace.presenters.matters import draft_of, page_of, place_of, title_of
from tenants.workspace.presenters.planned import PlannedLine, planned_lines
from tenants.workspace.presenters.reposts import CopyLine, copy_lines
from tenants.workspace.presenters.states import STAGES, Badge, Wait, wait_since
from tenants.workspace.presenters.steps import StepLine, step_line
from tenants.workspace.presenters.translations import STANDINGS
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.columns import ColumnState
from tenants.workspace.queries.desk import Desk, Queue
from tenants.workspace.queries.translations import Behind
from tenants.workspace.queries.waiting import Waiting


@dataclass(frozen=True)
class WaitingLine:
    """An edition that waits; `bar` says why this person cannot sign it, or nothing.

    `page` is where one sees how it stands, `draft` where its writer goes on.
    """

    edition_id: int
    page: str
    draft: str
    title: str
    column: str
    wait: Wait
    publish_at: datetime | None = None
    withdraw_at: datetime | None = None
    bar: str = ""


@dataclass(frozen=True)
class QueueView:
    """A stage's queue: its name, how many wait, the longest waiting."""

    stage: str
    label: str
    total: int
    lines: Sequence[WaitingLine]


@dataclass(frozen=True)
class RecentLine:
    """Something that happened lately, and to what."""

    page: str
    title: str
    step: StepLine


@dataclass(frozen=True)
class NeedyColumn:
    """A column that is empty or has missed its window by so many days."""

    column_id: int
    name: str
    latest: date | None
    days_over: int


@dataclass(frozen=True)
class BehindLine:
    """A translation to be looked at, and why."""

    item_id: int
    title: str
    column: str
    badge: Badge


@dataclass(frozen=True)
class DeskView:
    """All parts of the first page; empty ones are not shown."""

    site_name: str
    leftovers: Sequence[tuple[int, str, int, datetime]]
    returned: Sequence[tuple[WaitingLine, str, str]]
    queues: Sequence[QueueView]
    due: Sequence[tuple[int, str, datetime | None, str]]
    reposts: Sequence[CopyLine]
    drafts: Sequence[WaitingLine]
    behind: Sequence[BehindLine]
    planned: Sequence[PlannedLine]
    planned_count: int
    recent: Sequence[RecentLine]
    needy: Sequence[NeedyColumn]

    @property
    def waiting(self) -> int:
        """How many things wait for this person."""
        in_queues = sum(each.total for each in self.queues)
        here = (self.leftovers, self.returned, self.due, self.reposts, self.behind)
        return sum(len(each) for each in here) + in_queues


def desk_view(desk: Desk, actor: Actor) -> DeskView:
    """The desk in words."""
    columns = names(desk.columns)
    return DeskView(
        site_name=desk.site.name,
        leftovers=[
            (item.id, title_of(edition), receipt.leftovers, receipt.checked_at)
            for item, receipt, edition in desk.leftovers
        ],
        returned=[
            (
                WaitingLine(
                    each.edition.id,
                    page_of(each.matter, each.edition),
                    draft_of(each.matter),
                    title_of(each.edition),
                    place_of(each.edition, columns),
                    wait_since(each.signature.signed_at),
                ),
                each.signature.opinion,
                each.signature.signed_name,
            )
            for each in desk.returned
        ],
        queues=[_queue(each, columns, actor) for each in desk.queues],
        due=[
            (edition.id, title_of(edition), issue.review_due_at, issue.issued_name)
            for issue, edition in desk.due
        ],
        reposts=copy_lines(desk.reposts),
        drafts=[waiting_line(each, columns, actor) for each in desk.drafts],
        behind=[_behind(each, columns) for each in desk.behind],
        planned=planned_lines(desk.planned, desk.columns),
        planned_count=desk.planned_count,
        recent=[
            RecentLine(page_of(matter, edition), title_of(edition), step_line(step))
            for step, matter, edition in desk.recent
        ],
        needy=[_needy(each, columns) for each in desk.needy],
    )


def _behind(found: Behind, columns: dict[int, str]) -> BehindLine:
    return BehindLine(
        found.item.id,
        title_of(found.edition),
        place_of(found.edition, columns),
        STANDINGS[found.standing],
    )


def waiting_line(waiting: Waiting, columns: dict[int, str], actor: Actor) -> WaitingLine:
    """A line of something that waits."""
    edition = waiting.edition
    return WaitingLine(
        edition.id,
        page_of(waiting.matter, edition),
        draft_of(waiting.matter),
        title_of(edition),
        place_of(edition, columns),
        wait_since(waiting.since),
        edition.publish_at,
        edition.withdraw_at,
        _bar(waiting, actor),
    )


def _bar(waiting: Waiting, actor: Actor) -> str:
    if waiting.is_by(actor.account_id):
        return N_("本人撰写或修改过，须由他人审核")
    if waiting.is_signed_by(actor.account_id):
        return N_("您已签署前一级，须由他人审核")
    return ""


def _queue(queue: Queue, columns: dict[int, str], actor: Actor) -> QueueView:
    lines = [waiting_line(each, columns, actor) for each in queue.longest]
    return QueueView(queue.stage, STAGES[queue.stage], queue.total, lines)


def _needy(state: ColumnState, columns: dict[int, str]) -> NeedyColumn:
    column = state.column
    return NeedyColumn(column.id, columns[column.id], state.latest, state.days_over(today()))
