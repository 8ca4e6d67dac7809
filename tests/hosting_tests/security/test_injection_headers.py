"""No header is added or split by what people send, and none names a host that is not ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hosting.publishing.redirects import add_redirects
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.platform import HILL, RIVER, Place, make_home
from parts.web_process import RawAnswer, WebProcess, serving

Tried = Callable[[str, object], None]
CONSOLE = "console.localhost"
E = "evil.example"


# --- the process as it is run ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Settings:
    """Both sites, the county's with a column and two old addresses."""
    folder = tmp_path_factory.mktemp("web")
    home = make_home(folder)
    (home / "jiyue.sqlite3").write_bytes(sqlite_template.read_bytes())
    settings = Settings(home=home)
    runtime = Runtime.open(settings)
    with runtime.tenant_session(RIVER.tenant_id) as session:
        olds = [("/old.asp?id=1", "/zwgk/", 301), ("/旧.asp", "/zwgk/通知.html", 302)]
        add_redirects(session, RIVER.site_id, olds)
    runtime.close()
    for place in (RIVER, HILL):
        column = PublicFolder(home).hosts / place.host / "zwgk"
        column.mkdir(parents=True)
        (column / "index.html").write_text("政务公开")
        (column.parent / "index.html").write_text("首页")
    return settings


@pytest.fixture(scope="module")
def web(settings: Settings) -> Iterator[WebProcess]:
    """Asked by readers themselves."""
    with serving(settings, settings.home.parent) as process:
        yield process


@pytest.fixture(scope="module", params=["", "127.0.0.1"], ids=["alone", "behind a gateway"])
def either(request: pytest.FixtureRequest, settings: Settings) -> Iterator[WebProcess]:
    """The same behind a gateway that is believed, and hands every header on."""
    behind = replace(settings, trusted_proxies=request.param)
    with serving(behind, settings.home.parent) as process:
        yield process


FOREIGN = {
    "X-Forwarded-Host": E,
    "X-Forwarded-Server": E,
    "X-Forwarded-Prefix": f"//{E}",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": f"1@{E}",
    "X-Forwarded-For": E,
    "X-Original-URL": f"//{E}/",
    "X-Rewrite-URL": f"//{E}/",
    "Forwarded": f'for=1.2.3.4;host="{E}";proto=https',
    "SCRIPT_NAME": f"//{E}",
    "Script-Name": f"//{E}",
    "PATH_INFO": f"//{E}/",
    "REMOTE_USER": "root",
    "X_FORWARDED_HOST": E,
    "Host_": E,
}
ASKED = {
    CONSOLE: ("/", "/t/river/", "/sign-in", f"//{E}/t/river/", "/t/river", "/nothing"),
    RIVER.host: ("/zwgk", "/zwgk?a=1", "/old.asp?id=1", "/", "/-//search", "/-/search?q=a", "/x"),
}


def assert_names_no_foreign_host(answer: RawAnswer) -> None:
    assert answer.status != 0
    assert answer.status < 500, answer.head
    for name in ("Location", "Content-Location", "Link", "Refresh", "Set-Cookie"):
        for value in answer.header(name):
            assert E not in value, value
    for value in answer.header("Location"):
        assert re.match(r"/(?![/\\])", value), value
    assert E not in answer.body
    assert not answer.header("X-Injected")


def test_no_header_of_a_reader_names_the_host_or_the_prefix_of_a_redirect(
    either: WebProcess, record_property: Tried
) -> None:
    tried = 0
    for host, targets in ASKED.items():
        for target in targets:
            for name, value in FOREIGN.items():
                assert_names_no_foreign_host(either.ask(target, host, f"{name}: {value}"))
                tried += 1
    record_property("tried", tried)


def test_a_request_line_with_a_host_of_its_own_names_no_other(
    web: WebProcess, record_property: Tried
) -> None:
    """RFC 9112, 3.2.2: there the host of the request line counts; here only the same one passes."""
    tried = 0
    for host, targets in ASKED.items():
        for target in targets:
            for authority in (E, f"{host}@{E}", f"{E}:80", f"user:word@{E}", host):
                answer = web.ask(f"http://{authority}/{target.lstrip('/')}", host)
                assert_names_no_foreign_host(answer)
                tried += 1
    for target in (f"http://{RIVER.host}/zwgk", f"//{RIVER.host}/zwgk", f"https://{CONSOLE}/"):
        assert web.ask(target, E).status == 421
        tried += 1
    record_property("tried", tried)


@pytest.mark.parametrize(
    "host",
    [
        f"{RIVER.host}:1@{E}",
        f"{RIVER.host}:{E}",
        f"{RIVER.host}:80:{E}",
        f"{RIVER.host}/{E}",
        f"{RIVER.host}#{E}",
        f"{RIVER.host} {E}",
        f"{RIVER.host},{E}",
        f"{E}@{RIVER.host}",
        f"{E}, {RIVER.host}",
        f"{RIVER.host}%0d%0aX-Injected:%201",
        f"{RIVER.host}\t",
        f"{RIVER.host}.",
        f"{RIVER.host}..",
        RIVER.host.upper(),
        "",
        "[::1]",
        "127.0.0.1",
        E,
        "a" * 5_000,
    ],
)
def test_a_host_is_ours_or_is_not_answered_and_stands_in_no_link(
    web: WebProcess, host: str
) -> None:
    for target in ("/zwgk", "/old.asp?id=1", "/-//search"):
        answer = web.ask(target, host)
        assert answer.status in (301, 400, 404, 421)
        assert_names_no_foreign_host(answer)


def test_two_hosts_are_none(web: WebProcess) -> None:
    for first, second in ((RIVER.host, E), (E, RIVER.host), (RIVER.host, RIVER.host)):
        assert web.ask("/zwgk", first, f"Host: {second}").status == 400


SPLITTING = [
    "%0d%0aX-Injected:%201",
    "%0aX-Injected:%201",
    "%0dX-Injected:%201",
    "%00X-Injected:%201",
    "%e5%98%8a%e5%98%8dX-Injected:%201",
    "%c4%8d%c4%8aX-Injected:%201",
    "%25%30%61X-Injected:%201",
    "%250d%250aX-Injected:%201",
    "%e2%80%a8X-Injected:%201",
    "%c2%85X-Injected:%201",
    "%1b[2K",
    "%ff%fe",
    "a" * 3_000,
]


@pytest.mark.parametrize("splitting", SPLITTING)
def test_no_address_splits_a_header(web: WebProcess, splitting: str) -> None:
    targets = [
        (CONSOLE, f"/t/river/{splitting}/items"),
        (CONSOLE, f"/t/river/?next={splitting}"),
        (CONSOLE, f"/sign-in?next=/{splitting}"),
        (RIVER.host, f"/zwgk?{splitting}"),
        (RIVER.host, f"/{splitting}/../zwgk"),
        (RIVER.host, f"/old.asp?id=1&{splitting}"),
        (RIVER.host, f"/-/search?q={splitting}"),
        (HILL.host, f"/zwgk/{splitting}"),
    ]
    for host, target in targets:
        answer = web.ask(target, host)
        assert_names_no_foreign_host(answer)
        assert all(re.match(r"[A-Za-z-]+: ?", line) for line in answer.head[1:])
        assert b"\r\n\r\n" in answer.raw
        assert not re.search(rb"[^\r]\n|\r[^\n]", answer.raw.partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /zwgk\r\nX-Injected: 1 HTTP/1.1\r\nHost: www.river.gov.cn\r\n\r\n",
        b"GET /zwgk?a=\rb HTTP/1.1\r\nHost: www.river.gov.cn\r\nConnection: close\r\n\r\n",
        b"GET /zwgk?a=\x00 HTTP/1.1\r\nHost: www.river.gov.cn\r\nConnection: close\r\n\r\n",
        b"GET /zwgk?a=\nb HTTP/1.1\r\nHost: www.river.gov.cn\r\nConnection: close\r\n\r\n",
        b"GET /zwgk HTTP/1.1\r\nHost: www.river.gov.cn\r\n X-Injected: 1\r\n\r\n",
        b"GET /zwgk HTTP/1.1\r\nHost : evil.example\r\nConnection: close\r\n\r\n",
        b"GET /zwgk HTTP/1.1\nHost: www.river.gov.cn\n\n",
    ],
)
def test_a_request_that_is_written_to_split_is_no_request(web: WebProcess, raw: bytes) -> None:
    answer = web.send(raw)

    assert answer.status in (0, 400)
    assert not answer.header("X-Injected")


def test_old_addresses_lead_to_paths_of_the_same_site_alone(
    runtime: Runtime, river: Place, record_property: Tried
) -> None:
    """They are brought along from old sites, so what they say is not ours."""
    out = [
        f"//{E}",
        f"/\\{E}",
        f"https://{E}",
        f"https:{E}",
        "javascript:alert(1)",
        E,
        f"/a\r\nLocation: //{E}",
        f"/\t/{E}",
        f"/ /{E}",
        "/a\0",
        "",
    ]
    for target in out:
        with (
            pytest.raises(Invalid),
            runtime.tenant_session(river.tenant_id) as session,
        ):
            add_redirects(session, river.site_id, [("/old", target, 301)])
    record_property("tried", len(out))
