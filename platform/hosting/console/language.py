"""The language of a page: Chinese unless this person chose otherwise.

A browser's Accept-Language is not asked: the people who work here read Chinese, and a page that
changes its language with the machine is a page one cannot describe to a colleague.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context
from flask_babel import Babel

from hosting.console.viewer import current_viewer
from hosting.runtime.language import LANGUAGES, LOCALES, SOURCE_LOCALE, Language, text
from hosting.runtime.runtime import Runtime
from hosting.runtime.web import current_runtime


def init_language(app: Flask, runtime: Runtime) -> None:
    """Wire Flask-Babel, which Flask-Admin and dates use, and `_` for our templates."""
    folders = [str(area.translations) for area in runtime.areas if area.translations is not None]
    Babel(
        app,
        configure_jinja=False,
        default_locale=runtime.settings.locale,
        default_timezone=runtime.settings.time_zone,
        default_translation_directories=";".join(folders) or "translations",
        locale_selector=page_locale,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(_=say, page_language=page_language, languages=LANGUAGES)


def page_locale() -> str:
    """The locale of this request; the platform's own outside of one."""
    chosen = current_viewer().language if has_request_context() else None
    if chosen in LOCALES:
        return str(chosen)
    return current_runtime().settings.locale if has_request_context() else SOURCE_LOCALE


def page_language() -> Language:
    """The language this page is in."""
    locale = page_locale()
    return next(language for language in LANGUAGES if language.locale == locale)


def say(message: str, **facts: Any) -> str:
    """The msgid in this page's language, with its `{fact}` places filled; `_` in templates."""
    return text(message, page_locale(), **facts)
