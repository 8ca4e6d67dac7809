"""What an edition of a banner says, and what would differ from what readers see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from hosting.console.language import say
from hosting.runtime.clock import local
from hosting.runtime.language import N_
from tenants.content.banners import BannerFacts
from tenants.sites.banners import WEIGHTS
from tenants.workspace.changes import Change

BANNER_FIELDS: Mapping[str, str] = {
    "level": N_("级别"),
    "title": N_("标题"),
    "text": N_("内容"),
    "link": N_("链接"),
    "publish_at": N_("生效时间"),
    "withdraw_at": N_("结束时间"),
}
"""Labels of what is signed of a banner, in the order in which people read them."""


def banner_facts(said: BannerFacts, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Label and value of all that an edition says."""
    values = _values(said, zone)
    return [(label, values[field]) for field, label in BANNER_FIELDS.items() if values[field]]


def banner_changes(before: BannerFacts, after: BannerFacts, zone: ZoneInfo) -> list[Change]:
    """What would differ, in the order of BANNER_FIELDS; [] when nothing does."""
    old, new = _values(before, zone), _values(after, zone)
    return [
        Change(label, old[field], new[field])
        for field, label in BANNER_FIELDS.items()
        if old[field] != new[field]
    ]


def _values(said: BannerFacts, zone: ZoneInfo) -> dict[str, str]:
    words = said.words
    return {
        "level": say(WEIGHTS[words.level]),
        "title": words.title,
        "text": words.text,
        "link": words.link,
        "publish_at": _at(said.publish_at, zone) or say(N_("审发后立即生效")),
        "withdraw_at": _at(said.withdraw_at, zone),
    }


def _at(instant: datetime | None, zone: ZoneInfo) -> str:
    return local(instant, zone).strftime("%Y-%m-%d %H:%M") if instant else ""
