"""The console's Flask application, composed of what the areas bring."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from hosting.console.assets import init_assets
from hosting.console.cookies import cookie_name, is_local
from hosting.console.display import init_display
from hosting.console.errors import error_page, form_expired
from hosting.console.headers import init_headers
from hosting.console.language import init_language
from hosting.console.menus import account_menu, menu
from hosting.console.not_found import always_the_same
from hosting.console.palette import init_palette
from hosting.console.viewer import current_viewer
from hosting.runtime.errors import NotFound
from hosting.runtime.guards import guard_of
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.secret_key import key_path, secret_key
from hosting.runtime.settings import Settings
from hosting.runtime.web import install_edge


class UnguardedRoute(Exception):
    """A view without a guard: a defect of ours, found when the application is made."""


def create_console(runtime: Runtime) -> Flask:
    """The application behind the console host; asks the database nothing.

    Raises UnguardedRoute when a view does not say who may use it.
    """
    app = Flask("hosting.console", static_folder=None, template_folder=None)
    _configure(app, runtime.settings)
    install_edge(app, runtime, error_page)
    init_headers(app, runtime.settings)
    init_language(app, runtime)
    init_display(app, runtime.settings)
    init_assets(app)
    init_palette(app)
    _init_forms(app)
    _init_shell(app)
    for area in runtime.areas:
        for blueprint in area.console:
            app.register_blueprint(blueprint)
    refuse_unguarded(app)
    app.wsgi_app = always_the_same(app.wsgi_app)  # type: ignore[assignment,method-assign]  # as Flask documents
    return app


def refuse_unguarded(app: Flask) -> None:
    """Raise UnguardedRoute for views without a guard."""
    unguarded = sorted(name for name, view in app.view_functions.items() if guard_of(view) is None)
    if unguarded:
        raise UnguardedRoute(", ".join(unguarded))


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        # Before `jiyue init` there is none: the routes can be listed, no form can be signed.
        SECRET_KEY=secret_key(settings) if key_path(settings).is_file() else None,
        # The form cookie: token and language of somebody not signed in, nothing else.
        SESSION_COOKIE_NAME=cookie_name(settings, "jiyue-form"),
        SESSION_COOKIE_SECURE=not is_local(settings),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        # A form stays good while one writes; it ends with the session, not with an hour.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.upload_limit_bytes,
    )
    # The router's own redirects would be built from the Host header (law 3); it makes none.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.before_request(_refuse_empty_parts)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _refuse_empty_parts() -> None:
    """Each page has one address; with lenient slashes the router takes `/items//` as well."""
    if "//" in request.path:
        raise NotFound("not_found", N_("没有找到这个页面"))


def _init_forms(app: Flask) -> None:
    CSRFProtect(app)
    app.register_error_handler(CSRFError, form_expired)


def _init_shell(app: Flask) -> None:
    """What the layout asks for on each page."""
    app.jinja_env.globals.update(
        menu=menu, account_menu=account_menu, viewer=current_viewer, here=_here
    )

    @app.url_defaults
    def stay_in_tenant(endpoint: str, values: dict[str, Any]) -> None:
        """Addresses within a tenant need not say which: it is the one of this page."""
        tenant = g.get("tenant")
        if tenant is None or endpoint not in app.view_functions:
            return
        if app.url_map.is_endpoint_expecting(endpoint, "code"):
            values.setdefault("code", tenant.code)


def _here() -> Any:
    """The tenant of this page, or None."""
    return g.get("tenant")
