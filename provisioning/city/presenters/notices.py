"""What the city puts over sites, as its pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hosting.console.language import say
from hosting.runtime.language import N_
from provisioning.city.presenters.badges import Badge
from provisioning.notices.presenters import STATES as WORDS
from tenants.sites.banners import LEVELS, NOTICE, URGENT, WARNING, BannerWords
from tenants.sites.models import GREYSCALE, OVER, PLANNED_NOTICE, STANDING, CityNotice

STATES: Mapping[str, Badge] = {
    PLANNED_NOTICE: Badge(WORDS[PLANNED_NOTICE], "info", "scheduled"),
    STANDING: Badge(WORDS[STANDING], "good", "running"),
    OVER: Badge(WORDS[OVER], "neutral", "archive"),
}
LEVEL_BADGES: Mapping[str, Badge] = {
    NOTICE: Badge(LEVELS[NOTICE], "info", "info"),
    WARNING: Badge(LEVELS[WARNING], "warn", "warning"),
    URGENT: Badge(LEVELS[URGENT], "bad", "bell"),
}
_GREY = Badge(N_("灰度"), "neutral", "pause")


@dataclass(frozen=True)
class NoticeLine:
    """One of them: what it is, over whom, since when and until when, and why."""

    id: int
    badge: Badge
    title: str
    text: str
    state: Badge
    is_over: bool
    scope: str
    begins: datetime
    ends: datetime
    who: str
    reason: str
    outcome: str


def notice_lines(found: Iterable[CityNotice], names: Mapping[int, str]) -> list[NoticeLine]:
    """In words; `names` are tenants by id."""
    return [notice_line(each, names) for each in found]


def notice_line(found: CityNotice, names: Mapping[int, str]) -> NoticeLine:
    """One in words."""
    is_grey = found.kind == GREYSCALE
    words = BannerWords("") if is_grey else BannerWords(**found.words)
    return NoticeLine(
        found.id,
        _GREY if is_grey else LEVEL_BADGES[words.level],
        say(N_("网页灰度显示")) if is_grey else words.title,
        words.text,
        STATES[found.state],
        found.state == OVER,
        _scope(found, names),
        found.begun_at or found.begins_at,
        found.ended_at or found.ends_at,
        found.ordered_name,
        found.reason,
        _outcome(found),
    )


def _scope(found: CityNotice, names: Mapping[int, str]) -> str:
    if found.is_for_all:
        return say(N_("全部网站"))
    return say(N_("、")).join(names.get(each, "—") for each in found.tenant_ids)


def _outcome(found: CityNotice) -> str:
    """How it ended, "" before that."""
    if found.state != OVER:
        return ""
    if not found.end_reason:
        return say(N_("到时自动结束")) if found.begun_at else say(N_("未曾开始"))
    words = N_("{who} 提前结束：{reason}") if found.begun_at else N_("{who} 取消：{reason}")
    return say(words, who=found.ended_name, reason=found.end_reason)
