"""Opening a tenant: one step, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, func, select

from hosting.directory.models import Domain, Site, Tenant
from hosting.directory.queries import site_of_host, tenant_by_code
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from parts.platform import Place
from provisioning.blueprints.loader import blueprint
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.opening import Opening, check_opening
from provisioning.onboarding.operations import open_tenant
from tenants.sites.models import Column
from tenants.sites.queries import columns_of

YUNLING = Opening(
    code="yunling",
    name="云岭县人民政府",
    short_name="云岭县",
    kind="county",
    hosts=("www.yunling.gov.cn", "云岭.政务"),
)


def opened(runtime: Runtime, opening: Opening = YUNLING) -> Tenant:
    with runtime.platform_session(reason="test") as session:
        platform_hosts = PlatformHosts.of(runtime.settings)
        checked = check_opening(session, opening, platform_hosts=platform_hosts)
        return open_tenant(session, checked, by=PLATFORM_ACTOR)


def counts(runtime: Runtime) -> dict[str, int]:
    with runtime.platform_session(reason="test", reading=True) as session:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Tenant, Site, Domain, Column)
        }


def test_a_tenant_opens_with_site_hosts_columns_and_home_page(each_runtime: Runtime) -> None:
    tenant = opened(each_runtime)

    hosted = site_of_host(each_runtime, "www.yunling.gov.cn")
    assert hosted is not None
    assert (hosted.tenant_id, hosted.tenant_state) == (tenant.id, "open")
    with each_runtime.tenant_session(tenant.id, reading=True) as session:
        site = session.scalars(select(Site)).one()
        columns = columns_of(session, site.id)
        plan = blueprint("county")
        assert {column.path for column in columns} == {column.path for column in plan.columns}
        assert columns[0].name == "走进云岭县"
        assert site.theme == "county"
        ids = {str(column.id) for column in columns}
        assert all(set(block["columns"]) <= ids for block in site.layout["home"])
        assert len(site.layout["services"]) == 10


def test_columns_stand_in_the_order_of_the_blueprint(runtime: Runtime) -> None:
    tenant = opened(runtime)

    with runtime.tenant_session(tenant.id, reading=True) as session:
        site = session.scalars(select(Site)).one()
        tops = [column.path for column in columns_of(session, site.id) if column.depth == 1]

    assert tops == [c.path for c in blueprint("county").columns if c.parent_path is None]


def test_another_tenant_sees_nothing_of_the_new_one(each_runtime: Runtime, river: Place) -> None:
    opened(each_runtime)

    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalars(select(Site.name)).all() == ["清河县人民政府"]
        assert session.scalar(select(func.count()).select_from(Column)) == 0


def test_opening_asks_the_database_the_same_whatever_the_number_of_columns(
    runtime: Runtime,
) -> None:
    statements: list[str] = []
    event.listen(
        runtime.database.engine,
        "before_cursor_execute",
        lambda *facts: statements.append(facts[2]),
    )

    opened(runtime)
    for_county = len(statements)
    hosts = ("czj.a.gov.cn", "czj.b.gov.cn")
    department = Opening(code="czj", name="市财政局", kind="department", hosts=hosts)
    opened(runtime, department)

    assert len(statements) - for_county <= for_county
    assert for_county < 50


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(
    each_runtime: Runtime, river: Place
) -> None:
    before = counts(each_runtime)
    wrong = Opening(
        code=river.code,
        name=" ",
        kind="village",
        hosts=("http://x", river.host, each_runtime.settings.console_host),
        blueprint="castle",
    )

    with pytest.raises(Invalid) as refusal:
        opened(each_runtime, wrong)

    told = {(problem.field, problem.code) for problem in refusal.value.problems}
    assert told == {
        ("code", "code_taken"),
        ("name", "name_missing"),
        ("kind", "unknown_kind"),
        ("blueprint", "blueprint_unknown"),
        ("hosts[0]", "host_with_more"),
        ("hosts[1]", "host_taken"),
        ("hosts[2]", "host_reserved"),
    }
    assert counts(each_runtime) == before


@pytest.mark.parametrize("code", ["", "Q", "q", "清河", "1a", "a_b", "a-", "a" * 33, "ab\n"])
def test_codes_that_cannot_stand_in_an_address_are_refused(runtime: Runtime, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        opened(runtime, Opening(code=code, name="甲", kind="county", hosts=("www.a.gov.cn",)))

    assert ("code", "wrong_code") in {(p.field, p.code) for p in refusal.value.problems}


def test_what_was_public_until_today_may_be_taken_over(runtime: Runtime) -> None:
    opened(runtime)

    with runtime.platform_session(reason="test", reading=True) as session:
        assert tenant_by_code(session, "yunling").history_until == YUNLING.history_end


def test_the_command_refuses_bad_input_with_exit_code_2(jiyue: Any, runtime: Runtime) -> None:
    before = counts(runtime)

    outcome = jiyue(
        "tenant", "create", "河", "--name", "甲", "--kind", "county", "--host", "10.0.0.1"
    )

    assert outcome.code == 2
    fields = {problem["field"] for problem in outcome.data["error"]["problems"]}
    assert fields == {"code", "hosts[0]"}
    assert all(field in outcome.told for field in fields)
    assert counts(runtime) == before


def test_the_command_names_what_it_opened(jiyue: Any) -> None:
    outcome = jiyue(
        "tenant",
        "create",
        "yunling",
        "--name",
        "云岭县人民政府",
        "--kind",
        "county",
        "--host",
        "www.yunling.com",
    )

    assert outcome.code == 0
    assert outcome.data["code"] == "yunling"
    assert outcome.data["hosts"] == ["www.yunling.com"]
    assert [warning["code"] for warning in outcome.data["warnings"]] == ["unusual_host"]
    assert [(each["host"], each["status"]) for each in outcome.data["answers"]] == [
        ("www.yunling.com", 200)
    ]
    assert "yunling" in {row["code"] for row in jiyue("tenant", "list").data}
    assert jiyue("tenant", "show", "yunling").data["columns"] == 51
    assert jiyue("tenant", "show", "nobody").code == 2
