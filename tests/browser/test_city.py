"""The city's pages in a real browser: on a desk, on a phone, with dialogs."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.runtime.worker import drain
from parts.browser import violations
from parts.city_hall import CityHall, open_hall
from parts.platform import make_home
from parts.serving import in_whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from parts.browser import OpenPage

pytestmark = pytest.mark.browser

DESK, PHONE = 1440, 390


@dataclass
class Served:
    """City hall on loopback."""

    address: str
    hall: CityHall

    def page(self, open_page: OpenPage, role: str, path: str, width: int = DESK) -> Page:
        """A page of the city, looked at by the person with a role."""
        page = open_page(width=width)
        token = self.hall.browser(role).token
        page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": self.address}])
        page.goto(self.address + path)
        return page


@pytest.fixture(scope="module")
def served(
    sqlite_template: Path, quick_hashes: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Served once for all tests of this file; each changes only what it makes itself."""
    home = make_home(tmp_path_factory.mktemp("city"))
    shutil.copy(sqlite_template, home / "jiyue.sqlite3")
    runtime = Runtime.open(Settings(home=home, host_cache_seconds=0))
    hall = open_hall(runtime)
    server = make_server("127.0.0.1", 0, in_whole(hall.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Served(f"http://console.localhost:{server.port}", hall)
    server.shutdown()
    thread.join()
    server.server_close()
    runtime.close()


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("system_admin", "tenants/"),
        ("system_admin", "tenants/?words=没有"),
        ("system_admin", "opening/?blueprint=county"),
        ("system_admin", "tenants/river/"),
        ("system_admin", "tenants/river/hosts/"),
        ("system_admin", "tenants/river/limits/"),
        ("system_admin", "tenants/river/state/"),
        ("system_admin", "tenants/river/state/announcement"),
        ("security_admin", "accounts/"),
        ("security_admin", "accounts/new"),
        ("security_admin", "accounts/{editor}/"),
        ("security_admin", "accounts/{editor}/roles/?place=101"),
        ("audit_admin", "audit/"),
        ("audit_admin", "audit/verification"),
    ],
)
def test_a_page_is_accessible_and_fits_its_window(
    open_page: OpenPage, served: Served, role: str, path: str
) -> None:
    page = served.page(open_page, role, f"/city/{path.format(editor=served.hall.ids['editor'])}")

    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_choosing_a_blueprint_shows_what_it_brings_and_keeps_what_was_typed(
    open_page: OpenPage, served: Served
) -> None:
    page = served.page(open_page, "system_admin", "/city/opening/")
    page.fill("#name", "白石县人民政府")

    page.select_option("#blueprint", "department")

    page.wait_for_selector("#blueprint-title:has-text('部门')")
    assert "34 个栏目" in page.inner_text("#blueprint-view")
    assert page.locator("#blueprint-view select").count() == 0
    assert page.input_value("#name") == "白石县人民政府"
    assert violations(page) == []


def test_a_new_tenants_page_tells_by_itself_when_readers_get_its_home_page(
    open_page: OpenPage, served: Served
) -> None:
    page = served.page(open_page, "system_admin", "/city/opening/?blueprint=county")
    page.fill("#name", "白石县人民政府")
    page.fill("#code", "baishi")
    page.fill("#hosts", "www.baishi.gov.cn")
    page.click("main button.primary")
    page.wait_for_selector("#standing .notice.info")

    drain(served.hall.runtime)

    page.wait_for_selector("#standing .notice.good")
    assert violations(page) == []


def test_a_grave_step_is_asked_about_in_a_dialog_that_names_what_it_strikes(
    open_page: OpenPage, served: Served
) -> None:
    page = served.page(open_page, "system_admin", "/city/tenants/hill/state/", width=PHONE)

    page.click("a:has-text('暂停网站')")
    page.wait_for_selector("dialog.over")
    assert "www.hill.gov.cn" in page.inner_text("dialog.over")
    assert violations(page) == []
    page.fill("dialog.over #reason", "安全整改")
    page.fill("dialog.over #typed", "hill")
    page.click("dialog.over button:has-text('暂停网站')")

    page.wait_for_selector("#messages .good")
    assert "安全整改" in page.inner_text("main")
    assert violations(page) == []
