"""Opening a tenant at the console: what is shown before, what is refused, what readers get then."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from hosting.directory.asking import Asker
from hosting.directory.models import Domain, Site, Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.audit import AuditEntry
from parts.city_hall import CityHall
from parts.people import Browser
from tenants.sites.models import Column

OPENING = {
    "blueprint": "county",
    "name": "云岭县人民政府",
    "short_name": "",
    "code": "yunling",
    "hosts": "www.yunling.gov.cn\n云岭.政务",
    "history_until": "2026-01-01",
    "icp_number": "滇ICP备05000001号",
}


def open_tenant(browser: Browser, **facts: str) -> str:
    """Open one through the form; the address that the answer leads to."""
    answer = browser.post("/city/opening/", on="/city/opening/", **{**OPENING, **facts})
    assert answer.status_code == 303, answer.text
    return answer.location


def counts(runtime: Runtime) -> dict[str, int]:
    with runtime.platform_session(reason="test", reading=True) as session:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Tenant, Site, Domain, Column, AuditEntry)
        }


def errors(page: str) -> list[str]:
    """The sentences above a refused form."""
    return re.findall(r"<li><a href=\"#\w+\">(.*?)</li>", page, re.DOTALL)


def test_a_tenant_is_opened_suspended_and_resumed_and_readers_see_each(each_hall: CityHall) -> None:
    browser, runtime = each_hall.browser("system_admin"), each_hall.runtime
    host, page = "www.yunling.gov.cn", "/city/tenants/yunling/"

    opened = open_tenant(browser)
    assert opened == f"{page}opened"
    waiting = browser.get(opened).text
    assert "正在生成网页" in waiting
    assert "every 2s" in waiting
    drain(runtime)
    answered = browser.get(opened).text
    assert "首页已经可以访问" in answered
    assert "every 2s" not in answered
    assert "云岭县人民政府" in Asker(runtime).ask(host).body.decode()

    state = f"{page}state/"
    question = browser.get(f"{state}suspension").text
    assert "暂停“云岭县人民政府”？" in question
    assert "51 个栏目、0 篇稿件" in question
    assert "www.yunling.gov.cn、云岭.政务" in question
    wrong = browser.post(f"{state}suspension", on="/account", reason="安全整改", typed="river")
    assert wrong.status_code == 422
    assert "应为 yunling" in wrong.text
    assert Asker(runtime).ask(host).status == 200
    browser.post(f"{state}suspension", on="/account", reason="安全整改", typed="yunling")
    drain(runtime)
    assert Asker(runtime).ask(host).status == 503
    shown = browser.get(state).text
    assert "安全整改" in shown
    assert "恢复网站" in shown

    browser.post(f"{state}resumption", on="/account", reason="整改完成")
    drain(runtime)
    assert Asker(runtime).ask(host).status == 200
    listed = browser.get("/city/tenants/?words=云岭").text
    assert "首页已发布" in listed


def test_all_that_is_wrong_is_said_at_once_what_was_typed_stays_and_nothing_is_written(
    each_hall: CityHall,
) -> None:
    browser = each_hall.browser("system_admin")
    before = counts(each_hall.runtime)

    answer = browser.post(
        "/city/opening/",
        on="/city/opening/",
        blueprint="castle",
        name=" ",
        code="Q",
        hosts="http://x\nwww.river.gov.cn\n10.0.0.1",
        history_until="昨天",
        icp_number="甲" * 61,
    )

    assert answer.status_code == 422
    said = " ".join(errors(answer.text))
    for sentence in (
        "请填写单位名称",
        "代码“Q”应为",
        "“http://x”应只写域名",
        "域名“www.river.gov.cn”已绑定给租户“river”",
        "“10.0.0.1”是 IP 地址",
        "请填写正确的日期",
        "最多填写 60 个字符",
        "请从列表中选择一项",
    ):
        assert sentence in said
    assert "http://x\nwww.river.gov.cn\n10.0.0.1</textarea>" in answer.text
    assert counts(each_hall.runtime) == before


def test_a_code_taken_meanwhile_is_refused_at_its_field(hall: CityHall) -> None:
    browser = hall.browser("system_admin")

    answer = browser.post("/city/opening/", on="/city/opening/", **{**OPENING, "code": "hill"})

    assert errors(answer.text) == ["租户代码</a>：代码“hill”已被占用"]


@pytest.mark.parametrize("name", ["tenant_id", "state", "kind2", "by"])
def test_what_the_form_does_not_ask_for_is_not_taken(hall: CityHall, name: str) -> None:
    browser = hall.browser("system_admin")

    answer = browser.post("/city/opening/", on="/city/opening/", **OPENING, **{name: "101"})

    with hall.runtime.platform_session(reason="test", reading=True) as session:
        made = session.scalars(select(Tenant).where(Tenant.code == "yunling")).first()
    if name == "kind2":
        assert made is not None
        assert (made.state, made.kind) == ("open", "county")
    else:
        assert answer.status_code == 422
        assert made is None


def test_the_facts_of_the_form_are_the_tenants(hall: CityHall) -> None:
    open_tenant(hall.browser("system_admin"))

    with hall.runtime.platform_session(reason="test", reading=True) as session:
        tenant = tenant_by_code(session, "yunling")
        site = session.scalars(select(Site).where(Site.tenant_id == tenant.id)).one()
        row = session.scalars(select(AuditEntry).where(AuditEntry.action == "tenant_opened")).one()
    assert str(tenant.history_until) == "2026-01-01"
    assert (site.short_name, site.icp_number) == ("云岭县", "滇ICP备05000001号")
    assert site.main_host == "www.yunling.gov.cn"
    assert (row.account_id, row.address) == (hall.ids["system-admin"], "203.0.113.7")


def test_the_form_shows_what_the_chosen_blueprint_brings(hall: CityHall) -> None:
    browser = hall.browser("system_admin")

    county = browser.get("/city/opening/?blueprint=county").text
    department = browser.get("/city/opening/?blueprint=department").text

    assert "51 个栏目" in county
    assert "走进本单位" in county
    assert "县区门户" in county
    assert "34 个栏目" in department
    assert '<option value="department" selected>' in department
    assert browser.get("/city/opening/?blueprint=castle").status_code == 200


def test_unusual_names_are_pointed_out_and_not_forbidden(hall: CityHall) -> None:
    browser = hall.browser("system_admin")

    opened = open_tenant(browser, hosts="www.yunling.com")

    assert "国办函〔2018〕55号" in browser.get(opened).text
