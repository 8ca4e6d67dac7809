"""What the objects of a bucket are called, and how they are announced to readers."""

from __future__ import annotations

from collections.abc import Mapping

from hosting.publishing.compression import SUFFIX, compressed
from hosting.publishing.edges.edge import Body
from hosting.publishing.edges.objects import NOT_READ, Facts
from hosting.publishing.headers import CACHE_CONTROL, page_headers
from hosting.publishing.media_types import media_type
from hosting.publishing.standing import Standing
from hosting.publishing.tree import GONE

OWN = ".jiyue/"
BOOKMARKS = f"{OWN}sites/"
EMPTY = b""


def page_files(here: Standing, body: Body) -> dict[str, bytes]:
    """The objects of a page, by their paths."""
    if here.digest is None:
        return {f"/{GONE}{here.path}": EMPTY}
    page = body(here.path, here.digest)
    copy = compressed(here.path, page)
    return {here.path: page} | ({} if copy is None else {here.path + SUFFIX: copy})


def facts(path: str, encoding: str = "") -> Facts:
    """How a page, or its copy in this coding, is announced."""
    kind = media_type(path)
    cache = dict(page_headers(path))[CACHE_CONTROL]
    return Facts(kind.name if kind else NOT_READ.kind, cache, encoding)


def site(site_id: int) -> str:
    """Where all of a site's objects lie."""
    return f"sites/{site_id}/"


def redirects(site_id: int) -> str:
    """Of its old addresses."""
    return f"redirects/{site_id}.map"


def bookmark(site_id: int) -> str:
    """Of what tells how far its copy has come."""
    return f"{BOOKMARKS}{site_id}.json"


def folder(shown: int | str) -> str:
    """What a host that shows this is mapped to."""
    return f"notices/{shown}" if isinstance(shown, str) else f"sites/{shown}"


def hosts(shown: Mapping[str, int | str]) -> dict[str, bytes]:
    """The objects that tell what each host shows; `hosts.map` does so in nginx's words."""
    folders = {host: folder(what) for host, what in sorted(shown.items())}
    lines = "".join(f"{host} {where};\n" for host, where in folders.items())
    objects = {f"hosts/{host}": where.encode() for host, where in folders.items()}
    return objects | {"hosts.map": lines.encode()}
