"""Searching the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional

from hosting.console.forms import FilterForm
from hosting.directory.models import Tenant
from hosting.runtime.events import Event
from hosting.runtime.language import N_
from hosting.security.audit_queries import DONE, REFUSED, AuditFilter
from provisioning.city.forms.accounts import place_id, places


class AuditFilterForm(FilterForm):
    """Rows of the trail by words, place, action, result and day."""

    words = StringField(N_("搜索姓名，或完整的对象编号、网络地址"))
    place = SelectField(N_("单位"))
    action = SelectField(N_("事项"))
    result = SelectField(N_("结果"))
    since = DateField(N_("自"), [Optional()])
    until = DateField(N_("至"), [Optional()])

    def __init__(self, tenants: Sequence[Tenant], **facts: Any) -> None:
        super().__init__(**facts)
        self.place.choices = {"": N_("全部单位")} | places(tenants)
        self.action.choices = {"": N_("全部事项")} | actions()
        self.result.choices = {"": N_("全部结果"), DONE: N_("成功"), REFUSED: N_("未成功")}

    def narrowed(self, zone: ZoneInfo) -> AuditFilter:
        """What is asked for; both days count whole."""
        wanted = self.values()
        place, since, until = (wanted.get(name) for name in ("place", "since", "until"))
        return AuditFilter(
            words=wanted.get("words", ""),
            tenant_id=place_id(place) if place else None,
            action=wanted.get("action", ""),
            result=wanted.get("result", ""),
            since=datetime.combine(since, time(), zone) if since else None,
            until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        )


def actions() -> dict[str, str]:
    """Name -> label of everything that can stand in the trail."""
    known = ((name, kind.label) for name, kind in Event.registry.items() if kind.label)
    return dict(sorted(known, key=lambda each: each[1]))
