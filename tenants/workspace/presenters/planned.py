"""What will happen of itself, in words: as lines of a list, and of one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hosting.runtime.clock import now
from hosting.runtime.language import N_
from tenants.content.models import Edition
from tenants.review.due import EXPIRE, ISSUE, WITHDRAW
from tenants.sites.models import Column
from tenants.workspace.presenters.matters import page_of, place_of, title_of
from tenants.workspace.presenters.states import Badge, Fate, fate_of, hindrance_of
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.planned import Planned

# Of each act, how it stands before its time and when that has passed.
_ENDS: Mapping[str, tuple[Badge, Badge]] = {
    WITHDRAW: (
        Badge(N_("届时自动撤下"), "warn", "withdraw"),
        Badge(N_("到时未撤下"), "bad", "warning"),
    ),
    EXPIRE: (
        Badge(N_("届时标明失效"), "info", "archive"),
        Badge(N_("到时未标明失效"), "bad", "warning"),
    ),
}


@dataclass(frozen=True)
class PlannedLine:
    """Something that has a time: what will really become of it, and what stands in the way."""

    page: str
    title: str
    column: str
    at: datetime
    fate: Fate


def planned_lines(found: Sequence[Planned], columns: Mapping[int, Column]) -> list[PlannedLine]:
    """What is planned, in words, in the same order."""
    ways = names(columns)
    return [
        PlannedLine(
            page_of(each.matter, each.edition),
            title_of(each.edition),
            place_of(each.edition, ways),
            each.due.at,
            _fate(each),
        )
        for each in found
    ]


def _fate(each: Planned) -> Fate:
    if each.due.act == ISSUE:
        return fate_of(each.signed)
    ahead, overdue = _ENDS[each.due.act]
    is_past = each.due.at <= now()
    return Fate(overdue, hindrance_of(each.edition)) if is_past else Fate(ahead)


@dataclass(frozen=True)
class End:
    """When something comes down or ends: `words` have a place for `at`, an instant or a day."""

    words: str
    tone: str
    at: datetime | date
    text: str = ""


_CHANGE = N_("如需提前，请直接撤稿；如需改期，请修改后重新送审。")
_STAYS = N_("期满后网页和列表标明“已失效”，内容继续公开。")


def ends_of(said: Edition, *, is_live: bool, is_expired: bool = False) -> list[End]:
    """How an edition that is public ends, or would end that is on its way; [] for one for good."""
    ends: list[End] = []
    if said.withdraw_at is not None:
        ends.append(_down(said, said.withdraw_at, is_live=is_live))
    if said.valid_until is not None and is_expired:
        ends.append(End(N_("有效期至 {at}，已失效"), "neutral", said.valid_until))
    elif said.valid_until is not None:
        ends.append(End(N_("有效期至 {at}"), "info", said.valid_until, _STAYS))
    return ends


def _down(said: Edition, at: datetime, *, is_live: bool) -> End:
    is_past = at <= now()
    if is_live and is_past:
        return End(N_("应于 {at} 撤下，尚未办理"), "bad", at, hindrance_of(said))
    if is_live:
        return End(N_("将于 {at} 自动撤下"), "warn", at, _CHANGE)
    if is_past and said.state != "scheduled":
        return End(N_("定于 {at} 撤下"), "bad", at, N_("时间已过，不能审发，请退回修改"))
    return End(N_("定于 {at} 撤下"), "warn", at, N_("到时自动撤下，不再审签。"))
