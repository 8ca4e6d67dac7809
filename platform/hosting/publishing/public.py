"""The public application: the areas' `/-/` pages behind the embedded server of the tree.

No sign-in and no administration exist in it. Its errors look like those of the tree.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from hosting.directory.application import SITE_KEY
from hosting.directory.queries import HostedSite
from hosting.publishing.answers import refusal_response
from hosting.publishing.headers import PAGE_POLICY, SECURITY_HEADERS
from hosting.publishing.notices import ERROR_PAGES
from hosting.publishing.paths import DYNAMIC
from hosting.publishing.redirects import find_redirect
from hosting.publishing.serving import FindRedirect, TreeServer
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import LimitReached, Refusal, Unavailable
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.web import begin_tenant, install_edge


def create_public(runtime: Runtime) -> Flask:
    """The application for all public hosts; connects to nothing."""
    app = Flask("hosting.publishing", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.upload_limit_bytes
    # The router's own redirects would be built from the Host header (law 3); it makes none.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    public = PublicFolder(runtime.settings.home)
    server = TreeServer(public, app.wsgi_app, _finder(runtime))

    def error_page(refusal: Refusal, status: int) -> ResponseReturnValue:
        if isinstance(refusal, LimitReached) or (status < 500 and status not in ERROR_PAGES):
            return refusal_response(refusal, status)
        return server.error_page(public.hosts / current_site().host, status, request.path)

    install_edge(app, runtime, error_page)
    app.before_request(_begin)
    app.after_request(_fence)
    for area in runtime.areas:
        for blueprint in area.public:
            prefix = (blueprint.url_prefix or "").strip("/")
            app.register_blueprint(blueprint, url_prefix=f"{DYNAMIC}{prefix}".rstrip("/"))
    app.wsgi_app = server  # type: ignore[method-assign]  # as Flask documents
    return app


def current_site() -> HostedSite:
    """The site whose host is asked; for views under `/-/`."""
    site: HostedSite = request.environ[SITE_KEY]
    return site


def _begin() -> None:
    g.site = current_site()
    begin_tenant(g.site.tenant_id)


def _fence(response: Response) -> Response:
    """What pages of the tree say to a browser; the gateway adds nothing to answers under `/-/`."""
    for name, value in (("Content-Security-Policy", PAGE_POLICY), *SECURITY_HEADERS):
        response.headers.setdefault(name, value)
    return response


def _finder(runtime: Runtime) -> FindRedirect:
    def find(site: HostedSite, address: str) -> tuple[int, str] | None:
        try:
            with runtime.tenant_session(site.tenant_id, reading=True) as session:
                return find_redirect(session, site.site_id, address)
        except SQLAlchemyError as error:
            raise Unavailable("database_away", N_("数据库暂时不可用，请稍后重试")) from error

    return find
