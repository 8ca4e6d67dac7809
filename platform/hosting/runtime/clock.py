"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime, zone: ZoneInfo = SHANGHAI) -> datetime:
    """The instant as people here read it."""
    return instant.astimezone(zone)


def today(zone: ZoneInfo = SHANGHAI) -> date:
    """The calendar day here."""
    return now().astimezone(zone).date()
