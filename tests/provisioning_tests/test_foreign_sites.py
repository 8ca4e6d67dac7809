"""A tenant's site in a foreign language: opened, in its language, closed, opened again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hosting.directory.asking import Asker
from hosting.directory.models import Site, Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.errors import Conflict, Invalid, LimitReached
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR
from parts.languages import english_desk, open_english
from parts.office import office
from parts.platform import Place
from provisioning.domains.names import PlatformHosts
from provisioning.domains.operations import choose_main
from provisioning.lifecycle.operations import announce_closing, resume, suspend
from provisioning.onboarding.queries import main_site_of
from provisioning.quotas.operations import Quotas, set_quotas
from provisioning.sites.opening import SiteOpening, check_site_opening
from provisioning.sites.operations import close_site, reopen_site

Jiyue = Callable[..., Any]

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OPENING = SiteOpening("en", "Qinghe County", ("en.river.gov.cn",))


@pytest.fixture
def english(runtime: Runtime, river: Place) -> Place:
    return open_english(runtime, river)


def change(runtime: Runtime, verb: Callable[[WalledSession, Tenant, Site], object]) -> None:
    with runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, "river")
        site = session.scalars(
            select(Site).where(Site.tenant_id == tenant.id, Site.locale == "en")
        ).one()
        verb(session, tenant, site)
    drain(runtime)


def ask(runtime: Runtime, place: Place, path: str = "/") -> tuple[int, str]:
    answer = Asker(runtime).ask(place.host, path)
    return answer.status, answer.body.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/news/", 200),
        ("/sitemap.html", 200),
        ("/-/search?q=flood", 200),
        ("/nowhere.html", 404),
    ],
)
def test_every_page_of_an_english_site_is_in_english(
    runtime: Runtime, english: Place, path: str, status: int
) -> None:
    answered, page = ask(runtime, english, path)

    # Labels keep the values of the national list, and the language link its own name.
    shown = re.sub(r'<meta name="ColumnType"[^>]*>|<a href="[^"]*" lang="zh-CN".*?</a>', "", page)
    assert answered == status
    assert '<html lang="en"' in page
    assert CHINESE.findall(shown) == []


def test_each_host_shows_its_own_site_and_leads_to_the_other(
    runtime: Runtime, river: Place, english: Place
) -> None:
    _, chinese = ask(runtime, river)
    _, page = ask(runtime, english)

    assert "Qinghe County" in page
    assert "清河县" not in page
    assert '<a href="http://www.river.gov.cn:8000/" lang="zh-CN" hreflang="zh-CN">' in page
    assert '<a href="http://en.river.gov.cn:8000/" lang="en" hreflang="en">English</a>' in chinese
    for each in (chinese, page):
        assert re.findall(r'rel="alternate" hreflang="([^"]*)" href="([^"]*)"', each) == [
            ("zh-CN", "http://www.river.gov.cn:8000/"),
            ("en", "http://en.river.gov.cn:8000/"),
            ("x-default", "http://www.river.gov.cn:8000/"),
        ]


def test_robots_feeds_and_sitemaps_are_its_own(runtime: Runtime, english: Place) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/feeds/site.rss", "/feeds/site.atom"):
        status, body = ask(runtime, english, path)
        assert status == 200, path
        assert "http://en.river.gov.cn:8000/" in body, path
        assert "www.river.gov.cn" not in body, path
    assert "<language>en</language>" in ask(runtime, english, "/feeds/site.rss")[1]


def test_a_site_without_others_says_nothing_of_languages(runtime: Runtime, river: Place) -> None:
    with office(runtime, river) as desk:
        desk.pass_all(desk.write("防汛通知"))
    drain(runtime)

    assert "hreflang" not in ask(runtime, river)[1]


def test_search_finds_what_stands_on_its_own_site_in_capitals_or_not(
    runtime: Runtime, river: Place, english: Place
) -> None:
    with office(runtime, river) as desk:
        desk.pass_all(desk.write("Flood 防汛通知"))
    with english_desk(runtime, english) as desk:
        desk.pass_all(desk.write("Flood warning", body_html="<p>The river is rising.</p>"))
    drain(runtime)

    _, page = ask(runtime, english, "/-/search?q=flood+RIVER")

    assert "<mark>Flood</mark> warning" in page
    assert "The <mark>river</mark> is rising." in page
    assert "防汛通知" not in page


def test_a_closed_site_shows_a_notice_and_nothing_leads_to_it(
    runtime: Runtime, river: Place, english: Place
) -> None:
    change(runtime, lambda s, t, e: close_site(s, t, e, reason="停止维护", by=PLATFORM_ACTOR))
    closed, led = ask(runtime, english), ask(runtime, river)[1]
    change(runtime, lambda s, t, e: reopen_site(s, t, e, reason="恢复维护", by=PLATFORM_ACTOR))

    assert closed[0] == 410
    assert "This site has been closed." in closed[1]
    assert "en.river.gov.cn" not in led
    assert "hreflang" not in led
    assert ask(runtime, english)[0] == 200
    assert "http://en.river.gov.cn:8000/" in ask(runtime, river)[1]


def test_the_main_site_ends_with_its_tenant_alone(runtime: Runtime, english: Place) -> None:
    def close_main(session: WalledSession, tenant: Tenant, _english: Site) -> None:
        main = main_site_of(session, tenant.id)
        close_site(session, tenant, main, reason="误操作", by=PLATFORM_ACTOR)

    with pytest.raises(Conflict) as refused:
        change(runtime, close_main)

    assert refused.value.code == "main_site"


def test_what_befalls_a_tenant_befalls_all_its_sites(runtime: Runtime, english: Place) -> None:
    change(runtime, lambda s, t, _e: suspend(s, t, reason="整改", by=PLATFORM_ACTOR))
    suspended = ask(runtime, english)[0]
    change(runtime, lambda s, t, _e: resume(s, t, reason="完成", by=PLATFORM_ACTOR))
    back = ask(runtime, english)[0]
    change(runtime, lambda s, t, _e: announce_closing(s, t, reason="机构撤并", by=PLATFORM_ACTOR))
    announced = ask(runtime, english)[1]

    assert (suspended, back) == (503, 200)
    assert "This website closes on" in announced


def test_quotas_count_what_stands_on_all_sites(
    runtime: Runtime, river: Place, english: Place
) -> None:
    change(runtime, lambda s, t, _e: set_quotas(s, t, quotas=Quotas(items=1), by=PLATFORM_ACTOR))
    with office(runtime, river) as desk:
        desk.write("防汛通知")

    with pytest.raises(LimitReached), english_desk(runtime, english) as desk:
        desk.write("Flood warning")


def test_all_that_is_wrong_is_said_at_once(runtime: Runtime, river: Place, hill: Place) -> None:
    wrong = SiteOpening("xx", "", ("www.hill.gov.cn", "not a host"))
    own = PlatformHosts.of(runtime.settings)
    with runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, "river")
        with pytest.raises(Invalid) as refused:
            check_site_opening(session, tenant, wrong, platform_hosts=own)

    codes = {problem.code for problem in refused.value.problems}
    assert codes == {"unknown_locale", "name_missing", "host_taken", "host_with_more"}


def test_a_tenant_has_one_site_in_a_language(each_runtime: Runtime, river: Place) -> None:
    open_english(each_runtime, river)
    with each_runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, "river")
        with pytest.raises(Invalid) as refused:
            again = SiteOpening("en", "Qinghe", ("en2.river.gov.cn",))
            own = PlatformHosts.of(each_runtime.settings)
            check_site_opening(session, tenant, again, platform_hosts=own)
    with pytest.raises(IntegrityError), each_runtime.platform_session(reason="test") as session:
        session.add(Site(tenant_id=101, id=9, locale="en", name="x", main_host="x.cn"))

    assert [problem.code for problem in refused.value.problems] == ["site_exists"]


def test_another_main_host_stands_on_the_pages_of_the_other_site(
    runtime: Runtime, river: Place, english: Place, jiyue: Jiyue
) -> None:
    bound = jiyue("domain", "bind", "english.river.gov.cn", "--tenant", "river", "--locale", "en")
    change(
        runtime,
        lambda s, t, e: choose_main(s, t, e, "english.river.gov.cn", by=PLATFORM_ACTOR),
    )

    page = ask(runtime, river)[1]
    assert bound.code == 0
    assert "http://english.river.gov.cn:8000/" in page
    assert "//en.river" not in page


def test_the_command_opens_lists_closes_and_opens_again(
    runtime: Runtime, river: Place, jiyue: Jiyue
) -> None:
    facts = ("--tenant", "river", "--locale", "en")
    opened = jiyue("site", "create", *facts, "--host", "en.river.gov.cn", "--name", "Qinghe")
    again = jiyue("site", "create", *facts, "--host", "en2.river.gov.cn", "--name", "Qinghe")
    closed = jiyue("site", "close", *facts, "--reason", "停止维护")
    unknown = jiyue("site", "close", "--tenant", "river", "--locale", "fr", "--reason", "x")
    reopened = jiyue("site", "reopen", *facts, "--reason", "恢复")
    listed = jiyue("site", "list", "--tenant", "river")

    assert [opened.code, closed.code, reopened.code, listed.code] == [0, 0, 0, 0]
    assert (again.code, unknown.code) == (2, 2)
    assert [(each["kind"], each["locale"], each["state"]) for each in listed.data] == [
        ("main", "zh_Hans_CN", "open"),
        ("foreign", "en", "open"),
    ]
    assert closed.data[1]["state"] == "closed"
    assert listed.data[1]["hosts"] == ["en.river.gov.cn"]
