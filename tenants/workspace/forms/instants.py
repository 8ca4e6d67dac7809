"""Instants in forms: typed and shown by the clock here, kept in UTC."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

INSTANT_FORMS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""How an instant may be typed; browsers send the first."""


def instant(typed_here: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant that somebody typed."""
    return typed_here.replace(tzinfo=zone) if typed_here else None


def typed(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """What somebody here would type for an instant."""
    return at.astimezone(zone).replace(tzinfo=None) if at else None
