"""Reposts at the console: what is accepted of whom, what came, who carries an item."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import select

from hosting.runtime.worker import drain
from parts.withdrawal import put_checks_off
from parts.workplace import Office, bench_of
from tenants.content.models import Edition
from tenants.reposts.models import SentRepost
from tenants.review.models import ISSUED, PROPOSED, RepostAcceptance
from tenants.sites.queries import column_at

TITLE = "关于开展秋季征兵工作的通告"


@pytest.fixture(autouse=True)
def _no_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    put_checks_off(monkeypatch)


def publish(office: Office) -> Edition:
    with bench_of(office) as bench:
        return bench.publish(bench.write(TITLE))


def send(office: Office, edition: Edition, role: str = "issuer", **said: str) -> int:
    browser, path = office.browser(role), office.path(f"items/{edition.item_id}/reposts")
    return browser.post(path, on=path, **{"scope": "department", **said}).status_code


def rules(office: Office) -> list[RepostAcceptance]:
    with office.runtime.tenant_session(office.place.tenant_id, reading=True) as session:
        return list(session.scalars(select(RepostAcceptance)))


def propose(office: Office, origin: Office, role: str = "editor", path: str = "/tzgg/") -> int:
    with office.runtime.tenant_session(office.place.tenant_id, reading=True) as session:
        column_id = column_at(session, office.place.site_id, "/tzgg/").id
    browser, page = office.browser(role), office.path("reposts/acceptances/new")
    return browser.post(
        page,
        on=page,
        origin=str(origin.place.tenant_id),
        origin_path=path,
        column_id=str(column_id),
    ).status_code


def sign(office: Office, rule: RepostAcceptance, role: str = "issuer") -> int:
    browser = office.browser(role)
    page = office.path(f"reposts/acceptances/{rule.id}/issuing")
    return browser.post(page, on=page, digest=rule.digest).status_code


def page(office: Office, rest: str, role: str = "editor") -> str:
    return unescape(office.browser(role).get(office.path(rest)).text)


def test_a_rule_is_proposed_by_one_and_signed_by_another(
    county: Office, department: Office
) -> None:
    assert propose(department, county) == 303
    (rule,) = rules(department)
    assert rule.state == PROPOSED

    assert sign(department, rule) == 303

    (rule,) = rules(department)
    assert (rule.state, rule.issued_name) == (ISSUED, "周正平")
    shown = page(department, "reposts/")
    assert "清河县 通知公告" in shown
    assert "生效中" in shown


def test_an_issuer_does_not_sign_what_they_proposed(county: Office, department: Office) -> None:
    assert propose(department, county, role="issuer") == 303
    (rule,) = rules(department)

    assert sign(department, rule) == 403
    assert rules(department)[0].state == PROPOSED


def test_a_column_that_readers_do_not_find_there_is_refused(
    county: Office, department: Office
) -> None:
    assert propose(department, county, path="/nosuch/") == 404
    assert rules(department) == []


def test_a_rule_is_ended_with_a_reason(county: Office, department: Office) -> None:
    propose(department, county)
    (rule,) = rules(department)
    sign(department, rule)
    browser = department.browser("issuer")
    ending = department.path(f"reposts/acceptances/{rule.id}/ending")

    assert browser.post(ending, on=ending).status_code == 422
    assert browser.post(ending, on=ending, reason="另行约定").status_code == 303
    assert "另行约定" in page(department, "reposts/")


def test_what_is_sent_stands_on_the_other_desk_and_is_told_here(
    county: Office, department: Office
) -> None:
    edition = publish(county)

    assert send(county, edition) == 303
    drain(county.runtime, seconds=60)

    assert "对方待审" in page(county, f"items/{edition.item_id}/reposts")
    desk = page(department, "")
    assert TITLE in desk
    assert "其他单位送来转载" in desk
    assert "清河县人民政府" in page(department, "reposts/")


def test_under_a_rule_it_is_public_there_and_linked_to(county: Office, department: Office) -> None:
    propose(department, county)
    sign(department, rules(department)[0])
    drain(county.runtime, seconds=60)
    edition = publish(county)
    drain(county.runtime, seconds=60)

    shown = page(county, f"items/{edition.item_id}/reposts")
    assert "已转载" in shown
    assert f"http://{department.place.host}" in shown
    assert "1 个已转载" in page(county, f"items/{edition.item_id}/")


def test_an_editor_sends_nothing(county: Office, department: Office) -> None:
    edition = publish(county)

    assert send(county, edition, role="editor") == 403
    with county.runtime.tenant_session(county.place.tenant_id, reading=True) as session:
        assert session.scalars(select(SentRepost)).all() == []
    assert department.place.code not in page(county, f"items/{edition.item_id}/reposts")


def test_nobody_is_no_receiver(county: Office, department: Office) -> None:
    del department
    edition = publish(county)

    assert send(county, edition, scope="chosen") == 422
