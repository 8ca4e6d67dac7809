"""Deleting a tenant and taking the trail out, in a real browser: on a desk and on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from werkzeug.serving import make_server

from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.browser import violations
from parts.city_hall import CityHall, open_hall
from parts.full_house import GOING, empty_house
from parts.serving import in_whole
from provisioning.lifecycle.models import TenantStep

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from parts.browser import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def served(runtime: Runtime) -> Iterator[tuple[CityHall, str]]:
    """City hall on loopback, with a tenant whose time is over."""
    empty_house(runtime)
    with runtime.platform_session(reason="test") as session:
        long_ago = update(TenantStep).values(taken_at=now() - timedelta(days=31))
        session.execute(long_ago.where(TenantStep.new_state == "closed"))
    hall = open_hall(runtime)
    server = make_server("127.0.0.1", 0, in_whole(hall.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield hall, f"http://console.localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(served: tuple[CityHall, str], open_page: OpenPage, role: str, width: int) -> Page:
    """A page in whose browser the person with a role has signed in."""
    hall, address = served
    page = open_page(width=width)
    token = hall.browser(role).token
    page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": address}])
    return page


def look_at(page: Page) -> None:
    """Nothing wrong with it, and nothing beyond its edge."""
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0


@pytest.mark.parametrize("width", [1440, 390])
def test_a_tenant_is_deleted_and_watched(
    served: tuple[CityHall, str], open_page: OpenPage, width: int
) -> None:
    hall, address = served
    page = signed_in(served, open_page, "system_admin", width)
    page.goto(f"{address}/city/tenants/{GOING.code}/deletion/")
    look_at(page)

    page.get_by_label("理由").fill("机构撤销，职能并入市政府")
    page.get_by_label("租户代码").fill(GOING.code)
    page.get_by_role("button", name="永久删除").click()
    page.get_by_text("正在删除").first.wait_for()
    look_at(page)
    drain(hall.runtime)
    page.get_by_text("已注销，数据全部删除").wait_for()
    look_at(page)
    page.goto(f"{address}/city/deletions/")
    look_at(page)
    assert page.get_by_text("云岭县人民政府").is_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_auditor_takes_out_what_is_shown(
    served: tuple[CityHall, str], open_page: OpenPage, width: int
) -> None:
    _, address = served
    page = signed_in(served, open_page, "audit_admin", width)
    page.goto(f"{address}/city/audit/?action=tenant_closed")
    look_at(page)

    with page.expect_download() as awaited:
        page.get_by_role("button", name="导出 CSV").click()

    assert awaited.value.suggested_filename.startswith("audit-")
