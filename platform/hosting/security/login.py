"""Flask-Login, which finds people by our own cookie and rows and keeps nothing itself.

A sign-in is a row that can be ended anywhere at once (`sign_in`). Flask-Login's session key, its
remember-me cookie and its session protection would be further ways in, so they are off.
"""

from __future__ import annotations

from typing import cast

from flask import Flask, Request
from flask_login import LoginManager, current_user

from hosting.runtime import web
from hosting.security.queries import Person
from hosting.security.sign_in import person_of

# No browser can send a cookie of this name.
_NO_COOKIE = "="


def init_login(app: Flask) -> None:
    """Let the application know who is signed in, asked of the database when first needed."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_person)
    app.config["REMEMBER_COOKIE_NAME"] = _NO_COOKIE
    manager.init_app(app, add_context_processor=False)


def _person(request: Request) -> Person | None:
    return person_of(web.current_runtime(), request)


def signed_in_person() -> Person | None:
    """Who is signed in in this request, or None."""
    if not current_user.is_authenticated:
        return None
    return cast("Person", current_user._get_current_object())  # noqa: SLF001 - Werkzeug's own name
