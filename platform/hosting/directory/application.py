"""The host switch: which of the applications answers a request (law 3).

The console host gets the console, `<token>.` + the preview host the preview, every host of the
directory the public application. An unknown host is refused, never shown a default site.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from hosting.directory.proxies import believe_proxies, trusted_proxies
from hosting.directory.queries import host_name, site_of_host
from hosting.runtime.environment import read_settings
from hosting.runtime.runtime import Runtime

log = logging.getLogger(__name__)

SITE_KEY = "jiyue.site"
"""Where the public application finds its HostedSite in the WSGI environment."""

AWAY_KEY = "jiyue.directory_away"
"""Set to the host, and no site, while the directory cannot be asked whose it is."""

PREVIEW_KEY = "jiyue.preview_token"
"""Where the preview application finds its token."""

_MISDIRECTED = "421 Misdirected Request"
_UNKNOWN = "此域名未在本平台开通。\nThis host name is not served here.\n".encode()

WSGI = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class HostSwitch:
    """The WSGI application that stands before all others."""

    def __init__(self, runtime: Runtime, applications: dict[str, Flask]) -> None:
        self.runtime = runtime
        self.applications = applications
        self._trusted = trusted_proxies(runtime.settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, or answer 421."""
        believe_proxies(environ, self._trusted)
        chosen = self._choose(environ, host_name(environ.get("HTTP_HOST", "")))
        if chosen is None:
            return _refuse(start_response)
        return self.applications[chosen].wsgi_app(environ, start_response)

    def _choose(self, environ: dict[str, Any], host: str) -> str | None:
        settings = self.runtime.settings
        if host == settings.console_host:
            return "console" if "console" in self.applications else None
        if host.endswith("." + settings.preview_host):
            environ[PREVIEW_KEY] = host.removesuffix("." + settings.preview_host)
            return "preview" if "preview" in self.applications else None
        try:
            site = site_of_host(self.runtime, host)
        except SQLAlchemyError:
            # What is published is read all the same: the tree knows its hosts.
            log.warning("the directory is away and was asked for a host")
            environ[AWAY_KEY] = host
            return "public"
        if site is None:
            return None
        environ[SITE_KEY] = site
        return "public"


def _refuse(start_response: StartResponse) -> Iterable[bytes]:
    start_response(
        _MISDIRECTED,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(_UNKNOWN))),
            ("Cache-Control", "no-store"),
        ],
    )
    return [_UNKNOWN]


def create_application(
    runtime: Runtime | None = None, *, without: Collection[str] = ()
) -> HostSwitch:
    """Compose the web side of the platform, whole or without some; asks the database nothing."""
    runtime = runtime or Runtime.open(read_settings())
    applications = {
        name: factory(runtime)
        for area in runtime.areas
        for name, factory in area.applications.items()
        if name not in without
    }
    for area in runtime.areas:
        for check in area.checks:
            for name, application in applications.items():
                check(name, application)
    return HostSwitch(runtime, applications)
