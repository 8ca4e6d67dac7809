"""The embedded server of the public tree: the same answers as the gateway, without one.

A WSGI application in front of the public Flask application. It reads files alone, so published
pages are served while the database is away. What the tree does not hold is asked of the redirect
table, and `/-/` belongs to the Flask application.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from hosting.directory.application import AWAY_KEY, SITE_KEY
from hosting.directory.queries import HostedSite
from hosting.publishing.answers import (
    conditional,
    error_response,
    file_response,
    plain,
    redirect,
)
from hosting.publishing.headers import ALLOWED_METHODS, page_headers
from hosting.publishing.media_types import media_type
from hosting.publishing.notices import CLOSED_MARK, ERROR_PAGES, SUSPENDED_MARK
from hosting.publishing.paths import (
    DYNAMIC,
    FALLBACK,
    INDEX,
    LEGACY_HOME_QUERY,
    fallback_for,
    is_hidden,
    resolved_path,
)
from hosting.publishing.tree import GONE, PublicFolder
from hosting.runtime.codings import CODINGS, Coding
from hosting.runtime.errors import Unavailable
from hosting.runtime.language import N_

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FindRedirect = Callable[[HostedSite, str], tuple[int, str] | None]
"""(site, address with query) -> (status, target); Unavailable when the table cannot be read."""

_ETAGS_KEPT = 8192
_LEGACY_HOME = re.compile(LEGACY_HOME_QUERY)


class TreeServer:
    """Serves `public/hosts/<host>`; hands `/-/` on to the application behind it."""

    def __init__(
        self, public: PublicFolder, application: WSGIApplication, find_redirect: FindRedirect
    ) -> None:
        self._public = public
        self._application = application
        self._find_redirect = find_redirect
        self._etags = _Etags()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        site: HostedSite | None = environ.get(SITE_KEY)
        # While the directory is away a host's link says what it shows; whose it is nobody knows.
        host = environ.get(AWAY_KEY, "") if site is None else site.host
        root = self._root(host) if host else None
        if root is None:
            return self.notice(421)(environ, start_response)
        path = _address(environ)
        notice = _notice_of(root)
        if path is not None and path.startswith(DYNAMIC) and notice is None:
            if site is None:
                return self.error_page(root, 503, path)(environ, start_response)
            return self._application(environ, start_response)
        asked = _Asked(environ, site, root, path)
        return self._answer(asked, notice)(environ, start_response)

    def _root(self, host: str) -> Path | None:
        """The tree that the host shows at this moment: one request never sees two."""
        root = (self._public.hosts / host).resolve()
        return root if root.is_dir() else None

    def _answer(self, asked: _Asked, notice: int | None) -> Response:
        if asked.path is None:
            return plain(HTTPStatus.BAD_REQUEST)
        if asked.environ["REQUEST_METHOD"] not in ALLOWED_METHODS:
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(ALLOWED_METHODS))
        if notice is not None or is_hidden(asked.path):
            return self.error_page(asked.root, notice or 404)
        return self._look_up(asked, asked.path)

    def _look_up(self, asked: _Asked, path: str) -> Response:
        if _is_too_long(path):
            return self.error_page(asked.root, 404)
        if (moved := self._legacy_home(asked)) is not None:
            return moved
        found = _file_at(asked.root, path)
        if found is not None:
            return self._page(asked, found)
        return self._absent(asked, path)

    def _page(self, asked: _Asked, path: str) -> Response:
        file = asked.root / path[1:]
        copies = ((c, file.with_name(file.name + c.suffix)) for c in _accepted(asked.environ))
        coding, served = next(((c, copy) for c, copy in copies if copy.is_file()), (None, file))
        response = file_response(asked.environ, served, path)
        if coding is not None:
            response.headers["Content-Encoding"] = coding.name
        response.set_etag(self._etags.of(served))
        response.headers.extend(page_headers(path))
        return conditional(response, asked.environ)

    def _absent(self, asked: _Asked, path: str) -> Response:
        if _is_gone(asked.root, path):
            return self.error_page(asked.root, 410)
        if not path.endswith("/") and (asked.root / path[1:] / INDEX).is_file():
            query = f"?{asked.query}" if asked.query else ""
            return redirect(HTTPStatus.MOVED_PERMANENTLY, f"{quote(path)}/{query}")
        try:
            found = self._redirect_of(asked)
        except Unavailable:
            return self.error_page(asked.root, 503)
        if found is None:
            return self.error_page(asked.root, 404)
        status, target = found
        return redirect(status, target) if target else self.error_page(asked.root, status)

    def _legacy_home(self, asked: _Asked) -> Response | None:
        """Where an old address that is the home page with a number leads, if anywhere."""
        if asked.path != "/" or not _LEGACY_HOME.fullmatch(asked.query):
            return None
        try:
            found = self._redirect_of(asked)
        except Unavailable:
            return None
        return redirect(*found) if found and found[1] else None

    def _redirect_of(self, asked: _Asked) -> tuple[int, str] | None:
        if asked.site is None:
            raise Unavailable("database_away", N_("数据库暂时不可用，请稍后重试"))
        return self._find_redirect(asked.site, asked.address)

    def error_page(self, root: Path, status: int, path: str = "") -> Response:
        """The site's own page for a status, else the platform's.

        Where the application cannot answer at a `path`, the site may have a page that says so.
        """
        fallback = fallback_for(path) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
        for name in (fallback or "", _page_of(status)):
            own = root / name.removeprefix("/")
            if own.is_file():
                return error_response(own.read_bytes(), status)
        return self.notice(status)

    def notice(self, status: int) -> Response:
        """The platform's page for a status."""
        path = self._public.notices / _page_of(status)
        return error_response(path.read_bytes() if path.is_file() else b"", status)


class _Etags:
    """The digest of each file that is asked for, computed once for each state of the file."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[tuple[int, int, int], str]] = OrderedDict()
        self._lock = Lock()

    def of(self, file: Path) -> str:
        name = str(file)
        status = file.stat()
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        with self._lock:
            known = self._known.get(name)
        if known is not None and known[0] == state:
            return known[1]
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()[:32]
        with self._lock:
            self._known[name] = (state, digest)
            if len(self._known) > _ETAGS_KEPT:
                self._known.popitem(last=False)
        return digest


@dataclass(frozen=True)
class _Asked:
    """One request; `path` is None when it climbs above the root, `site` while nobody knows it."""

    environ: WSGIEnvironment
    site: HostedSite | None
    root: Path
    path: str | None

    @property
    def query(self) -> str:
        return str(self.environ.get("QUERY_STRING", ""))

    @property
    def address(self) -> str:
        """Path and query as they were sent, percent-encoded: in GBK, too."""
        sent = str(self.environ.get("RAW_URI", ""))
        if sent.startswith("/"):
            return sent
        raw = quote(self.environ.get("PATH_INFO", "/").encode("latin-1"))
        return f"{raw}?{self.query}" if self.query else raw


def _notice_of(root: Path) -> int | None:
    """The status with which a host answers every address, or None for a host that serves."""
    if (root / SUSPENDED_MARK).is_file():
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.GONE if (root / CLOSED_MARK).is_file() else None


def _address(environ: WSGIEnvironment) -> str | None:
    """The path that is asked for; None when it climbs above the root."""
    raw = environ.get("PATH_INFO", "").encode("latin-1")
    # A tree holds no such names, and a reader is told that nothing is there.
    return resolved_path(raw.decode("utf-8", errors="replace") or "/")


def _file_at(root: Path, path: str) -> str | None:
    """The path of the file that answers this address, or None."""
    if path.endswith("/"):
        path += INDEX
    if media_type(path) is None or path in _ERROR_PAGES or re.match(FALLBACK, path):
        return None
    file = root / path[1:]
    # A link in a tree is not ours and may lead out of it.
    return path if file.is_file() and file.resolve() == file else None


def _page_of(status: int) -> str:
    """The page that is shown with a status: whatever fails on our side is told in one way."""
    return f"{503 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else status}.html"


_ERROR_PAGES = frozenset(f"/{status}.html" for status in ERROR_PAGES)


def _is_too_long(path: str) -> bool:
    """Whether no file system could hold it; asking one would be an error."""
    return len(path.encode()) > 2048 or any(len(part.encode()) > 255 for part in path.split("/"))


def _is_gone(root: Path, path: str) -> bool:
    marker = root / GONE / path[1:]
    return marker.is_file() or (marker / INDEX).is_file()


def _accepted(environ: WSGIEnvironment) -> list[Coding]:
    """The codings that the reader takes, the best first, whichever they would like best."""
    accepted = dict(parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING")))
    return [coding for coding in CODINGS if accepted.get(coding.name, 0) > 0]
