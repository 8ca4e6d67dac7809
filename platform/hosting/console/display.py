"""How instants, days, sizes and numbers are written on pages."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from hosting.console.language import say
from hosting.runtime.clock import local, now
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

_UNITS = ("kB", "MB", "GB", "TB")
_STEP = 1_024


def init_display(app: Flask, settings: Settings) -> None:
    """Give templates the filters `moment`, `day`, `since`, `file_size` and `count`."""
    zone = settings.zone
    app.jinja_env.filters.update(
        moment=lambda instant: moment(instant, zone),
        day=day,
        since=lambda instant: since(instant, zone),
        file_size=file_size,
        count=count,
    )


def moment(instant: datetime | None, zone: ZoneInfo) -> Markup:
    """The instant as `YYYY-MM-DD HH:MM` here (the form the national page rules ask for)."""
    if instant is None:
        return _nothing()
    here = local(instant, zone)
    return _time(here.isoformat(timespec="seconds"), f"{here:%Y-%m-%d %H:%M}")


def day(value: date | None) -> Markup:
    """A calendar day as `YYYY-MM-DD`."""
    return _nothing() if value is None else _time(value.isoformat(), value.isoformat())


def since(instant: datetime | None, zone: ZoneInfo) -> Markup:
    """How long ago, for what is fresh; the full moment stands in the tooltip."""
    if instant is None:
        return _nothing()
    here = local(instant, zone)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(  # parts are escaped
        here.isoformat(timespec="seconds"), f"{here:%Y-%m-%d %H:%M}", _ago(instant, here)
    )


def _ago(instant: datetime, here: datetime) -> str:
    seconds = int((now() - instant).total_seconds())
    if seconds < 0 or seconds >= 86_400:
        return f"{here:%Y-%m-%d %H:%M}"
    if seconds < 60:
        return say(N_("刚刚"))
    if seconds < 3_600:
        return say(N_("{count} 分钟前"), count=seconds // 60)
    return say(N_("{count} 小时前"), count=seconds // 3_600)


def file_size(size_bytes: int) -> str:
    """A size with one decimal from a kilobyte on: `812 B`, `1.4 MB`."""
    if size_bytes < _STEP:
        return f"{size_bytes} B"
    power = min((size_bytes.bit_length() - 1) // 10, len(_UNITS))
    return f"{size_bytes / _STEP**power:.1f} {_UNITS[power - 1]}"


def count(number: int) -> str:
    """A number with its thousands apart: `12,408`."""
    return f"{number:,}"


def _time(machine: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, shown)  # parts are escaped


def _nothing() -> Markup:
    return Markup('<span class="nothing">—</span>')  # a constant
