"""Days and times as readers of a language write them; labels and attributes keep the digits."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date

from hosting.runtime.language import SOURCE_LOCALE


def day(locale: str, written: str) -> str:
    """Digits ("2026-03-05 09:20") as a language writes them ("5 March 2026, 09:20").

    Chinese pages keep the digits. What has a day and no hour ("00:00") is named by its day.

    What is no day stays as it is.
    """
    if locale == SOURCE_LOCALE or not written:
        return written
    digits, _, time = written.partition(" ")
    named = _named(locale, digits)
    return f"{named}, {time}" if time not in {"", "00:00"} else named


@lru_cache(maxsize=4096)
def _named(locale: str, digits: str) -> str:
    try:
        return str(format_date(date.fromisoformat(digits), "d MMMM y", locale=locale))
    except ValueError:
        return digits
