"""What the printed configuration is made of, and what the gateway does by itself."""

from __future__ import annotations

import os
import pwd
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import pytest

from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration, quoted, reader_of
from hosting.runtime import command_line
from hosting.runtime.errors import Invalid
from hosting.runtime.settings import Settings
from parts.behind import Listener, listening
from parts.gateway import StartNginx
from parts.programs import free_port
from parts.public_folder import PublicSites, ask

HOST = "www.river.gov.cn"
MINE, THEIRS = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "203.0.113.8"}


def test_the_command_prints_a_complete_configuration(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIYUE_HOME", str(home))
    monkeypatch.setenv("JIYUE_GATEWAY_ADDRESS", "127.0.0.1:8181")
    monkeypatch.setenv("JIYUE_CONSOLE_HOST", "console.yunxi.gov.cn")

    with pytest.raises(SystemExit) as ended:
        command_line.main(["gateway", "nginx"])

    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert "listen 127.0.0.1:8181 default_server;" in printed
    assert f"root {home}/public/hosts/$host;" in printed
    assert "server_name console.yunxi.gov.cn .preview.localhost;" in printed
    assert "ssl_certificate" not in printed


def test_it_listens_where_it_is_told(home: Path) -> None:
    settings = Settings(home=home)

    plain = nginx_configuration(settings, GatewayOptions())
    told = nginx_configuration(settings, GatewayOptions(listen=("10.0.0.5:80", "[::1]:80")))
    secret = nginx_configuration(settings, GatewayOptions(tls="/etc/jiyue/tls"))
    shy = nginx_configuration(settings, GatewayOptions(tls="/etc/jiyue/tls", hsts_seconds=0))

    assert "listen 80 default_server;" in plain
    assert "listen 10.0.0.5:80 default_server;" in told
    assert "listen [::1]:80;" in told
    assert "listen 443 ssl http2 default_server;" in secret
    assert "Strict-Transport-Security" in secret
    assert "Strict-Transport-Security" not in plain
    assert "Strict-Transport-Security" not in shy


def test_as_a_service_nginx_writes_nothing_into_our_folder(home: Path) -> None:
    """Its first process is root's: who owns the folder could lead what it writes elsewhere."""
    text = nginx_configuration(Settings(home=home), GatewayOptions(is_service=True))
    written = ("pid", "error_log", "access_log")

    lines = [line.split() for line in text.splitlines()]
    places = [
        words[1]
        for words in lines
        if words and (words[0] in written or words[0].endswith("_temp_path"))
    ]

    assert "pid /run/nginx.pid;" in text
    assert len(places) == 8
    assert [place for place in places if place.startswith(str(home))] == []


@pytest.mark.parametrize("name", ["a b", "a;b", 'a"b', "a{b", "a$b", "a#b", "a\nb"])
def test_a_path_that_nginx_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        nginx_configuration(Settings(home=tmp_path / name), GatewayOptions())


def test_strings_are_quoted_as_nginx_reads_them() -> None:
    assert quoted('say "\\."') == '"say \\"\\\\.\\""'


def test_workers_run_as_the_owner_where_debians_user_cannot_enter(tmp_path: Path) -> None:
    public = tmp_path / "public"
    public.mkdir()
    tmp_path.chmod(0o700)

    assert reader_of(public) == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.gateway
def test_who_reads_the_log_does_not_learn_a_previews_address(
    home: Path, start_nginx: StartNginx
) -> None:
    """The address of a preview is the permission to see it."""
    port, token = free_port(), "mzxw6ytboi" * 4
    settings = replace(Settings(home=home), bind=f"127.0.0.1:{free_port()}")
    options = GatewayOptions(listen=(f"127.0.0.1:{port}",))
    start_nginx(nginx_configuration(settings, options), port)

    for host in (f"{token}.preview.localhost", f"{token.upper()}.Preview.localhost:8000", HOST):
        ask(port, host, "/art/a.html")

    written = _lines_of(home / "run" / "nginx-access.log", 3)
    assert token not in written.lower()
    assert written.count(" *.preview.localhost ") == 2
    assert f" {HOST} " in written


def _lines_of(path: Path, count: int) -> str:
    """A log that nginx writes once a second, when so many lines are in it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        written = path.read_text() if path.is_file() else ""
        if written.count("\n") >= count:
            return written
        time.sleep(0.05)
    raise AssertionError(f"{path} has fewer than {count} lines")


@pytest.fixture
def sites(home: Path) -> PublicSites:
    """An empty public folder with the platform's notices."""
    return PublicSites(home)


Start = Callable[..., int]


@pytest.fixture
def start(home: Path, start_nginx: StartNginx) -> Start:
    """`start(bind, behind=…)` runs the gateway before an application that listens at `bind`."""

    def start(bind: str = "", *, behind: tuple[str, ...] = ()) -> int:
        port = free_port()
        settings = replace(Settings(home=home), bind=bind or f"127.0.0.1:{free_port()}")
        options = GatewayOptions(listen=(f"127.0.0.1:{port}",), behind=behind)
        start_nginx(nginx_configuration(settings, options), port)
        return port

    return start


@pytest.mark.gateway
def test_ten_thousand_hosts_need_nothing_in_the_configuration(
    sites: PublicSites, start: Start
) -> None:
    for number in range(10):
        sites.add(f"first{number}.gov.cn", f"第{number}个网站")
    for number in range(10_000):
        sites.link(f"www.t{number}.gov.cn", number % 10 + 1)
    port = start()

    for number in (0, 7, 4_999, 9_998):
        assert ask(port, f"www.t{number}.gov.cn").text == f"第{number % 10}个网站"
    assert ask(port, "www.t10000.gov.cn").status == 421

    sites.add("www.t10000.gov.cn", "刚刚开通")

    assert ask(port, "www.t10000.gov.cn").text == "刚刚开通"


@pytest.mark.gateway
def test_no_folder_is_listed_and_the_server_does_not_say_which_it_is(
    sites: PublicSites, start: Start
) -> None:
    tree = sites.add(HOST)
    (tree / "files").mkdir()
    (tree / "files" / "a.pdf").write_text("%PDF")
    port = start()

    for path in ("/files/", "/files"):
        answer = ask(port, HOST, path)
        assert answer.status == 503, "only the application could know it"
        assert "a.pdf" not in answer.text
    assert ask(port, HOST).headers["Server"] == "nginx"


# --- limits -------------------------------------------------------------------------------------


@pytest.fixture
def application() -> Iterator[Listener]:
    """Says which headers it was sent."""
    with listening() as application:
        yield application


def refused(port: int, reader: str, *, path: str = "/-/search", host: str = HOST) -> int:
    """How many of a hundred requests that come at once are refused."""
    answers = [ask(port, host, path, headers={"X-Forwarded-For": reader}) for _ in range(100)]
    assert {answer.status for answer in answers} <= {200, 429}
    return sum(answer.status == 429 for answer in answers)


@pytest.mark.gateway
def test_who_asks_the_application_too_often_is_told_to_wait_and_nobody_else(
    sites: PublicSites, start: Start, application: Listener
) -> None:
    sites.add(HOST)
    port = start(application.bind, behind=("127.0.0.1",))

    assert refused(port, "203.0.113.7") > 20
    answer = ask(port, HOST, "/-/search", headers=MINE)

    assert answer.status == 429
    assert "访问过于频繁" in answer.text
    assert "Too many requests" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert ask(port, HOST, "/-/search", headers=THEIRS).status == 200
    # Published pages are not counted, however often.
    assert refused(port, "203.0.113.7", path="/") == 0


@pytest.mark.gateway
def test_a_reader_with_a_whole_network_counts_once(
    sites: PublicSites, start: Start, application: Listener
) -> None:
    sites.add(HOST)
    port = start(application.bind, behind=("127.0.0.1",))
    # The same network, spelled in ways that hold a line feed, a zero byte and a letter.
    mine = ("2001:db8:0:a::a", "2001:db8:0:a:0:0:0:0", "2001:db8:0:a:ffff::1")

    assert refused(port, "2001:db8:0:a::1") > 20

    for address in mine:
        assert ask(port, HOST, "/-/search", headers={"X-Forwarded-For": address}).status == 429, (
            address
        )
    assert (
        ask(port, HOST, "/-/search", headers={"X-Forwarded-For": "2001:db8:0:b::1"}).status == 200
    )


@pytest.mark.gateway
def test_who_looks_for_what_is_not_there_does_not_keep_the_application_busy(
    sites: PublicSites, start: Start, application: Listener
) -> None:
    sites.add(HOST)
    port = start(application.bind, behind=("127.0.0.1",))

    statuses = [ask(port, HOST, f"/wp-{n}.php", headers=MINE).status for n in range(600)]

    assert statuses[:200] == [200] * 200, "what the application says goes out as it is"
    assert 429 in statuses
    assert ask(port, HOST, "/show.asp", headers=THEIRS).status == 200


@pytest.mark.gateway
def test_more_than_so_many_open_requests_of_one_address_are_refused(
    sites: PublicSites, start: Start, application: Listener
) -> None:
    """Slow searches of one reader must not take all threads of the application."""
    sites.add(HOST)
    port = start(application.bind, behind=("127.0.0.1",))
    with ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(ask, port, HOST, "/-/slow", headers=MINE) for _ in range(40)]
        done = as_completed(asked, timeout=30)
        at_once = [next(done).result().status for _ in range(8)]
        application.release()
        later = [each.result().status for each in done]

    assert at_once == [429] * 8
    assert later == [200] * 32


@pytest.mark.gateway
def test_more_than_is_taken_is_refused_before_the_application_hears_of_it(
    sites: PublicSites, start: Start, application: Listener
) -> None:
    sites.add(HOST)
    port = start(application.bind)
    too_much = {"Content-Length": str(Settings().upload_limit_bytes + 1)}

    for host in (HOST, "console.localhost"):
        answer = ask(port, host, "/-/x", method="POST", headers=too_much)
        assert answer.status == 413
        assert "提交的内容过大" in answer.text
    assert application.heard == []


# --- what is passed on --------------------------------------------------------------------------


@pytest.mark.gateway
@pytest.mark.parametrize("behind", [(), ("192.0.2.0/24", "2001:db8::1")])
@pytest.mark.parametrize("host", [HOST, "console.localhost"])
def test_nobody_chooses_the_address_that_the_application_believes(
    sites: PublicSites, start: Start, application: Listener, host: str, behind: tuple[str, ...]
) -> None:
    sites.add(HOST)
    port = start(application.bind, behind=behind)

    said = {
        "X-Forwarded-For": "10.1.1.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "SCRIPT_NAME": "/evil",
    }

    ask(port, host, "/-/search", headers=said)

    (heard,) = application.heard
    assert heard.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert heard.get_all("X-Forwarded-Proto") == ["http"]
    assert heard.get_all("Host") == [host]
    assert "X-Forwarded-Host" not in heard
    assert "SCRIPT_NAME" not in heard


@pytest.mark.gateway
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_console_says_in_words_that_it_is_away(
    sites: PublicSites, start: Start, method: str
) -> None:
    answer = ask(start(), "console.localhost", "/t/river/items", method=method)

    assert answer.status == 503
    assert "暂时无法使用" in answer.text
    assert answer.headers["Retry-After"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.gateway
def test_what_stands_before_the_gateway_says_whose_requests_it_hands_on(
    sites: PublicSites, start: Start, application: Listener
) -> None:
    sites.add(HOST)
    port = start(application.bind, behind=("127.0.0.1",))
    said = {"X-Forwarded-For": "10.1.1.1, 203.0.113.7", "X-Forwarded-Proto": "https"}

    ask(port, HOST, "/-/search", headers=said)

    (heard,) = application.heard
    # What the reader wrote before the last hop is believed of nobody.
    assert heard.get_all("X-Forwarded-For") == ["203.0.113.7"]
    assert heard.get_all("X-Forwarded-Proto") == ["https"]
