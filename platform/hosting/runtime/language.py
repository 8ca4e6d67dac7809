"""Marking and translating what people read, without a web request.

The source language is Chinese: a msgid is the sentence itself. English stands in the catalogues
`<package>/translations/en/LC_MESSAGES/messages.mo` that each area names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

SOURCE_LOCALE = "zh_Hans_CN"


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the platform speaks, named in itself; `short` is for narrow windows.

    `tag` is its name in HTML, feeds and structured data (BCP 47), `open_graph` in Open Graph.
    """

    locale: str
    name: str
    short: str
    tag: str
    open_graph: str


LANGUAGES = (
    Language(SOURCE_LOCALE, "中文", "中", "zh-CN", "zh_CN"),
    Language("en", "English", "EN", "en", "en_US"),
)
LOCALES = tuple(each.locale for each in LANGUAGES)
FOREIGN_LOCALES = tuple(each for each in LOCALES if each != SOURCE_LOCALE)
"""What a site can be in beside Chinese: a catalogue holds every word of its pages."""

_directories: list[Path] = []


def N_(message: str) -> str:  # noqa: N802 - the marker's name is gettext's custom
    """Mark a msgid for extraction; it is translated where it is shown."""
    return message


def use_catalogues(directories: Iterable[Path]) -> None:
    """Name the folders with catalogues; the composition does this once."""
    _directories[:] = list(dict.fromkeys(directories))
    catalogue.cache_clear()


def language_of(locale: str) -> Language:
    """The language of a locale, however it is written ("zh-CN", "zh_Hans_CN", "en_GB").

    Any Chinese is the source; so is what the platform has no catalogue for.
    """
    wanted = locale.replace("-", "_").partition("_")[0]
    return next(
        (each for each in LANGUAGES if each.locale.partition("_")[0] == wanted), LANGUAGES[0]
    )


@lru_cache(maxsize=8)
def catalogue(locale: str) -> NullTranslations:
    """All areas' catalogues of a locale as one; empty for the source locale."""
    merged = Translations()
    for directory in _directories:
        found = Translations.load(directory, [locale])
        if isinstance(found, Translations):
            merged.merge(found)
    return merged


def text(message: str, locale: str = SOURCE_LOCALE, **facts: Any) -> str:
    """The msgid in a locale, with its `{fact}` places filled."""
    translated = message if locale == SOURCE_LOCALE else catalogue(locale).ugettext(message)
    return translated.format(**facts) if facts else translated
