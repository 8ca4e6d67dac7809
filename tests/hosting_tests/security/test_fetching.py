"""Addresses that users give are fetched from outside alone; nothing inside is ever touched.

No packet leaves this machine: names are resolved by a table, and connections to addresses outside
are led to a server on loopback. Whatever else is connected to is noted, and is a failure.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from urllib3.util import connection

from hosting.runtime.errors import Invalid, Refusal, Unavailable
from hosting.security.fetching import FetchLimits, fetch

OUTSIDE = "93.184.216.34"
_resolve = socket.getaddrinfo


@dataclass
class World:
    """Which name leads where, what each path answers, and who was connected to."""

    port: int
    names: dict[str, list[str]] = field(default_factory=dict)
    connected: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)

    def resolve(
        self, host: str, port: Any, family: int = 0, kind: int = 0, *_facts: int, **named: Any
    ) -> Any:
        """Like getaddrinfo; a name with several addresses gives another one each time."""
        known = self.names.get(host)
        if known is None:
            # Numbers in any notation are read as the system reads them; names are not looked up.
            return _resolve(host, port, family, named.get("type", kind), 0, socket.AI_NUMERICHOST)
        address = known.pop(0) if len(known) > 1 else known[0]
        return _resolve(address, port, family, named.get("type", kind), 0, socket.AI_NUMERICHOST)

    def connect(self, address: tuple[str, int], *_facts: Any, **_named: Any) -> socket.socket:
        """Note who is connected to, and lead those outside to the server."""
        self.connected.append(address[0])
        if address[0] != OUTSIDE:
            raise OSError("this would have reached something inside")
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world, with one server outside."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            world.asked.append((self.headers["Host"], self.path, dict(self.headers)))
            world.answers.get(self.path.split("?")[0], plain)(self)

        def log_message(self, *_facts: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world = World(server.server_address[1], {"paper.example": [OUTSIDE]})
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setattr(socket, "getaddrinfo", world.resolve)
    monkeypatch.setattr(connection, "create_connection", world.connect)
    yield world
    monkeypatch.undo()
    server.shutdown()
    server.server_close()
    thread.join()


def plain(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"a picture", {"Content-Type": "image/PNG; x=y"})


def send(handler: BaseHTTPRequestHandler, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def redirect(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Set-Cookie", "a=b")
        handler.end_headers()

    return answer


def refused(address: str, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        fetch(address, **facts)
    return caught.value


def test_what_stands_outside_is_fetched_by_the_address_that_was_checked(world: World) -> None:
    found = fetch("http://paper.example/a.png?b=1")

    assert (found.content_type, found.data) == ("image/png", b"a picture")
    assert world.connected == [OUTSIDE]
    host, path, headers = world.asked[0]
    assert (host, path) == ("paper.example", "/a.png?b=1")
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_once(world: World) -> None:
    world.names["rebinding.example"] = [OUTSIDE, "127.0.0.1"]

    fetch("http://rebinding.example/")

    assert world.connected == [OUTSIDE]


INSIDE = [
    "127.0.0.1", "127.0.0.2", "127.1", "0.0.0.0", "0", "10.0.0.8", "172.16.3.4", "192.168.1.1",
    "169.254.169.254", "169.254.0.23", "100.100.100.200", "100.64.0.1", "192.0.0.192",
    "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.0.1",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::]", "[ff02::1]", "[2001:db8::1]",
    "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_inside_is_reached_however_it_is_written(
    world: World, scheme: str, host: str
) -> None:
    refusal = refused(f"{scheme}://{host}/latest/meta-data/")

    assert isinstance(refusal, Invalid | Unavailable)
    assert world.connected == []


@pytest.mark.parametrize("host", INSIDE)
def test_no_redirect_leads_inside(world: World, host: str) -> None:
    world.answers["/go"] = redirect(f"http://{host}/")

    refused("http://paper.example/go")

    assert world.connected == [OUTSIDE]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "10.1.2.3", "169.254.169.254", "100.100.100.200", "fd00:ec2::254",
        "::ffff:10.1.2.3", "64:ff9b::a01:203",
    ],
)  # fmt: skip
def test_no_name_leads_inside(world: World, address: str) -> None:
    world.names["localtest.example"] = [address]

    assert refused("http://localtest.example/").code == "fetch_inside"
    assert world.connected == []


@pytest.mark.parametrize(
    "address",
    [
        "", "paper.example", "//paper.example/", "/etc/passwd", "file:///etc/passwd",
        "ftp://paper.example/", "gopher://paper.example/", "dict://paper.example:11211/",
        "javascript:alert(1)", "data:text/html,x", "http://", "http:///x",
        "http://a:b@paper.example/", "http://127.0.0.1@paper.example/",
        "http://paper.example:22/", "https://paper.example:80/", "http://paper.example:6379/",
        "http://paper.example /", "http://paper.example/\r\nX: y", "http://paper.example/\0",
        "http://[::1", "http://paper.example:99999/", f"http://paper.example/{'a' * 3000}",
    ],
)  # fmt: skip
def test_addresses_of_another_form_are_refused_unasked(world: World, address: str) -> None:
    assert isinstance(refused(address), Invalid)
    assert world.connected == []


def test_user_names_that_look_like_hosts_lead_nowhere(world: World) -> None:
    world.answers["/go"] = redirect("http://paper.example@127.0.0.1/")

    assert refused("http://paper.example/go").code == "fetch_address"


def test_redirects_are_followed_a_few_times_and_carry_nothing_along(world: World) -> None:
    world.names["other.example"] = [OUTSIDE]
    world.answers["/go"] = redirect("//other.example/there")
    world.answers["/round"] = redirect("/round")

    assert fetch("http://paper.example/go").address == "http://other.example/there"
    assert "Cookie" not in world.asked[-1][2]
    assert refused("http://paper.example/round").code == "fetch_redirects"
    assert len(world.asked) == 8


def test_more_than_was_agreed_is_not_taken(world: World) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            return

    world.answers["/endless"] = endless

    refusal = refused("http://paper.example/endless", limits=FetchLimits(most_bytes=1_000_000))

    assert refusal.code == "fetch_too_large"


def test_a_packed_answer_is_not_unpacked(world: World) -> None:
    world.answers["/bomb"] = lambda handler: send(
        handler, b"\x1f\x8b" + b"0" * 100, {"Content-Encoding": "gzip"}
    )

    assert refused("http://paper.example/bomb").code == "fetch_packed"


def test_one_who_drips_is_not_waited_for(world: World) -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not done.wait(0.05):
                handler.wfile.write(b"x")
                handler.wfile.flush()
        except OSError:
            return

    world.answers["/drip"] = drip

    refusal = refused(
        "http://paper.example/drip", limits=FetchLimits(seconds=0.5, silence_seconds=5)
    )
    done.set()

    assert refusal.code in ("fetch_slow", "fetch_no_answer")


def test_the_environments_proxy_and_credentials_are_not_used(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")

    assert fetch("http://paper.example/").data == b"a picture"


def test_a_host_that_the_operator_named_may_lie_inside(world: World) -> None:
    world.names["old.yunxi.gov.cn"] = ["10.0.0.8"]
    address = f"http://old.yunxi.gov.cn:{world.port}/"

    assert refused(address).code == "fetch_port"
    refused(address, allowed_hosts=frozenset({f"old.yunxi.gov.cn:{world.port}"}))

    assert world.connected == ["old.yunxi.gov.cn"], "it was let through to this very host"


def test_an_error_page_is_not_content(world: World) -> None:
    world.answers["/gone"] = lambda handler: handler.send_error(404)

    refusal = refused("http://paper.example/gone")

    assert (refusal.code, refusal.facts) == ("fetch_status", {"status": 404})
