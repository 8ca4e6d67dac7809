"""The banner of a site in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hosting.console.language import say
from hosting.runtime.language import N_
from tenants.content.banners import words_of
from tenants.content.models import SUPERSEDED, Edition
from tenants.sites.banners import GREY, NOTICE, URGENT, WARNING, WEIGHTS
from tenants.workspace.presenters.states import STATES, Badge
from tenants.workspace.presenters.steps import register_number
from tenants.workspace.queries.banners import BannerState, Stood

LEVEL_BADGES: Mapping[str, Badge] = {
    NOTICE: Badge(WEIGHTS[NOTICE], "info", "info"),
    WARNING: Badge(WEIGHTS[WARNING], "warn", "warning"),
    URGENT: Badge(WEIGHTS[URGENT], "bad", "bell"),
    GREY: Badge(WEIGHTS[GREY], "neutral", "pause"),
}


@dataclass(frozen=True)
class BannerLine:
    """One edition: what it says, since when it stood and how it ended, or will."""

    edition_id: int
    level: Badge
    title: str
    text: str
    link: str
    begins: datetime | None
    ends: datetime | None
    who: str
    register_number: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class BannerView:
    """A banner, or days of mourning, on the page of both."""

    live: BannerLine | None
    open: BannerLine | None
    progress: Badge | None
    past: Sequence[BannerLine]


def banner_view(state: BannerState) -> BannerView:
    """What stands, what is on its way, what there was."""
    return BannerView(
        _stood(state.live) if state.live else None,
        _line(state.open) if state.open else None,
        STATES[state.open.state] if state.open else None,
        [_stood(each) for each in state.past],
    )


def _line(said: Edition, who: str = "") -> BannerLine:
    words = words_of(said)
    return BannerLine(
        said.id,
        LEVEL_BADGES[words.level],
        words.title,
        words.text,
        words.link,
        said.publish_at,
        said.withdraw_at,
        who,
    )


def _stood(each: Stood) -> BannerLine:
    line, ended = _line(each.edition, each.issue.issued_name), each.withdrawal
    return BannerLine(
        line.edition_id,
        line.level,
        line.title,
        line.text,
        line.link,
        each.issue.issued_at,
        ended.withdrawn_at if ended else line.ends,
        line.who,
        register_number(each.issue),
        _outcome(each),
    )


def _outcome(each: Stood) -> str:
    """How it ended, "" while it stands."""
    if each.withdrawal is None:
        return say(N_("已被新的取代")) if each.edition.state == SUPERSEDED else ""
    if each.withdrawal.due_at is not None:
        return say(N_("到时自动结束"))
    return say(N_("提前结束：{reason}"), reason=each.withdrawal.reason)
