"""The audit trail in the auditor's hands: found again, and checked."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import select

from hosting.runtime.clock import today
from hosting.runtime.events import Event
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.audit import AuditEntry
from parts.city_hall import CITY_ROLES, CityHall
from parts.forging import forging
from parts.house import PACKAGES
from parts.people import Browser
from parts.platform import RIVER
from provisioning.city.presenters.audit_words import FACTS, OBJECTS
from tenants.review.events import EditionSigned, IssueScheduled

TRAIL, CHECKS = "/city/audit/", "/city/audit/verification"
_YESTERDAY = (today() - timedelta(days=1)).isoformat()
_TODAY = today().isoformat()


@pytest.fixture
def auditor(hall: CityHall) -> Browser:
    """The auditor's browser, after the county was renamed by the system administrator."""
    name = "/city/tenants/river/name"
    hall.browser("system_admin").post(name, on=name, name="清河区人民政府")
    return hall.browser("audit_admin")


def actions(page: str) -> list[str]:
    return re.findall(r'<td class="what">([^<]+)</td>', page)


def test_a_row_tells_when_who_from_where_what_and_to_what(auditor: Browser) -> None:
    page = auditor.get(f"{TRAIL}?action=tenant_renamed").text

    assert actions(page) == ["租户更名"]
    for fact in ("系统管理员", "203.0.113.7", "清河区人民政府", "原名称", "清河县", "成功"):
        assert fact in page


def test_to_whom_a_role_was_given_is_told_by_name(auditor: Browser) -> None:
    page = auditor.get(f"{TRAIL}?action=role_granted&place={RIVER.tenant_id}").text

    assert actions(page) == ["授予职责"]
    assert "账号 编辑 editor" in page


def test_every_fact_and_object_of_the_platforms_events_has_a_word(hall: CityHall) -> None:
    ours = [kind for kind in Event.registry.values() if kind.__module__.split(".")[0] in PACKAGES]
    facts = {each.name for kind in ours for each in fields(kind)} - {"tenant_id"}
    ids = [[each.name for each in fields(kind) if each.name.endswith("_id")] for kind in ours]
    first = {names[1] for names in ids if len(names) > 1}

    assert {"item_id", "run_id", "login"} <= facts
    assert sorted(facts - FACTS.keys()) == []
    assert sorted({name.removesuffix("_id") for name in first} - OBJECTS.keys()) == []


def test_a_row_is_read_in_words_and_local_time_also_in_english(
    hall: CityHall, auditor: Browser
) -> None:
    with hall.runtime.tenant_session(RIVER.tenant_id) as session:
        session.record(EditionSigned(RIVER.tenant_id, 7, 8, "first", "approve", "sha256:0"))
        session.record(IssueScheduled(RIVER.tenant_id, 7, 8, "2026-12-01T00:30:00+00:00"))
    row = f"{TRAIL}?place={RIVER.tenant_id}&action="

    chinese = auditor.get(f"{row}edition_signed").text, auditor.get(f"{row}issue_scheduled").text
    auditor.post("/language", on=TRAIL, locale="en", back=TRAIL)
    english = auditor.get(f"{row}edition_signed").text

    assert [word for word in ("平台", "稿件 7", "初审", "同意") if word not in chinese[0]] == []
    assert "2026-12-01 08:30" in chinese[1]
    assert [word for word in ("Platform", "Item 7", "Approve") if word not in english] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"place={RIVER.tenant_id}&words=系统管理员", {"租户更名", "修改网站设置"}),
        ("place=city&action=tenant_renamed", set()),
        ("words=203.0.113.7&action=tenant_renamed", {"租户更名"}),
        ("words=203.0.113&action=tenant_renamed", set()),
        (f"action=tenant_renamed&since={_TODAY}&until={_TODAY}", {"租户更名"}),
        (f"action=tenant_renamed&until={_YESTERDAY}", set()),
        ("action=nonsense&since=nonsense&place=nonsense&words=没有这个人", set()),
    ],
)
def test_rows_are_found_by_words_place_action_and_day(
    auditor: Browser, query: str, found: set[str]
) -> None:
    assert set(actions(auditor.get(f"{TRAIL}?{query}").text)) == found


def test_the_trail_is_checked_when_asked_and_the_result_is_part_of_it(
    hall: CityHall, auditor: Browser
) -> None:
    assert "审计链还没有核验过" in auditor.get(TRAIL).text

    auditor.post(CHECKS, on="/account")
    assert "正在核验" in auditor.get(CHECKS).text
    drain(hall.runtime)

    assert "审计链完好" in auditor.get(CHECKS).text
    assert "审计链完好" in auditor.get(TRAIL).text
    assert asked_for(hall.runtime) == [(hall.ids["audit-admin"], 0)]


def test_a_row_that_was_altered_is_named(hall: CityHall, auditor: Browser) -> None:
    with forging(hall.runtime) as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.action == "tenant_renamed")).one()
        row.account_name = "别人"

    auditor.post(CHECKS, on="/account")
    drain(hall.runtime)

    page = auditor.get(CHECKS).text
    assert "发现 1 处问题" in page
    assert f"“清河区人民政府”第 {row.sequence} 条被改动" in page
    assert "发现 1 处问题" in auditor.get(TRAIL).text


def test_asking_twice_checks_once(hall: CityHall, auditor: Browser) -> None:
    auditor.post(CHECKS, on="/account")
    auditor.post(CHECKS, on="/account")
    drain(hall.runtime)

    assert len(asked_for(hall.runtime)) == 1


def asked_for(runtime: Runtime) -> list[tuple[int, int]]:
    """Who asked for each check and how many faults it found; the daily ones nobody asked for."""
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "audit_verified"))
        return [(row.account_id, row.facts["fault_count"]) for row in rows if row.account_id]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=tenant_renamed&result=done", {"租户更名"}),
        ("action=tenant_renamed&result=refused", set()),
        ("result=refused", set()),
    ],
)
def test_rows_are_found_by_how_they_ended(auditor: Browser, query: str, found: set[str]) -> None:
    assert set(actions(auditor.get(f"{TRAIL}?{query}").text)) == found


def test_what_is_shown_can_be_taken_out_as_it_is_narrowed(auditor: Browser) -> None:
    asked = f"{TRAIL}?action=tenant_renamed"
    assert "/city/audit/export/csv?action=tenant_renamed" in auditor.get(asked).text

    lines = auditor.post("/city/audit/export/jsonl?action=tenant_renamed", on="/account")
    table = auditor.post("/city/audit/export/csv?action=tenant_renamed", on="/account")

    (row,) = [json.loads(line) for line in lines.text.splitlines()]
    assert (row["action"], lines.mimetype) == ("tenant_renamed", "application/x-ndjson")
    assert len(table.text.splitlines()) == 2
    assert 'filename="audit-' in table.headers["Content-Disposition"]
    page = auditor.get(f"{TRAIL}?action=audit_exported").text
    assert actions(page) == ["导出审计记录", "导出审计记录"]
    assert "租户更名" in page or "tenant_renamed" in page


@pytest.mark.parametrize("role", [each for each in CITY_ROLES if each != "audit_admin"])
def test_nobody_else_takes_anything_out(hall: CityHall, role: str) -> None:
    browser = hall.browser(role)

    for form in ("csv", "jsonl"):
        answer = browser.post(f"/city/audit/export/{form}", on="/account")
        assert answer.status_code == 403
        assert "account_created" not in answer.text
