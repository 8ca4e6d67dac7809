"""Whatever stops behind the gateway: what was published is read on, to the last byte."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import pytest
from sqlalchemy import select

from hosting.directory.models import Site
from hosting.directory.queries import tenant_by_code
from hosting.ops.gateway.nginx import GatewayOptions, nginx_configuration
from hosting.publishing.blobs import open_store
from hosting.publishing.compression import SUFFIXES
from hosting.publishing.models import PublicPage
from hosting.publishing.notices import ERROR_PAGES
from hosting.publishing.paths import FALLBACK
from hosting.publishing.public import create_public
from hosting.publishing.redirects import add_redirects
from hosting.publishing.tree import PublicFolder
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR
from parts.behind_the_gateway import Behind, behind_the_gateway
from parts.full_house import opened
from parts.gateway import starting_nginx
from parts.programs import free_port
from parts.workplace import PDF, Bench, Office, bench_of, picture
from provisioning.lifecycle.operations import suspend
from provisioning.onboarding.opening import Opening
from tenants.content.facts import Attachment
from tenants.content.queries import item
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged

# Two sites are written, signed and published over real servers, which takes a while.
pytestmark = [
    pytest.mark.gateway,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.storage,
    pytest.mark.timeout(300),
]

COUNTY = Opening(
    code="qinglan",
    name="青岚县人民政府",
    kind="county",
    hosts=("www.qinglan.gov.cn", "qinglan.gov.cn"),
)
BUREAU = Opening(code="wenlv", name="市文化旅游局", kind="department", hosts=("www.wenlv.gov.cn",))
SILENT = Opening(code="jiaoyu", name="市教育局", kind="department", hosts=("www.jiaoyu.gov.cn",))
PHONE = "0770-6221001"
PLAIN: Mapping[str, str] = {}
PACKED = {"Accept-Encoding": "gzip"}
ALWAYS_OTHER = {"Date", "Connection"}


@dataclass(frozen=True)
class Answer:
    """What a reader got; `headers` without those that differ each time."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Reader:
    """Asks the gateway over one connection, which is kept until `close`."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def close(self) -> None:
        self._connection.close()

    def ask(
        self, host: str, path: str, headers: Mapping[str, str] = PLAIN, method: str = "GET"
    ) -> Answer:
        self._connection.request(
            method, quote(path, safe="/?=&%"), headers={"Host": host} | dict(headers)
        )
        response = self._connection.getresponse()
        said = {k: v for k, v in response.getheaders() if k not in ALWAYS_OTHER}
        return Answer(response.status, said, response.read())


@dataclass(frozen=True)
class Published:
    """All that one host shows by the rows of its site: address -> digest, None where it is gone."""

    host: str
    site_id: int
    tenant_id: int
    digests: Mapping[str, str | None]

    @property
    def pages(self) -> list[str]:
        """Addresses that answer 200; pages for errors are shown with another status."""
        errors = {f"/{status}.html" for status in ERROR_PAGES}
        shown = (p for p, digest in self.digests.items() if digest and p not in errors)
        return sorted(path for path in shown if not re.match(FALLBACK, path))

    @property
    def gone(self) -> list[str]:
        """Addresses of what was withdrawn."""
        return sorted(path for path, digest in self.digests.items() if digest is None)


@dataclass
class Phase:
    """What readers got while some things ran and others did not."""

    pages: dict[tuple[str, str], Answer] = field(default_factory=dict)
    packed: dict[tuple[str, str], Answer] = field(default_factory=dict)
    gone: dict[tuple[str, str], Answer] = field(default_factory=dict)
    known: dict[tuple[str, str], Answer] = field(default_factory=dict)
    dynamic: dict[tuple[str, str], Answer] = field(default_factory=dict)
    old: Answer | None = None
    legacy_home: Answer | None = None
    missing: Answer | None = None
    suspended: Answer | None = None
    unknown: Answer | None = None


@dataclass
class Journey:
    """What stands where, what the store holds, and what readers got in each phase."""

    published: list[Published]
    blobs: dict[tuple[str, str], bytes]
    trees: dict[str, set[str]]
    phases: dict[str, Phase] = field(default_factory=dict)
    news: str = ""
    read_again: Answer | None = None

    def listen(self, phase: str, port: int, dynamic: Iterable[str]) -> None:
        """Ask for everything."""
        with closing(Reader(port)) as reader:
            self.phases[phase] = self._heard(reader, list(dynamic))

    def _heard(self, reader: Reader, dynamic: list[str]) -> Phase:
        heard = Phase()
        for place in self.published:
            host = place.host
            for path in place.pages:
                heard.pages[host, path] = got = reader.ask(host, path)
                heard.packed[host, path] = reader.ask(host, path, PACKED)
                seen = {"If-None-Match": got.headers.get("ETag", "")}
                heard.known[host, path] = reader.ask(host, path, seen)
            for path in place.gone:
                heard.gone[host, path] = reader.ask(host, path)
            for path in dynamic:
                heard.dynamic[f"GET {host}", path] = reader.ask(host, path)
                heard.dynamic[f"POST {host}", path] = reader.ask(host, path, method="POST")
        county = COUNTY.hosts[0]
        heard.old = reader.ask(county, "/old.asp?id=7")
        heard.legacy_home = reader.ask(county, "/?id=7")
        heard.missing = reader.ask(county, "/nothing.html")
        heard.suspended = reader.ask(SILENT.hosts[0], "/")
        heard.unknown = reader.ask("www.unknown.gov.cn", "/")
        return heard


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """Published, read, stopped piece by piece, read in each state, started again, read again."""
    folder = tmp_path_factory.mktemp("city")
    with behind_the_gateway(folder) as behind, starting_nginx(folder) as start_nginx:
        with closing(Runtime.open(behind.settings)) as runtime:
            office = settle(runtime)
            told = look_around(runtime)
            dynamic = dynamic_addresses(runtime)
        port = free_port()
        settings = replace(behind.settings, gateway_address=f"127.0.0.1:{port}")
        start_nginx(nginx_configuration(settings, GatewayOptions()), port)
        behind.start_platform()
        told.listen("all runs", port, dynamic)

        behind.stop_stores()
        told.listen("the stores are away", port, dynamic)
        behind.stop_platform()
        told.listen("all is away", port, dynamic)

        behind.start_stores()
        behind.start_platform()
        told.listen("all is back", port, dynamic)
        publish_news(told, behind, office, port)
        yield told


def settle(runtime: Runtime) -> Office:
    """Three tenants: two with something of every kind, one suspended; the first of them."""
    county, bureau = opened(runtime, COUNTY), opened(runtime, BUREAU)
    opened(runtime, SILENT)
    with runtime.platform_session(reason="test") as session:
        for site in session.scalars(select(Site)):
            site.contact = {"phone": PHONE}
            session.record(SiteChanged(site.tenant_id, site.id))
        suspend(session, tenant_by_code(session, SILENT.code), reason="整改", by=PLATFORM_ACTOR)
    for office in (county, bureau):
        with bench_of(office) as bench:
            write(bench)
    drain(runtime)
    return county


def write(bench: Bench) -> None:
    """Items with a picture and an attachment, in two columns; one is withdrawn; an old address."""
    news = [each.path for each in bench.columns.values() if each.column_type == "工作动态"]
    photo = bench.keep("防汛.png", picture(40, 30))
    table = bench.keep("物资清单.pdf", PDF)
    said = {
        "body_html": f'<p>现予公布。<img src="{photo.path}" alt="防汛现场"></p>',
        "attachments": (Attachment(table.id, "物资清单"),),
    }
    for column in (news[0], news[-1]):
        bench.publish(bench.write(f"{column}的公告", column=column, **said))
    gone = bench.publish(bench.write("撤下的公告", column=news[0]))
    withdraw(bench.session, gone.item_id, reason="内容有误", by=bench.actor("issuer"))
    add_redirects(bench.session, bench.site_id, [("/old.asp?id=7", "/", 301)])


def look_around(runtime: Runtime) -> Journey:
    """What the rows, the store and the trees hold."""
    store, public = open_store(runtime.settings), PublicFolder(runtime.settings.home)
    told = Journey([], {}, {})
    for opening in (COUNTY, BUREAU):
        with runtime.platform_session(reason="test", reading=True) as session:
            tenant_id = tenant_by_code(session, opening.code).id
        with runtime.tenant_session(tenant_id, reading=True) as session:
            rows = list(session.scalars(select(PublicPage)))
        digests = {row.path: row.digest for row in rows}
        for host in opening.hosts:
            told.published.append(Published(host, rows[0].site_id, tenant_id, digests))
            tree = (public.hosts / host).resolve()
            told.trees[host] = {
                f"/{path.relative_to(tree)}"
                for path in tree.rglob("*")
                if path.is_file() and path.suffix not in SUFFIXES and ".gone" not in path.parts
            }
            for path, digest in digests.items():
                if digest is not None:
                    told.blobs[host, path] = store.read(tenant_id, digest)
    return told


def dynamic_addresses(runtime: Runtime) -> list[str]:
    """All that the public application answers, whatever it is by now."""
    rules = create_public(runtime).url_map.iter_rules()
    return sorted({f"{rule.rule}?q=1" for rule in rules if not rule.arguments})


def publish_news(told: Journey, behind: Behind, office: Office, port: int) -> None:
    """An item is signed after all came back; the platform's own worker makes it public."""
    with (
        closing(Runtime.open(behind.settings)) as runtime,
        bench_of(replace(office, runtime=runtime)) as bench,
    ):
        column = next(each for each in bench.columns if "tzgg" in each)
        edition = bench.publish(bench.write("恢复之后的通知", column=column))
        told.news = item(bench.session, edition.item_id).path
    until = time.monotonic() + 60
    with closing(Reader(port)) as reader:
        while told.read_again is None or (
            told.read_again.status != 200 and time.monotonic() < until
        ):
            time.sleep(0.1)
            told.read_again = reader.ask(COUNTY.hosts[0], told.news)


AWAY = ("the stores are away", "all is away")


def test_there_is_something_of_every_kind_to_be_read(journey: Journey) -> None:
    for place in journey.published:
        kinds = ("/art/", "/m/", "/assets/", "/feeds/", "/sitemap", "/robots.txt", "/index.html")
        for kind in kinds:
            assert any(path.startswith(kind) for path in place.pages), (place.host, kind)
        assert any(path.endswith(".pdf") for path in place.pages)
        assert len(place.gone) == 1
    assert len(journey.phases["all runs"].pages) > 200


def test_what_is_asked_for_is_all_that_was_published(journey: Journey) -> None:
    for place in journey.published:
        assert {path for path, digest in place.digests.items() if digest} == journey.trees[
            place.host
        ]


@pytest.mark.parametrize("phase", ["all runs", *AWAY, "all is back"])
def test_every_published_address_gives_the_bytes_that_were_published(
    journey: Journey, phase: str
) -> None:
    heard = journey.phases[phase]

    for place in journey.published:
        for path in place.pages:
            plain, packed = heard.pages[place.host, path], heard.packed[place.host, path]
            body = packed.body
            if packed.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            assert plain.status == packed.status == 200, path
            assert plain.body == body == journey.blobs[place.host, path], path
            assert hashlib.sha256(plain.body).hexdigest() == place.digests[path]
    assert any("Content-Encoding" in each.headers for each in heard.packed.values())


@pytest.mark.parametrize("phase", AWAY)
def test_nothing_about_a_page_tells_that_anything_is_away(journey: Journey, phase: str) -> None:
    before, heard = journey.phases["all runs"], journey.phases[phase]

    assert heard.pages == before.pages
    assert heard.packed == before.packed
    assert heard.gone == before.gone
    assert (heard.suspended, heard.unknown) == (before.suspended, before.unknown)


@pytest.mark.parametrize("phase", ["all runs", *AWAY, "all is back"])
def test_who_has_a_page_is_told_so_and_what_was_withdrawn_stays_gone(
    journey: Journey, phase: str
) -> None:
    heard = journey.phases[phase]

    assert {(each.status, each.body) for each in heard.known.values()} == {(304, b"")}
    assert {each.status for each in heard.gone.values()} == {410}
    assert all("已经撤下" in each.text for each in heard.gone.values())
    assert heard.suspended is not None
    assert (heard.suspended.status, "暂停服务" in heard.suspended.text) == (503, True)
    assert heard.unknown is not None
    assert heard.unknown.status == 421


@pytest.mark.parametrize("phase", AWAY)
def test_services_say_that_they_are_away_whom_to_call_and_where_to_read_on(
    journey: Journey, phase: str
) -> None:
    heard = journey.phases[phase]
    assert heard.old is not None

    assert len(heard.dynamic) >= 2 * len(journey.published)
    for answer in (*heard.dynamic.values(), heard.old):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        assert PHONE in main
        assert 'href="/"' in main
        assert 'href="/sitemap.html"' in main
    for (who, path), answer in heard.dynamic.items():
        assert "搜索暂时不能使用" in answer.text, (who, path)
    assert "旧网址" in heard.old.text


@pytest.mark.parametrize("phase", AWAY)
def test_the_home_page_is_shown_for_an_old_address_that_looks_like_it(
    journey: Journey, phase: str
) -> None:
    home = journey.phases["all runs"].pages[COUNTY.hosts[0], "/index.html"]
    shown = journey.phases[phase].legacy_home

    assert shown is not None
    assert (shown.status, shown.body) == (200, home.body)


def test_when_all_is_back_nothing_had_to_be_reloaded(journey: Journey) -> None:
    before, heard = journey.phases["all runs"], journey.phases["all is back"]

    assert heard.pages == before.pages
    for phase in (before, heard):
        assert phase.old is not None
        assert (phase.old.status, phase.old.headers["Location"]) == (301, "/")
        assert phase.missing is not None
        assert phase.missing.status == 404
    searched = [each.status for (who, _), each in heard.dynamic.items() if who.startswith("GET")]
    assert set(searched) == {200}


def test_when_all_is_back_what_is_signed_is_published(journey: Journey) -> None:
    assert journey.read_again is not None
    assert journey.read_again.status == 200
    assert "恢复之后的通知" in journey.read_again.text
