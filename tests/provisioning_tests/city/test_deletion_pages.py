"""Deleting a tenant at the city's console: what goes is said, the code typed, the end reported."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from hosting.directory.queries import tenant_by_code
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.city_hall import CityHall, open_hall
from parts.full_house import GOING, empty_house
from parts.people import Browser
from provisioning.lifecycle.models import TenantStep

PAGE = f"/city/tenants/{GOING.code}/deletion/"
STATE = f"/city/tenants/{GOING.code}/state/"


@pytest.fixture
def city(runtime: Runtime) -> CityHall:
    """City hall, and a tenant that was closed 31 days ago."""
    house = empty_house(runtime)
    with runtime.platform_session(reason="test") as session:
        closed = TenantStep.subject_id == house.going.place.tenant_id
        session.execute(
            update(TenantStep).where(closed).values(taken_at=now() - timedelta(days=31))
        )
    return open_hall(runtime)


@pytest.fixture
def admin(city: CityHall) -> Browser:
    return city.browser("system_admin")


def test_the_question_says_what_goes(admin: Browser) -> None:
    assert PAGE in admin.get(STATE).text

    page = admin.get(PAGE).text

    for said in (
        "云岭县人民政府",
        "篇稿件",
        "个文件",
        "现有 6 人",
        "www.yunling.gov.cn",
        GOING.code,
    ):
        assert said in page


def test_a_wrong_code_deletes_nothing(city: CityHall, admin: Browser) -> None:
    answer = admin.post(PAGE, on=PAGE, reason="机构撤销", typed="wenlv")

    assert answer.status_code == 422
    drain(city.runtime)
    with city.runtime.platform_session(reason="test", reading=True) as session:
        assert tenant_by_code(session, GOING.code).state == "closed"


def test_the_typed_code_deletes_it_and_the_page_reports(city: CityHall, admin: Browser) -> None:
    answer = admin.post(PAGE, on=PAGE, reason="机构撤销", typed=GOING.code)
    watched = answer.location
    assert (answer.status_code, watched.startswith("/city/deletions/")) == (303, True)
    assert "正在删除" in admin.get(watched).text
    assert "hx-get" in admin.get(watched).text

    drain(city.runtime)

    report = admin.get(watched).text
    assert "已注销，数据全部删除" in report
    assert "栏目" in report
    assert "人员职责" in report
    assert 'hx-trigger="every 2s"' not in report
    assert "云岭县人民政府" in admin.get("/city/deletions/").text
    assert admin.get(STATE).status_code == 404
    auditor = city.browser("audit_admin").get("/city/audit/?action=tenant_deleted").text
    assert "注销租户" in auditor


def test_before_its_time_the_page_says_when(runtime: Runtime) -> None:
    empty_house(runtime)
    browser = open_hall(runtime).browser("system_admin")

    page = browser.get(PAGE).text

    assert "关停满 30 天后才能注销" in page
    assert 'name="typed"' not in page
    token = browser.form_token("/account")
    refused = browser.client.post(
        PAGE,
        data={"csrf_token": token, "reason": "急", "typed": GOING.code},
        base_url=browser.host,
        headers={"Referer": f"{browser.host}/account"},
    )
    assert refused.status_code == 409


def test_an_open_tenant_is_not_asked_about(city: CityHall, admin: Browser) -> None:
    assert "只有已关停的租户才能注销" in admin.get("/city/tenants/river/deletion/").text
    assert "注销并删除数据" not in admin.get("/city/tenants/river/state/").text
