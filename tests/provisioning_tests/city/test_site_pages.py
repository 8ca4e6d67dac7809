"""Foreign-language sites at a tenant's page: opened, closed, opened again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.runtime import Runtime
from hosting.security.audit import AuditEntry
from parts.city_hall import CityHall
from parts.people import Browser
from parts.platform import HILL, RIVER

SITES, HOSTS = "/city/tenants/river/sites/", "/city/tenants/river/hosts/"
ENGLISH = {"locale": "en", "name": "Qinghe County", "hosts": "en.river.gov.cn"}


@pytest.fixture
def admin(hall: CityHall) -> Browser:
    return hall.browser("system_admin")


def sites(runtime: Runtime) -> dict[str, str]:
    """The state of the county's sites by their locale."""
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(Site).where(Site.tenant_id == RIVER.tenant_id))
        return {row.locale: row.state for row in rows}


def told(runtime: Runtime) -> list[str]:
    with runtime.platform_session(reason="test", reading=True) as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        return [each for each in actions if each.startswith("site_") and each != "site_changed"]


def test_a_site_is_opened_closed_and_opened_again_and_the_trail_tells_it(
    hall: CityHall, admin: Browser
) -> None:
    opened = admin.post(SITES, on=SITES, **ENGLISH)
    after = [sites(hall.runtime)]
    admin.post(f"{SITES}en/closing", on=SITES, reason="停止维护")
    after.append(sites(hall.runtime))
    closed = admin.get(SITES).text
    admin.post(f"{SITES}en/reopening", on=SITES, reason="恢复维护")
    after.append(sites(hall.runtime))

    assert opened.status_code == 303
    assert [each["en"] for each in after] == ["open", "closed", "open"]
    assert "已关闭" in closed
    assert told(hall.runtime) == ["site_opened", "site_closed", "site_reopened"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_opened(
    hall: CityHall, admin: Browser
) -> None:
    answer = admin.post(SITES, on=SITES, **{**ENGLISH, "name": "", "hosts": HILL.host})

    assert answer.status_code == 422
    assert "请填写单位名称" in answer.text
    assert "已绑定给租户“hill”" in answer.text
    assert sites(hall.runtime).keys() == {"zh_Hans_CN"}


def test_a_host_is_bound_to_the_site_that_is_chosen(hall: CityHall, admin: Browser) -> None:
    admin.post(SITES, on=SITES, **ENGLISH)
    admin.post(HOSTS, on=HOSTS, host="english.river.gov.cn", locale="en")
    admin.post(f"{HOSTS}english.river.gov.cn/main", on=HOSTS)

    with hall.runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(Site).where(Site.tenant_id == RIVER.tenant_id))
        main = {row.locale: row.main_host for row in rows}
    assert main == {"zh_Hans_CN": RIVER.host, "en": "english.river.gov.cn"}
