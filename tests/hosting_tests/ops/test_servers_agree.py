"""The embedded server and the gateway give the same answers: one contract for both."""

from __future__ import annotations

import http.client
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Blueprint, Flask, request
from werkzeug.serving import make_server
from werkzeug.test import Client

from hosting.directory.application import create_application
from hosting.directory.area import area as directory
from hosting.directory.models import Tenant
from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration
from hosting.publishing.area import area as publishing
from hosting.publishing.build import build_site
from hosting.publishing.files import Files
from hosting.publishing.headers import PAGE_POLICY, SECURITY_HEADERS, UPLOAD_POLICY
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.notices import write_notices
from hosting.publishing.packing import pack_site
from hosting.publishing.redirects import add_redirects
from hosting.publishing.rendering import Gone, Page
from hosting.publishing.stale import changed
from hosting.publishing.tree import PublicFolder
from hosting.runtime.areas import Area, PageFamily
from hosting.runtime.codings import BROTLI, GZIP, Coding
from hosting.runtime.errors import Invalid
from hosting.runtime.guards import open_to_all
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.gateway import StartNginx, brotli_module, starting_nginx
from parts.platform import HILL, RIVER, Place, make_home
from parts.programs import free_port

LONG = "。" * 500
CHINESE = "/zwgk/通知公告/关于 印发.html"
PAGES = {
    "/index.html": f"首页{LONG}",
    "/zwgk/index.html": f"政务公开{LONG}",
    "/art/2026/a.html": f"通知{LONG}",
    "/empty/page.html": "短",
    CHINESE: f"中文地址{LONG}",
    "/site.css": f"/* {LONG} */",
    "/m/0123456789abcdef/图.svg": f"<svg>{LONG}</svg>",
    "/m/0123456789abcdef/附件.pdf": "%PDF-1.7",
    "/.well-known/security.txt": "Contact: mailto:a@b.cn",
    "/feed.rss": f"<rss>{LONG}</rss>",
    "/404.html": f"本站没有这一页{LONG}",
    "/410.html": f"本站撤下了这一页{LONG}",
    "/503-search.html": f"搜索暂时不能使用{LONG}",
}
GONE_PATHS = ("/art/2026/gone.html", "/closed/index.html")


def _render(rendering: object, path: str) -> Page | Gone | None:
    site = getattr(rendering, "site_id", 0)
    if path in GONE_PATHS:
        return Gone(path)
    text = PAGES[path].replace("首页", f"首页{site}")
    return Page(path, text.encode(), "")


FAMILY = PageFamily("page", _render, lambda *_: None, lambda _: [])
search = Blueprint("search", __name__, url_prefix="/search")


@search.get("/")
@open_to_all("search is for everybody")
def results() -> str:
    return "结果：" + request.args["q"]


@search.post("/")
@open_to_all("search is for everybody")
def ask() -> str:
    return f"posted {len(request.get_data())}"


@search.get("/broken")
@open_to_all("search is for everybody")
def broken() -> str:
    raise RuntimeError("a fault of ours")


@search.get("/refused")
@open_to_all("search is for everybody")
def refused() -> str:
    raise Invalid("wrong", "请核对填写的内容")


def _console(_runtime: Runtime) -> Flask:
    app = Flask("console")
    app.add_url_rule("/", view_func=lambda: "console of " + request.host)
    return app


DESK = Area(
    name="desk",
    public=(search,),
    page_families=(FAMILY,),
    applications={"console": _console, "preview": _console},
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Server:
    """One of the two, asked over loopback with the Host that a reader would send."""

    port: int
    runtime: Runtime

    def ask(self, path: str, host: str = RIVER.host, method: str = "GET", **headers: str) -> Answer:
        """The answer; the path goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": host, **named}.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


@contextmanager
def serving(runtime: Runtime, port: int) -> Iterator[None]:
    """The embedded server in a thread."""
    server = make_server("127.0.0.1", port, create_application(runtime), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Two tenants' sites, published; tests that change them put them right again."""
    home = make_home(tmp_path_factory.mktemp("published"))
    runtime = open_published(sqlite_template, home)
    yield runtime
    runtime.close()


def open_published(template: Path, home: Path) -> Runtime:
    shutil.copy(template, home / "jiyue.sqlite3")
    settings = Settings(home=home, host_cache_seconds=0, bind=f"127.0.0.1:{free_port()}")
    runtime = Runtime.open(settings, (directory, publishing, DESK))
    write_notices(Files(), PublicFolder(home))
    for place in (RIVER, HILL):
        _publish(runtime, place)
        assert pack_site(runtime, place.tenant_id, place.site_id, seconds=60).made
    bind_hosts(runtime)
    return runtime


def _publish(runtime: Runtime, place: Place) -> None:
    paths = [*PAGES, *GONE_PATHS] if place is RIVER else ["/index.html", "/503-search.html"]
    with runtime.tenant_session(place.tenant_id) as session:
        changed(session, place.site_id, (), keys=[f"page:{path}" for path in paths])
        add_redirects(
            session,
            place.site_id,
            [
                ("/show.asp?id=1", "/art/2026/a.html", 301),
                ("/moved.html", "/zwgk/", 302),
                ("/dropped.html", "", 410),
                ("/?p=12", "/art/2026/a.html", 301),
                ("/%B9%AB%B8%E6.htm", "/zwgk/", 301),
            ]
            if place is RIVER
            else [],
        )
    assert build_site(runtime, place.tenant_id, place.site_id).failures == {}


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("gateway", marks=pytest.mark.gateway)]
)
def server(
    request: pytest.FixtureRequest, published: Runtime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The embedded server, or nginx with the embedded one behind it."""
    with serving(published, published.settings.port), ExitStack() as stack:
        port = published.settings.port
        if request.param == "gateway":
            folder = tmp_path_factory.mktemp("gateway")
            port = start_gateway(published, stack.enter_context(starting_nginx(folder)))
        yield Server(port, published)


def start_gateway(runtime: Runtime, start: StartNginx, **settings_: str) -> int:
    """Nginx with the configuration that the platform prints."""
    port = free_port()
    settings = replace(runtime.settings, gateway_address=f"127.0.0.1:{port}", **settings_)
    options = GatewayOptions(brotli=brotli_module())
    start(nginx_configuration(settings, options), port)
    return port


def test_a_page_is_served_as_it_was_published(server: Server) -> None:
    answer = server.ask("/art/2026/a.html")

    assert answer.status == 200
    assert answer.text == PAGES["/art/2026/a.html"]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"]
    assert answer.headers["Last-Modified"].endswith("GMT")
    assert "Set-Cookie" not in answer.headers


def test_a_page_runs_no_script_and_no_style_sheet_that_stands_in_it(server: Server) -> None:
    policy = server.ask("/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

    assert rules["script-src"] == "'self'"
    assert "unsafe-inline" not in rules["style-src-elem"]
    assert (rules["object-src"], rules["base-uri"]) == ("'none'", "'none'")


def test_what_the_application_answers_is_fenced_like_a_page(server: Server) -> None:
    for path in ("/-/search/?q=x", "/-/search/", "/-/nothing"):
        headers = server.ask(path).headers
        for name, value in (("Content-Security-Policy", PAGE_POLICY), *SECURITY_HEADERS):
            assert headers.get_all(name) == [value], path


def test_each_host_shows_its_own_site(server: Server) -> None:
    assert f"首页{RIVER.site_id}" in server.ask("/").text
    assert f"首页{HILL.site_id}" in server.ask("/", host=HILL.host).text
    assert server.ask("/art/2026/a.html", host=HILL.host).status == 404


@pytest.mark.parametrize("host", ["WWW.River.GOV.cn", "www.river.gov.cn.", "www.river.gov.cn:8080"])
def test_a_host_is_the_same_in_any_case_with_port_or_dot(server: Server, host: str) -> None:
    assert f"首页{RIVER.site_id}" in server.ask("/", host=host).text


@pytest.mark.parametrize("host", ["www.unknown.gov.cn", "hosts", "127.0.0.1", "river"])
def test_an_unknown_host_gets_no_site(server: Server, host: str) -> None:
    for path in ("/", "/index.html", "/nothing", "/-/search/?q=x"):
        answer = server.ask(path, host=host)
        assert answer.status == 421, path
        assert "首页" not in answer.text


@pytest.mark.parametrize("host", ["../sites", "..", "a/b", ".", "../../../etc"])
def test_a_host_that_is_a_path_leads_nowhere(server: Server, host: str) -> None:
    assert server.ask("/", host=host).status in (400, 421)


def test_folders_show_their_index_and_are_asked_with_a_slash(server: Server) -> None:
    assert server.ask("/zwgk/").text == PAGES["/zwgk/index.html"]

    answer = server.ask("/zwgk?page=2")

    assert answer.status == 301
    assert answer.headers["Location"] == "/zwgk/?page=2"


def test_chinese_addresses(server: Server) -> None:
    assert server.ask(quote(CHINESE)).text == PAGES[CHINESE]
    assert server.ask(quote("/m/0123456789abcdef/附件.pdf")).body == b"%PDF-1.7"
    assert server.ask(quote("/zwgk/没有.html")).status == 404


def test_a_reader_who_has_the_page_is_told_so(server: Server) -> None:
    first = server.ask("/art/2026/a.html")

    by_tag = server.ask("/art/2026/a.html", If_None_Match=first.headers["ETag"])
    by_date = server.ask("/art/2026/a.html", If_Modified_Since=first.headers["Last-Modified"])

    for answer in (by_tag, by_date):
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == first.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache"
    assert server.ask("/art/2026/a.html", If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", BROTLI),
        ("br;q=0.5, gzip", BROTLI),
        ("gzip", GZIP),
        ("br;q=0, gzip;q=0.5", GZIP),
    ],
)
def test_compressed_copies_go_to_those_who_take_them(
    server: Server, accepted: str, coding: Coding
) -> None:
    plain = server.ask("/art/2026/a.html")
    packed = server.ask("/art/2026/a.html", Accept_Encoding=accepted)

    assert packed.headers["Content-Encoding"] == coding.name
    assert packed.headers["Content-Type"] == "text/html; charset=utf-8"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert coding.is_copy(packed.body, plain.body)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again = server.ask(
        "/art/2026/a.html", Accept_Encoding=accepted, If_None_Match=packed.headers["ETag"]
    )
    assert again.status == 304


@pytest.mark.parametrize("accepted", ["", "identity", "deflate", "gzip;q=0", "br;q=0"])
def test_others_get_the_plain_page(server: Server, accepted: str) -> None:
    answer = server.ask("/art/2026/a.html", Accept_Encoding=accepted)

    assert "Content-Encoding" not in answer.headers
    assert answer.text == PAGES["/art/2026/a.html"]


def test_a_small_page_has_no_compressed_copy(server: Server) -> None:
    answer = server.ask("/empty/page.html", Accept_Encoding="gzip, br")

    assert answer.text == "短"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("path", "kind", "kept", "policy"),
    [
        ("/site.css", "text/css; charset=utf-8", "public, max-age=30", PAGE_POLICY),
        (
            "/m/0123456789abcdef/图.svg",
            "image/svg+xml",
            "public, max-age=31536000, immutable",
            UPLOAD_POLICY,
        ),
        (
            "/m/0123456789abcdef/附件.pdf",
            "application/pdf",
            "public, max-age=31536000, immutable",
            PAGE_POLICY,
        ),
        (
            "/.well-known/security.txt",
            "text/plain; charset=utf-8",
            "public, max-age=300",
            PAGE_POLICY,
        ),
        ("/feed.rss", "application/rss+xml; charset=utf-8", "public, max-age=300", PAGE_POLICY),
    ],
)
def test_each_kind_of_file_is_announced_and_kept_as_it_should(
    server: Server, path: str, kind: str, kept: str, policy: str
) -> None:
    for accepted in ("identity", "gzip"):
        answer = server.ask(quote(path), Accept_Encoding=accepted)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == kept
        assert answer.headers["Content-Security-Policy"] == policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_asking_for_the_head_gives_the_head(server: Server) -> None:
    page, head = server.ask("/art/2026/a.html"), server.ask("/art/2026/a.html", method="HEAD")

    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
        assert head.headers[name] == page.headers[name]
    assert server.ask("/nothing.html", method="HEAD").status == 404


def test_a_part_of_a_file(server: Server) -> None:
    answer = server.ask("/art/2026/a.html", Range="bytes=0-5")

    assert (answer.status, answer.text) == (206, "通知")
    assert answer.headers["Content-Range"].startswith("bytes 0-5/")


def test_a_download_goes_on_where_it_was_cut_off(server: Server) -> None:
    path = quote("/m/0123456789abcdef/附件.pdf")
    whole = server.ask(path)

    rest = server.ask(path, Range="bytes=5-", If_Range=whole.headers["ETag"])
    end = server.ask(path, Range="bytes=-2")

    assert (rest.status, rest.text) == (206, "1.7")
    assert (end.status, end.text) == (206, ".7")
    assert rest.headers["ETag"] == whole.headers["ETag"]
    assert rest.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    # Another file stands there by now: then all of it is sent.
    assert server.ask(path, Range="bytes=5-", If_Range='"another"').status == 200


def test_a_part_that_no_file_has(server: Server) -> None:
    answer = server.ask(quote("/m/0123456789abcdef/附件.pdf"), Range="bytes=100-")

    assert answer.status == 416
    assert answer.headers["Content-Range"] == "bytes */8"


def test_many_parts_at_once_are_not_cut(server: Server) -> None:
    ranges = "bytes=" + ",".join(f"{n}-{n + 3}" for n in range(0, 400, 2))

    answer = server.ask("/art/2026/a.html", Range=ranges)

    assert (answer.status, answer.text) == (200, PAGES["/art/2026/a.html"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/art/2026/a.html", "/nothing.html", "/zwgk", "/show.asp"])
def test_pages_can_only_be_read(server: Server, method: str, path: str) -> None:
    answer = server.ask(path, method=method)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.text == "405 Method Not Allowed\n"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/nothing",
        "/nothing/",
        "/show.php?x=1",
        "/art/",
        "/art/2026/a.html/",
        "/art/2026/a.html/x",
        "/m/",
        "/m/0123456789abcdef",
        "/m/0123456789abcdef/x.php",
        "/assets/nothing.css",
        "/art/2026/a.html.gz",
        "/art/2026/a.html.br",
        "/404.html",
        "/410.html",
        "/413.html",
        "/503.html",
        "/503-search.html",
        "/index.html%00.txt",
        "/%FF%FE.html",
        "/" + "a" * 300 + ".html",
    ],
)
def test_what_is_not_there_gets_the_sites_own_404(server: Server, path: str) -> None:
    answer = server.ask(path)

    assert answer.status in ((400, 404) if "%00" in path else (404,))
    if answer.status == 404:
        assert answer.text == PAGES["/404.html"]
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
        assert "Set-Cookie" not in answer.headers


def test_a_missing_upload_is_not_kept_for_ever(server: Server) -> None:
    answer = server.ask("/m/0123456789abcdef/missing.svg")

    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_site_without_pages_for_errors_shows_the_platforms(server: Server) -> None:
    answer = server.ask("/nothing.html", host=HILL.host)

    assert answer.status == 404
    assert "没有找到这个页面" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/.gone/art/2026/gone.html",
        "/.git/HEAD",
        "/.env",
        "/zwgk/.hidden.html",
        "/.well-known/.x.txt",
        "/m/.x/a.svg",
        "/assets/.x.css",
        "/.suspended",
        "/%2egone/art/2026/gone.html",
        "/./.gone/art/2026/gone.html",
    ],
)
def test_hidden_files_are_not_there(server: Server, path: str) -> None:
    answer = server.ask(path)

    assert answer.status == 404
    assert answer.text == PAGES["/404.html"]


@pytest.mark.parametrize(
    "path",
    [
        "/../../notices/404.html",
        "/..%2f..%2fnotices/404.html",
        "/%2e%2e/%2e%2e/notices/404.html",
        "/zwgk/../../../../etc/passwd",
        "/..\\..\\etc\\passwd",
        "/....//....//etc/passwd",
        "/zwgk/..;/..;/etc/passwd",
        "/%c0%ae%c0%ae/etc/passwd",
    ],
)
def test_nobody_climbs_out_of_the_tree(server: Server, path: str) -> None:
    answer = server.ask(path)

    assert answer.status in (400, 404)
    assert "root:" not in answer.text


def test_dot_parts_and_double_slashes_mean_what_they_mean(server: Server) -> None:
    for path in ("/zwgk/../art/2026/a.html", "//art//2026/a.html", "/./art/2026/./a.html"):
        assert server.ask(path).text == PAGES["/art/2026/a.html"]
    answer = server.ask("//zwgk")
    assert (answer.status, answer.headers["Location"]) == (301, "/zwgk/")


@pytest.fixture
def tree(published: Runtime) -> Path:
    """The county's tree."""
    return PublicFolder(published.settings.home).site(RIVER.site_id).current.resolve()


def test_a_link_in_the_tree_is_not_followed(published: Runtime, tree: Path) -> None:
    # nginx could refuse links only by opening every folder of a path one by one, at the price of
    # half its speed; there the verifier finds them.
    leaks = {tree / "leak.txt": "/etc/passwd", tree / "out": "/etc"}
    for path, target in leaks.items():
        path.symlink_to(target)

    client = Client(create_application(published))
    answers = [client.get(path, headers={"Host": RIVER.host}) for path in ("/leak.txt", "/out/x")]

    for path in leaks:
        path.unlink()
    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_script_that_was_dropped_into_the_tree_is_not_served(server: Server, tree: Path) -> None:
    script = tree / "shell.php"
    script.write_text("<?php system($_GET['c']);")

    answer = server.ask("/shell.php")

    script.unlink()
    assert answer.status == 404


@pytest.mark.parametrize("path", ["/art/2026/gone.html", "/closed/", "/closed"])
def test_what_was_withdrawn_is_said_to_be_gone(server: Server, path: str) -> None:
    answer = server.ask(path)

    assert answer.status == 410
    assert answer.text == PAGES["/410.html"]
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("/show.asp?id=1", 301, "/art/2026/a.html"),
        ("/Show.asp?ID=1", 301, "/art/2026/a.html"),
        ("/moved.html", 302, "/zwgk/"),
        ("/?p=12", 301, "/art/2026/a.html"),
        ("/%B9%AB%B8%E6.htm", 301, "/zwgk/"),
    ],
)
def test_old_addresses_lead_to_the_new(server: Server, path: str, status: int, target: str) -> None:
    answer = server.ask(path)

    assert (answer.status, answer.headers["Location"]) == (status, target)


def test_old_addresses_of_one_site_mean_nothing_on_another(server: Server) -> None:
    assert server.ask("/show.asp?id=1", host=HILL.host).status == 404


def test_an_address_that_was_dropped_is_gone(server: Server) -> None:
    answer = server.ask("/dropped.html")

    assert (answer.status, answer.text) == (410, PAGES["/410.html"])


@pytest.mark.parametrize("path", ["/?p=99", "/?utm_source=x", "/?p=12&x=1", "/?"])
def test_the_home_page_is_shown_with_any_other_query(server: Server, path: str) -> None:
    answer = server.ask(path)

    assert answer.status == 200
    assert f"首页{RIVER.site_id}" in answer.text


def test_dynamic_addresses_reach_the_application(server: Server) -> None:
    assert server.ask(f"/-/search/?q={quote('低保')}").text == "结果：低保"
    assert server.ask("/-/search/", method="POST", Content_Length="0").text == "posted 0"
    answer = server.ask("/-/nothing")
    assert (answer.status, answer.text) == (404, PAGES["/404.html"])


def test_what_fails_in_the_application_is_told_in_words(server: Server) -> None:
    answer = server.ask("/-/search/broken")

    assert answer.status == 500
    assert "搜索暂时不能使用" in answer.text
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY


def test_more_than_is_taken_is_refused_in_words(server: Server) -> None:
    limit = server.runtime.settings.upload_limit_bytes

    answer = server.ask("/-/search/", method="POST", Content_Length=str(limit + 1))

    assert answer.status == 413
    assert "提交的内容过大" in answer.text
    assert "too large" in answer.text


def test_what_is_refused_otherwise_is_told_in_both_languages(server: Server) -> None:
    answer = server.ask("/-/search/refused")

    assert answer.status == 422
    assert "请核对" in answer.text
    assert 'lang="en"' in answer.text


def test_the_console_and_the_preview_have_hosts_of_their_own(server: Server) -> None:
    assert server.ask("/", host="console.localhost").text == "console of console.localhost"
    assert server.ask("/", host="abc.preview.localhost").text.startswith("console of abc.")


@pytest.mark.parametrize(
    ("state", "status", "words"), [("suspended", 503, "暂停服务"), ("closed", 410, "已经关闭")]
)
def test_a_site_that_is_not_serving_shows_a_notice_at_every_address(
    server: Server, published: Runtime, state: str, status: int, words: str
) -> None:
    set_state(published, RIVER, state)

    for path in ("/", "/art/2026/a.html", "/show.asp?id=1", "/nothing/", "/-/search/?q=x"):
        answer = server.ask(path)
        assert answer.status == status, path
        assert words in answer.text
    assert server.ask("/", host=HILL.host).status == 200

    set_state(published, RIVER, "open")
    assert server.ask("/art/2026/a.html").status == 200


def set_state(runtime: Runtime, place: Place, state: str) -> None:
    """As the directory does it, with the link brought in line at once."""
    with runtime.platform_session(reason="test") as session:
        tenant = session.get(Tenant, place.tenant_id)
        assert tenant is not None
        tenant.state = state
    bind_hosts(runtime, [place.host])


@pytest.mark.gateway
def test_published_pages_are_read_while_the_application_is_down(
    published: Runtime, start_nginx: StartNginx
) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    server = Server(start_gateway(published, start_nginx, bind=nobody), published)

    for path, text in PAGES.items():
        if not path.startswith(("/404", "/410", "/503", "/index")):
            assert server.ask(quote(path)).text == text
    assert server.ask("/?p=12").status == 200
    assert server.ask("/art/2026/gone.html").status == 410
    for path, method, words in (
        ("/nothing", "GET", "可以继续浏览"),
        ("/-/letters/?q=x", "GET", "可以继续浏览"),
        ("/-/search/?q=x", "GET", "搜索暂时不能使用"),
        ("/-/search", "POST", "搜索暂时不能使用"),
    ):
        answer = server.ask(path, method=method)
        assert answer.status == 503
        assert words in answer.text
        assert answer.headers["Retry-After"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert server.ask("/", host="www.unknown.gov.cn").status == 421


def test_published_pages_are_read_while_the_database_is_away(
    sqlite_template: Path, tmp_path: Path
) -> None:
    published = open_published(sqlite_template, make_home(tmp_path))
    published.close()
    runtime = Runtime.open(replace(published.settings, host_cache_seconds=60), published.areas)
    with serving(runtime, runtime.settings.port):
        server = Server(runtime.settings.port, runtime)
        assert server.ask("/").status == 200
        database = runtime.settings.home / "jiyue.sqlite3"
        runtime.database.close()
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        database.mkdir()

        # A host that was asked for before, and one that nobody looked up yet.
        for host in (RIVER.host, HILL.host):
            assert server.ask("/", host=host).status == 200
            assert server.ask("/?p=12", host=host).status == 200
            assert server.ask("/show.asp?id=1", host=host).status == 503
        for path, words in (("search", "搜索暂时不能使用"), ("letters", "可以继续浏览")):
            away = server.ask(f"/-/{path}/?q=x", host=HILL.host)
            assert (away.status, words in away.text) == (503, True)
        assert server.ask("/art/2026/a.html").text == PAGES["/art/2026/a.html"]
        assert server.ask("/art/2026/gone.html").status == 410
        assert server.ask("/", host="www.unknown.gov.cn").status == 421
    runtime.close()
