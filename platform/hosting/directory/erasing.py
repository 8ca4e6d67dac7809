"""What the ground floor has of a tenant: work that was promised, hosts, sites, cached values."""

from __future__ import annotations

from hosting.directory.models import Domain, Site
from hosting.runtime.erasing import Erasing, ThingErasure, rows_of
from hosting.runtime.events import OutboxEvent
from hosting.runtime.jobs import Job, TenantTurn
from hosting.runtime.language import N_
from hosting.runtime.worker import TimetableEntry


def remove_cached(erasing: Erasing, _most: int) -> int:
    """Its values in the cache. Lookups of hosts go with their links."""
    return erasing.runtime.cache.forget_tenant(erasing.tenant_id)


ERASES = (
    rows_of(N_("任务和事件"), Job, OutboxEvent, TenantTurn),
    rows_of(N_("域名"), Domain),
    rows_of(N_("网站"), Site),
    ThingErasure(N_("缓存"), remove_cached),
)

KEEPS: dict[type, str] = {TimetableEntry: "only the platform's own jobs have a timetable"}
