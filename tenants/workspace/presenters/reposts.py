"""Reposts as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings
from tenants.content.models import Edition, Item
from tenants.reposts.models import ASKED, CARRIED, DECLINED, GONE, SHOWN, WAITING, Repost
from tenants.reposts.models import ENDED as ENDED_WITH_ORIGIN
from tenants.reposts.presenters import ACCEPTANCE_STATES, STATES
from tenants.review.models import ENDED, ISSUED, PROPOSED, RepostAcceptance
from tenants.workspace.presenters.states import Badge, badges_of
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.items import ItemReposts
from tenants.workspace.queries.reposts import RepostsState, SentState

_TONES: Mapping[str, tuple[str, str]] = {
    ASKED: ("neutral", "waiting"),
    WAITING: ("info", "waiting"),
    SHOWN: ("good", "published"),
    GONE: ("neutral", "withdraw"),
    DECLINED: ("warn", "return"),
}
_ACCEPTANCE_TONES: Mapping[str, tuple[str, str]] = {
    PROPOSED: ("info", "waiting"),
    ISSUED: ("good", "stamp"),
    ENDED: ("neutral", "superseded"),
}
_WITH_ORIGIN = N_("来源单位已撤稿，本单位的转载已一并撤下。")
_NEWER = N_("来源单位已更新内容：新版是草稿，请核对后提交审核。")
_NEW = N_("其他单位送来转载，请核对栏目和内容后提交审核；不采用的，删除草稿即可。")


@dataclass(frozen=True)
class AcceptanceLine:
    """An acceptance with who and when."""

    id: int
    badge: Badge
    origin: str
    origin_column: str
    column: str
    proposed_name: str
    proposed_at: datetime
    issued_name: str
    issued_at: datetime | None
    ended_name: str
    ended_at: datetime | None
    end_reason: str
    is_proposed: bool
    is_over: bool


@dataclass(frozen=True)
class CopyLine:
    """A copy here: from whom, since when, how it stands."""

    item_id: int
    title: str
    origin: str
    badges: Sequence[Badge]
    taken_at: datetime
    note: str


@dataclass(frozen=True)
class SentLine:
    """One tenant that carries an item."""

    name: str
    badge: Badge
    url: str
    by: str
    sent_at: datetime


@dataclass(frozen=True)
class RepostNote:
    """What an item's page says: of the original, and of those who carry it."""

    origin: str
    note: str
    sent: int
    shown: int


def acceptance_line(shown: RepostAcceptance, ways: Mapping[int, str]) -> AcceptanceLine:
    """An acceptance in words."""
    return AcceptanceLine(
        id=shown.id,
        badge=Badge(ACCEPTANCE_STATES[shown.state], *_ACCEPTANCE_TONES[shown.state]),
        origin=shown.origin_name,
        origin_column=shown.origin_column_name,
        column=ways.get(shown.column_id, ""),
        proposed_name=shown.proposed_name,
        proposed_at=shown.proposed_at,
        issued_name=shown.issued_name,
        issued_at=shown.issued_at,
        ended_name=shown.ended_name,
        ended_at=shown.ended_at,
        end_reason=shown.end_reason,
        is_proposed=shown.state == PROPOSED,
        is_over=shown.state == ENDED,
    )


def acceptance_lines(state: RepostsState) -> list[AcceptanceLine]:
    """All acceptances in words."""
    ways = names(state.columns)
    return [acceptance_line(each, ways) for each in state.acceptances]


def copy_lines(rows: Sequence[tuple[Repost, Item, Edition]]) -> list[CopyLine]:
    """Copies in words."""
    return [
        CopyLine(
            item_id=item.id,
            title=newest.title,
            origin=copy.origin_name,
            badges=badges_of(item, newest, is_expired=False),
            taken_at=copy.taken_at,
            note=note_of(copy, item, newest),
        )
        for copy, item, newest in rows
    ]


def note_of(copy: Repost, item: Item, newest: Edition) -> str:
    """What is to be done about a copy, as a msgid; empty where nothing is."""
    if copy.state == ENDED_WITH_ORIGIN:
        return _WITH_ORIGIN
    if copy.state != CARRIED or item.draft_edition_id != copy.edition_id:
        return ""
    return _NEWER if newest.number > 1 else _NEW


def repost_note(reposts: ItemReposts, item: Item, newest: Edition) -> RepostNote | None:
    """What an item's page says of reposts; None where there is nothing to say."""
    copy, counts = reposts.copy, reposts.counts
    if copy is None and not counts:
        return None
    return RepostNote(
        origin=copy.origin_name if copy else "",
        note=note_of(copy, item, newest) if copy else "",
        sent=sum(counts.values()),
        shown=counts.get(SHOWN, 0),
    )


def sent_lines(state: SentState, settings: Settings) -> list[SentLine]:
    """Who carries an item."""
    return [
        SentLine(
            name=tenant.name,
            badge=Badge(STATES[row.state], *_TONES[row.state]),
            url=settings.address(row.host, row.path) if row.state == SHOWN else "",
            by=row.sent_name or say(N_("按对方的长期转载规则")),
            sent_at=row.sent_at,
        )
        for row, tenant in state.rows
    ]


def sent_summary(state: SentState) -> list[tuple[Badge, int]]:
    """How many copies there are of each state."""
    return [
        (Badge(STATES[each], *_TONES[each]), state.counts[each])
        for each in _TONES
        if each in state.counts
    ]
