"""The list of tenants, and what the city changes of one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from hosting.directory.models import Domain, Site, Tenant
from hosting.runtime.clock import today
from hosting.runtime.runtime import Runtime
from parts.city_hall import CityHall
from parts.people import Browser
from parts.platform import HILL, RIVER
from parts.workplace import Office, bench_of, grow_columns, staff

HOSTS, LIMITS, STATE = (f"/city/tenants/river/{page}/" for page in ("hosts", "limits", "state"))


def names(page: str) -> list[str]:
    """The tenants of a list, in its order."""
    body = page[page.index("<tbody>") :] if "<tbody>" in page else ""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', body)


def tenant(runtime: Runtime, code: str = "river") -> Tenant:
    with runtime.platform_session(reason="test", reading=True) as session:
        return session.scalars(select(Tenant).where(Tenant.code == code)).one()


def hosts(runtime: Runtime) -> dict[str, bool]:
    """The county's hosts, and whether each is the main one."""
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(Domain).where(Domain.for_tenant_id == RIVER.tenant_id))
        return {row.host: row.is_main for row in rows}


@pytest.fixture
def admin(hall: CityHall) -> Browser:
    """The system administrator's browser."""
    return hall.browser("system_admin")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["市教育局", "清河县"]),
        ("?sort=-code", ["清河县", "市教育局"]),
        ("?words=清河", ["清河县"]),
        ("?words=HILL.gov", ["市教育局"]),
        ("?words=100%25", []),
        ("?kind=county", ["清河县"]),
        ("?state=suspended", []),
        ("?state=nonsense&sort=nonsense&page=99", ["市教育局", "清河县"]),
    ],
)
def test_the_list_is_narrowed_and_sorted_as_the_address_says(
    admin: Browser, query: str, found: list[str]
) -> None:
    assert names(admin.get(f"/city/tenants/{query}").text) == found


def test_a_line_tells_state_hosts_what_is_published_and_whether_there_is_a_home_page(
    hall: CityHall, admin: Browser
) -> None:
    office = Office(hall.runtime, hall.app, RIVER, staff(hall.runtime, RIVER))
    with hall.runtime.tenant_session(RIVER.tenant_id) as session:
        grow_columns(session, office.actors["tenant_admin"])
    with bench_of(office) as bench:
        bench.publish(bench.write("清河县第三季度水质公报"))
        bench.write("还没有发布的稿件")

    page = admin.get("/city/tenants/?kind=county").text

    assert "开通" in page
    assert RIVER.host in page
    assert "首页未发布" in page
    assert '<td class="end narrow" data-label="已发布">1</td>' in page
    assert "1 篇" in admin.get("/city/tenants/river/").text


def test_a_host_is_bound_made_the_main_one_and_the_other_released(
    hall: CityHall, admin: Browser
) -> None:
    admin.post(HOSTS, on=HOSTS, host="清河.政务")
    chinese = "清河.政务".encode("idna").decode("ascii")
    assert hosts(hall.runtime) == {RIVER.host: True, chinese: False}
    assert "清河.政务" in admin.get(HOSTS).text

    kept = admin.post(f"{HOSTS}{RIVER.host}/release", on=HOSTS)
    assert kept.status_code == 409
    assert "是网站的主域名" in kept.text
    admin.post(f"{HOSTS}{chinese}/main", on=HOSTS)
    with hall.runtime.platform_session(reason="test", reading=True) as session:
        site = session.scalars(select(Site).where(Site.tenant_id == RIVER.tenant_id)).one()
    assert site.main_host == chinese
    admin.post(f"{HOSTS}{RIVER.host}/release", on=HOSTS)
    assert hosts(hall.runtime) == {chinese: True}


@pytest.mark.parametrize(
    ("host", "sentence"),
    [("", "域名不能为空"), ("http://a.cn", "应只写域名"), (HILL.host, "已绑定给租户“hill”")],
)
def test_a_wrong_host_is_refused_at_its_field(
    hall: CityHall, admin: Browser, host: str, sentence: str
) -> None:
    answer = admin.post(HOSTS, on=HOSTS, host=host)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert hosts(hall.runtime) == {RIVER.host: True}


def test_another_tenants_host_can_not_be_released_from_here(hall: CityHall, admin: Browser) -> None:
    answer = admin.post(f"{HOSTS}{HILL.host}/release", on=HOSTS)

    assert answer.status_code == 404
    with hall.runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Domain).where(Domain.host == HILL.host)).one()


def test_quotas_are_set_shown_beside_what_is_used_and_taken_away(
    hall: CityHall, admin: Browser
) -> None:
    admin.post(LIMITS, on=LIMITS, items="500", storage_megabytes="20", accounts="")
    assert tenant(hall.runtime).quotas == {"items": 500, "storage_bytes": 20_000_000}
    shown = admin.get(LIMITS).text
    assert "0 / 500" in shown
    assert 'value="20"' in shown

    wrong = admin.post(LIMITS, on=LIMITS, items="0", storage_megabytes="多", accounts="1")
    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong-why"') == 2
    assert tenant(hall.runtime).quotas["items"] == 500
    admin.post(LIMITS, on=LIMITS)
    assert tenant(hall.runtime).quotas == {}


def test_until_when_history_may_come_in_is_set(hall: CityHall, admin: Browser) -> None:
    refused = admin.post(f"{LIMITS}history", on=LIMITS, until="")
    admin.post(f"{LIMITS}history", on=LIMITS, until="2026-06-30")

    assert refused.status_code == 422
    assert str(tenant(hall.runtime).history_until) == "2026-06-30"
    assert "2026-06-30 之前" in admin.get("/city/tenants/river/").text


def test_a_tenant_is_renamed(hall: CityHall, admin: Browser) -> None:
    form = "/city/tenants/river/name"
    refused = admin.post(form, on=form, name=" ")
    admin.post(form, on=form, name="清河区人民政府", short_name="清河区")

    assert refused.status_code == 422
    assert tenant(hall.runtime).name == "清河区人民政府"
    assert "清河区人民政府" in admin.get("/city/tenants/").text


def test_a_tenant_is_closed_only_when_its_notice_has_run_out(
    hall: CityHall, admin: Browser
) -> None:
    soon = (today() + timedelta(days=3)).isoformat()
    typed = {"reason": "机构改革", "typed": "river", "successor": "www.city.gov.cn"}
    early = admin.post(f"{STATE}announcement", on="/account", notice_until=soon, **typed)
    assert early.status_code == 422
    assert "关停公告至少保留到" in early.text

    admin.post(f"{STATE}announcement", on="/account", **typed)
    assert tenant(hall.runtime).state == "closing"
    assert "www.city.gov.cn" in admin.get(STATE).text
    running = admin.post(f"{STATE}closing", on="/account", reason="期满", typed="river")
    assert running.status_code == 409
    assert tenant(hall.runtime).state == "closing"

    with time_machine.travel(today() + timedelta(days=32)):
        later = hall.browser("system_admin")
        later.post(f"{STATE}closing", on="/account", reason="期满", typed="river")
    assert tenant(hall.runtime).state == "closed"
    closed = admin.get(STATE).text
    assert not any(word in closed for word in ("恢复网站", "暂停网站", "发布关停公告"))


@pytest.mark.parametrize("facts", [{"typed": "river"}, {"reason": "整改"}, {}])
def test_a_grave_step_needs_its_reason_and_the_code_typed(
    hall: CityHall, admin: Browser, facts: dict[str, str]
) -> None:
    answer = admin.post(f"{STATE}suspension", on="/account", **facts)

    assert answer.status_code == 422
    assert answer.text.count('class="wrong-why"') == 2 - len(facts)
    assert tenant(hall.runtime).state == "open"


def test_the_palette_finds_tenants_for_whoever_may_see_them(hall: CityHall, admin: Browser) -> None:
    assert "/city/tenants/river/" in admin.get("/city/palette?q=清河").text
    assert (
        "/city/tenants/river/" not in hall.browser("audit_admin").get("/city/palette?q=清河").text
    )
