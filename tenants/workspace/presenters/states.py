"""How the states of the work are said: by word, drawing and tone, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hosting.runtime.clock import now
from hosting.runtime.language import N_
from tenants.content.models import (
    DRAFT,
    FIRST_REVIEW,
    ISSUE,
    PUBLISHED,
    SCHEDULED,
    SECOND_REVIEW,
    SUPERSEDED,
    WITHDRAWN,
    Edition,
    Item,
)
from tenants.review.models import FINAL, FIRST, SECOND
from tenants.review.rules import Dossier, why_not_public


@dataclass(frozen=True)
class Badge:
    """A state in a word; `tone` and `icon` as the shell's badge takes them."""

    label: str
    tone: str
    icon: str


STATES: Mapping[str, Badge] = {
    DRAFT: Badge(N_("草稿"), "neutral", "draft"),
    FIRST_REVIEW: Badge(N_("待初审"), "info", "review"),
    SECOND_REVIEW: Badge(N_("待审核"), "info", "review"),
    ISSUE: Badge(N_("待审发"), "info", "stamp"),
    SCHEDULED: Badge(N_("定时发布"), "warn", "scheduled"),
    PUBLISHED: Badge(N_("已发布"), "good", "published"),
    SUPERSEDED: Badge(N_("旧版本"), "neutral", "superseded"),
    WITHDRAWN: Badge(N_("已撤稿"), "neutral", "withdraw"),
}

EXPIRED = Badge(N_("已失效"), "neutral", "archive")
"""Beside the state of what is public, when its validity has ended."""

_COMES_DOWN = Badge(N_("定时撤稿"), "warn", "withdraw")
_GIVEN_UP = Badge(N_("已作废"), "neutral", "archive")

STAGES: Mapping[str, str] = {FIRST: N_("初审"), SECOND: N_("审核"), FINAL: N_("审发")}
"""What each stage of review is called."""

# What `why_not_public` answers, as the fate of an edition that waits for its time.
_MISSING: Mapping[str, str] = {
    "unsigned_first": N_("尚未初审"),
    "unsigned_second": N_("尚未审核"),
    "unsigned_final": N_("尚未审发"),
    "one_person_two_stages": N_("两级审核为同一人签署"),
    "own_work": N_("撰稿人参与了审核"),
    "secrecy_review_missing": N_("尚未通过保密审查"),
}
# What else can stand in the way when the time has come.
_HINDRANCES: Mapping[str, str] = {
    "column_not_open": N_("所在栏目尚未公开或已关闭，公开后自动办理"),
    "altered": N_("内容与签署时不一致，请立即报告运维人员"),
}


def badges_of(item: Item, edition: Edition, *, is_expired: bool = False) -> list[Badge]:
    """The states of an item: that of its live edition, then that of the one on its way.

    Of a live edition that is shown also how it ends, or has ended (`is_expired`).
    """
    if item.draft_edition_id is None and item.published_at is None:
        return [_GIVEN_UP]
    if item.live_edition_id is None:
        return [STATES[WITHDRAWN if item.draft_edition_id is None else edition.state]]
    if item.draft_edition_id is not None:
        return [STATES[PUBLISHED], STATES[edition.state]]
    ended = [EXPIRED] if is_expired else []
    return [STATES[PUBLISHED], *ended, *([_COMES_DOWN] if edition.withdraw_at else [])]


def why_missing(dossier: Dossier) -> str | None:
    """What an edition still lacks before it may be public, as a sentence; None: nothing."""
    why = why_not_public(dossier)
    return None if why is None else _MISSING.get(why, _MISSING["unsigned_first"])


def hindrance_of(edition: Edition) -> str:
    """Why what was due of an edition could not be done, as a sentence; "" where nothing is known.

    It is tried again each minute.
    """
    if not edition.hindrance:
        return ""
    words = {**_HINDRANCES, **_MISSING}
    return words.get(edition.hindrance, N_("未能办理，系统会再次尝试；如持续未办，请联系运维人员"))


@dataclass(frozen=True)
class Fate:
    """What will really become of a schedule: a badge and, where it stands in the way, what."""

    badge: Badge
    why: str = ""


_WILL_GO = Badge(N_("届时自动发布"), "good", "scheduled")
_WILL_NOT = Badge(N_("审核未完成，届时不会发布"), "warn", "warning")
_OVERDUE = Badge(N_("到时未发布"), "bad", "warning")
_AT_ONCE = Badge(N_("审发后立即发布"), "warn", "stamp")


def fate_of(dossier: Dossier) -> Fate:
    """The true fate of an edition that names a time (approval and time are two gates)."""
    publish_at = dossier.edition.publish_at
    is_past = publish_at is not None and publish_at <= now()
    why = why_missing(dossier)
    if why is None and dossier.edition.state == SCHEDULED:
        return Fate(_OVERDUE, hindrance_of(dossier.edition)) if is_past else Fate(_WILL_GO)
    if is_past:
        return Fate(_AT_ONCE, why or "")
    return Fate(_WILL_NOT, why or _MISSING["unsigned_first"])


@dataclass(frozen=True)
class Wait:
    """How long something has waited; `is_long` from the third day on."""

    since: datetime
    days: int
    hours: int

    @property
    def is_long(self) -> bool:
        """Whether somebody should be asked why."""
        return self.days >= 3


def wait_since(since: datetime) -> Wait:
    """How long it is since then."""
    hours = int((now() - since).total_seconds() // 3600)
    return Wait(since, hours // 24, hours)
