"""What the city puts over sites, as commands tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hosting.runtime.clock import local
from hosting.runtime.language import N_, text
from tenants.sites.models import GREYSCALE, OVER, PLANNED_NOTICE, STANDING, CityNotice

STATES: Mapping[str, str] = {
    PLANNED_NOTICE: N_("待开始"),
    STANDING: N_("进行中"),
    OVER: N_("已结束"),
}


def notice_facts(found: CityNotice) -> dict[str, Any]:
    """One as programs are told of it."""
    return {
        "id": str(found.id),
        "kind": found.kind,
        "state": found.state,
        "words": found.words,
        "for_all": found.is_for_all,
        "tenant_ids": [str(each) for each in found.tenant_ids],
        "begins_at": found.begins_at.isoformat(),
        "ends_at": found.ends_at.isoformat(),
        "begun_at": found.begun_at.isoformat() if found.begun_at else None,
        "ended_at": found.ended_at.isoformat() if found.ended_at else None,
        "reason": found.reason,
        "by": found.ordered_name,
        "end_reason": found.end_reason,
    }


def notice_text(found: CityNotice) -> str:
    """One as a line."""
    is_grey = found.kind == GREYSCALE
    title = text(N_("网页灰度显示")) if is_grey else str(found.words["title"])
    return text(
        N_("{id}  {state}  {title}  {since} 至 {until}"),
        id=found.id,
        state=text(STATES[found.state]),
        title=title,
        since=f"{local(found.begun_at or found.begins_at):%Y-%m-%d %H:%M}",
        until=f"{local(found.ended_at or found.ends_at):%Y-%m-%d %H:%M}",
    )
