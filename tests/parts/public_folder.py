"""A public folder with sites of one page each, without a platform, and asking a server for them."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hosting.publishing.files import Files
from hosting.publishing.notices import write_notices
from hosting.publishing.tree import PublicFolder


class PublicSites:
    """What lies in HOME/public: opened, as the platform does it, by a link."""

    def __init__(self, home: Path) -> None:
        self.folder = PublicFolder(home)
        self.folder.hosts.mkdir(parents=True, exist_ok=True)
        write_notices(Files(), self.folder)
        self._count = 0

    def add(self, host: str, text: str = "") -> Path:
        """Open a site under a host; its home page says the text, else the host. Its tree."""
        self._count += 1
        site = self.folder.site(self._count)
        site.prepare(Files())
        (site.tree(1) / "index.html").write_text(text or host, encoding="utf-8")
        self.link(host, self._count)
        return site.tree(1)

    def link(self, host: str, site_id: int) -> None:
        """Show a site under one more host."""
        (self.folder.hosts / host).symlink_to(f"../sites/{site_id}/current")


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: http.client.HTTPMessage
    text: str


def ask(
    port: int,
    host: str,
    path: str = "/",
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask a server on loopback under a host name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    return answered(connection, host, path, method=method, headers=headers)


def answered(
    connection: http.client.HTTPConnection,
    host: str,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The same over a connection that stands already; it is closed then."""
    with closing(connection):
        connection.request(method, path, headers={"Host": host, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
