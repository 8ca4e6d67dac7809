"""The answers of the embedded server, each with the headers that the gateway sends, too."""

from __future__ import annotations

import os
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from hosting.publishing.headers import RETRY_AFTER_SECONDS, error_headers
from hosting.publishing.media_types import media_type
from hosting.publishing.notices import LIMIT_TITLE, REFUSED_TITLE, notice_of
from hosting.runtime.errors import LimitReached, Refusal
from hosting.runtime.web import retry_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def file_response(environ: WSGIEnvironment, file: Path, path: str) -> Response:
    stream = file.open("rb")
    facts = os.fstat(stream.fileno())
    kind = media_type(path)
    response = Response(
        wrap_file(environ, stream),
        content_type=kind.name if kind else None,
        direct_passthrough=True,
    )
    response.content_length = facts.st_size
    response.headers["Last-Modified"] = formatdate(facts.st_mtime, usegmt=True)
    return response


def conditional(response: Response, environ: WSGIEnvironment) -> Response:
    """The answer, or as much of it as was asked for: nothing, one part, or that there is no such.

    Many parts at once are asked for to do harm: then all is sent.
    """
    if "," in environ.get("HTTP_RANGE", ""):
        environ = {name: value for name, value in environ.items() if name != "HTTP_RANGE"}
    length = response.content_length
    try:
        return response.make_conditional(environ, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        response.close()
        return plain(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, **{"Content-Range": f"bytes */{length}"}
        )


def error_response(body: bytes, status: int) -> Response:
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers.extend(error_headers(kept=status != HTTPStatus.SERVICE_UNAVAILABLE))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def refusal_response(refusal: Refusal, status: int) -> Response:
    """What a reader is told in a refusal's own words, in both languages.

    Who must wait is told how long, which a site's own page for the status cannot say.
    """
    title = LIMIT_TITLE if isinstance(refusal, LimitReached) else REFUSED_TITLE
    response = Response(
        notice_of(refusal, title=title), status, content_type="text/html; charset=utf-8"
    )
    response.headers.extend(error_headers(kept=False))
    response.headers.extend(retry_headers(refusal))
    return response


def plain(status: HTTPStatus, **headers: str) -> Response:
    response = Response(f"{status.value} {status.phrase}\n", status.value, mimetype="text/plain")
    response.headers.extend(error_headers())
    response.headers.extend(headers)
    return response


def redirect(status: int, target: str) -> Response:
    """To an address on the same host."""
    response = Response(status=status)
    # Werkzeug must not complete it from the Host header.
    response.autocorrect_location_header = False
    response.headers["Location"] = target
    response.headers.extend(error_headers())
    return response
