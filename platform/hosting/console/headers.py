"""What the console tells a browser it may do with its pages.

Scripts run only with this page's nonce; `strict-dynamic` lets them load their own modules and the
editor's parts. Styles come from files. A page that shows or edits rich text needs style attributes
(`text-indent`, column widths) and says so by `allow_style_attributes()`; style elements stay shut.
"""

from __future__ import annotations

import secrets
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug import Response
from werkzeug.exceptions import Forbidden

from hosting.console.cookies import is_local
from hosting.runtime import web
from hosting.runtime.settings import Settings

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What a browser says of a request that another page, even of a sibling host, has caused.
_FOREIGN = frozenset({"cross-site", "same-site"})
_HALF_A_YEAR_SECONDS = 15_552_000

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def init_headers(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer and refuse writes that another host's page asks for."""

    def set_headers(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers["Content-Security-Policy"] = policy()
        if not response.cache_control.public:
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        if not is_local(settings):
            response.headers["Strict-Transport-Security"] = f"max-age={_HALF_A_YEAR_SECONDS}"
        return response

    app.before_request(refuse_foreign_writes)
    app.after_request(set_headers)
    app.jinja_env.globals.update(csp_nonce=csp_nonce, allow_style_attributes=allow_style_attributes)


def csp_nonce() -> str:
    """This answer's nonce, for `<script nonce>`."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return cast("str", g.csp_nonce)


def allow_style_attributes() -> str:
    """Let this page's elements carry `style`; for cleaned rich text only. Gives an empty string."""
    g.style_attributes = True
    return ""


def allow_frame(origin: str) -> str:
    """Let this page frame an origin of ours, such as a preview's. Gives an empty string."""
    g.setdefault("frame_origins", []).append(origin)
    return ""


def policy() -> str:
    """The Content-Security-Policy of this answer."""
    frames = " ".join(g.get("frame_origins", [])) or "'none'"
    styled = "'unsafe-inline'" if g.get("style_attributes") else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{csp_nonce()}' 'strict-dynamic'",
            "style-src 'self'",
            f"style-src-attr {styled}",
            "img-src 'self' data: blob:",
            "media-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            f"frame-src {frames}",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )


def refuse_foreign_writes() -> None:
    """Answer 403 to a write that a page of another host asked for, before its token is looked at.

    Preview hosts are siblings of the console's and show what tenants wrote, so `same-site` is
    foreign too, and so is `Origin: null` of a frame without one. Programs and old browsers send
    neither header; the form's token holds them.
    """
    if request.method in _SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site") in _FOREIGN:
        raise Forbidden
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in _own_hosts():
        raise Forbidden


def _own_hosts() -> tuple[str, str]:
    """The console's host as it is asked, and as the platform's own links name it.

    Not the scheme: behind a proxy that ends TLS we may not know it.
    """
    settings = web.current_runtime().settings
    return request.host, urlsplit(settings.address(settings.console_host)).netloc
