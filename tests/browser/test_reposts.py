"""The pages of reposts in a real browser, on a desk and on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from hosting.runtime.worker import drain
from parts.browser import violations
from parts.serving import in_whole
from parts.withdrawal import put_checks_off
from parts.workplace import Office, bench_of
from tenants.reposts.operations.sending import send
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    issue_acceptance,
    propose_acceptance,
)
from tenants.sites.queries import column_at

if TYPE_CHECKING:
    from parts.browser import OpenPage

pytestmark = pytest.mark.browser

TITLES = ("关于开展秋季征兵工作的通告", "关于做好冬春火灾防控工作的通知")


@pytest.fixture
def address(department: Office) -> Iterator[str]:
    """The console on loopback."""
    server = make_server("127.0.0.1", 0, in_whole(department.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://console.localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def accept(department: Office, county: Office, paths: tuple[str, str], *, signed: bool) -> None:
    with county.runtime.tenant_session(county.place.tenant_id, reading=True) as session:
        there = column_at(session, county.place.site_id, paths[0])
    with bench_of(department) as bench:
        facts = AcceptanceFacts(
            county.place.tenant_id, bench.columns[paths[1]].id, there.id, there.name
        )
        made = propose_acceptance(bench.session, facts=facts, by=bench.actor("editor"))
        if signed:
            by = bench.actor("issuer")
            issue_acceptance(bench.session, made.id, digest=made.digest, by=by)


def work(county: Office, department: Office) -> list[int]:
    """One item that is public there, one that is a draft there; ids at the county."""
    accept(department, county, ("/tzgg/", "/tzgg/"), signed=True)
    accept(department, county, ("/zwdt/", "/zwdt/qhyw/"), signed=False)
    drain(county.runtime, seconds=60)
    made = []
    with bench_of(county) as bench:
        for title, column in zip(TITLES, ("/tzgg/", "/zwgk/zcjd/"), strict=True):
            made.append(bench.publish(bench.write(title, column)).item_id)
        to = [department.place.tenant_id]
        send(bench.session, made[1], to=to, by=bench.actor("issuer"))
    drain(county.runtime, seconds=60)
    return made


@pytest.mark.parametrize("width", [1280, 390])
def test_its_pages_are_accessible_and_fit(
    county: Office,
    department: Office,
    address: str,
    open_page: OpenPage,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_checks_off(monkeypatch)
    first, _ = work(county, department)
    pages = [
        (department, "reposts/", "reposts"),
        (department, "reposts/acceptances/new", "acceptance"),
        (county, f"items/{first}/reposts", "sent"),
    ]
    for office, rest, name in pages:
        page = open_page(width=width)
        token = office.browser("issuer").token
        page.context.add_cookies([{"name": "jiyue-sign-in", "value": token, "url": address}])
        page.goto(address + office.path(rest))
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
