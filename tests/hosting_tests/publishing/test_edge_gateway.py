"""nginx on another machine serves a copy, and answers alike while the application is away."""

from __future__ import annotations

import getpass
import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import update

from hosting.directory.models import Tenant
from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration
from hosting.publishing.edges.redirect_map import redirect_map
from hosting.publishing.edges.rounds import bring_redirects
from hosting.publishing.edges.syncing import Copying
from hosting.publishing.redirects import add_redirects, drop_redirects
from hosting.runtime.settings import Settings
from parts.edges import Folder, Outside, begun, sync, target, with_edge
from parts.gateway import StartNginx
from parts.newsroom import GONE, Newsroom
from parts.platform import RIVER
from parts.programs import free_port

SITE = RIVER.site_id
OLD = [
    ("/show.asp?id=1", "/art/1.html", 301),
    ("/旧/公告.htm", "/news/", 302),
    ("/dropped.html", "", 410),
    ("/cost.html", "/art/$1.html", 301),
    ('/quo"te.html', "/art/1.html", 301),
]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


Ask = Callable[..., Answer]


def bring(room: Newsroom) -> None:
    """The copy, and its old addresses."""
    sync(room.runtime, room.place)
    edge, place = begun(room.runtime), room.place
    bring_redirects(
        Copying(room.runtime, place.tenant_id, place.site_id, target(room.runtime), edge)
    )


def add(room: Newsroom) -> None:
    with room.runtime.tenant_session(RIVER.tenant_id) as session:
        add_redirects(session, SITE, OLD)


@pytest.fixture
def copied(newsroom: Newsroom, folder_outside: Folder) -> Iterator[Newsroom]:
    """A copy on a disk."""
    room = with_edge(newsroom, folder_outside)
    room.write(_1="通告", _2="公示", _3=GONE)
    room.publish()
    add(room)
    bring(room)
    yield room
    room.runtime.close()


@pytest.fixture
def ask(copied: Newsroom, folder_outside: Folder, start_nginx: StartNginx, tmp_path: Path) -> Ask:
    """Asks nginx at the edge; nobody answers behind it."""
    port = free_port()
    run = tmp_path / "run"
    run.mkdir()
    settings = replace(copied.runtime.settings, gateway_address=f"127.0.0.1:{port}")
    options = GatewayOptions(
        user=getpass.getuser(),
        edge=str(folder_outside.root),
        application=f"127.0.0.1:{free_port()}",
        run=str(run),
    )
    start_nginx(nginx_configuration(settings, options), port)

    def asked(path: str, host: str = RIVER.host, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host, **named})
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        connection.close()
        return Answer(response.status, response.headers, body)

    return asked


@pytest.mark.gateway
def test_pages_are_read_at_an_edge_as_they_are_here(ask: Ask, copied: Newsroom) -> None:
    page = ask("/art/1.html")
    assert (page.status, page.text) == (200, copied.read("/art/1.html"))
    assert page.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert ask("/").text == copied.read("/index.html")
    packed = ask("/art/1.html", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert ask("/art/3.html").status == 410


@pytest.mark.gateway
def test_old_addresses_lead_on_while_the_application_is_away(ask: Ask) -> None:
    moved = ask("/show.asp?id=1")
    assert (moved.status, moved.headers["Location"]) == (301, "/art/1.html")
    assert moved.headers["X-Content-Type-Options"] == "nosniff"
    moved = ask("/%E6%97%A7/%E5%85%AC%E5%91%8A.htm")
    assert (moved.status, moved.headers["Location"]) == (302, "/news/")
    assert ask("/dropped.html").status == 410
    # What nginx cannot say, and what it does not know, is the application's to answer.
    for path in ("/cost.html", "/quo%22te.html", "/nothing.html", "/-/search/"):
        assert ask(path).status == 503, path


@pytest.mark.gateway
def test_what_the_edge_keeps_for_itself_is_not_read_and_strangers_hosts_are_not_served(
    ask: Ask, copied: Newsroom
) -> None:
    settings: Settings = copied.runtime.settings
    for path in ("/.jiyue/platform", f"/../.jiyue/sites/{SITE}.json", "/.gone/art/3.html"):
        assert ask(path).status in (400, 404), path
    for host in ("www.hill.gov.cn", settings.console_host, f"x.{settings.preview_host}"):
        assert ask("/", host=host).status == 421, host
        assert ask("/-/", host=host).status in (421, 503)
    assert ask("/-/", host=settings.console_host).status == 421


@pytest.mark.gateway
def test_a_suspended_site_says_so_at_the_edge(ask: Ask, copied: Newsroom) -> None:
    with copied.runtime.platform_session(reason="test") as session:
        session.execute(
            update(Tenant).where(Tenant.id == RIVER.tenant_id).values(state="suspended")
        )

    sync(copied.runtime, copied.place)

    assert ask("/art/1.html").status == 503
    assert "暂停服务" in ask("/").text


def test_a_site_without_old_addresses_keeps_none_at_an_edge(
    newsroom: Newsroom, outside: Outside
) -> None:
    room = with_edge(newsroom, outside)
    room.write(_1="通告")
    room.publish()
    add(room)
    bring(room)
    with room.runtime.tenant_session(RIVER.tenant_id) as session:
        lines = redirect_map(session, SITE, [RIVER.host])
        assert lines.count(b"\n") == 3
        drop_redirects(session, SITE, [old for old, _, _ in OLD])
    assert outside.kept(f"redirects/{SITE}.map") == lines

    bring(room)

    assert outside.kept(f"redirects/{SITE}.map") is None
    room.runtime.close()
