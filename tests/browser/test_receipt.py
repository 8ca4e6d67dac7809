"""The receipt of a withdrawal in a real browser: on a desk, on a phone and on paper."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from parts.browser import violations
from parts.gone_item import Gone
from parts.serving import in_whole
from parts.withdrawal import put_checks_off
from parts.workplace import Office

if TYPE_CHECKING:
    from parts.browser import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def address(county: Office) -> Iterator[str]:
    """The console on loopback."""
    server = make_server("127.0.0.1", 0, in_whole(county.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://console.localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [1440, 390])
def test_it_is_watched_until_nothing_is_left_and_printed(
    county: Office,
    address: str,
    open_page: OpenPage,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_checks_off(monkeypatch)
    gone = Gone(county)
    page = open_page(width=width)
    token = county.browser("issuer").token
    page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": address}])

    page.goto(address + gone.receipt)
    page.get_by_text("正在核查…").wait_for()
    assert violations(page) == []
    gone.publish()
    gone.check()
    page.get_by_text("已核查无残留").wait_for()

    assert page.get_by_role("button", name="重新核查").is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.emulate_media(media="print")
    assert page.get_by_text("已核查无残留").is_visible()
    assert page.get_by_text("栏目列表").first.is_visible()
    assert not page.get_by_role("button", name="重新核查").is_visible()
    assert not page.get_by_role("navigation", name="主菜单").is_visible()


def test_what_is_left_says_what_to_do(
    county: Office, address: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_checks_off(monkeypatch)
    gone = Gone(county)
    gone.publish()
    gone.put_back()
    monkeypatch.setattr("tenants.receipts.operations.PATIENCE_SECONDS", -1)
    gone.check()
    page = open_page()
    token = county.browser("issuer").token
    page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": address}])

    page.goto(address + county.path(""))
    assert violations(page) == []
    page.get_by_role("link", name="时间有误的公告").first.click()
    page.get_by_text("请联系运维人员核对网页文件").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="重新核查").click()
    page.get_by_text("已开始重新核查").wait_for()
