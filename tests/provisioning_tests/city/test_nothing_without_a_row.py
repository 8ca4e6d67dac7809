"""What cannot be written into the trail does not happen; what is refused stands in it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from hosting.directory.queries import tenant_by_code
from hosting.runtime.runtime import Runtime
from hosting.security import audit
from hosting.security.audit import AuditEntry
from parts.city_hall import CityHall
from parts.forging import owners_engine
from parts.people import Browser

NAME = "/city/tenants/river/name"


def name_of_river(runtime: Runtime) -> str:
    with runtime.platform_session(reason="test", reading=True) as session:
        return tenant_by_code(session, "river").name


def test_a_trail_that_refuses_its_row_refuses_the_action(hall: CityHall) -> None:
    browser, before = hall.browser("system_admin"), name_of_river(hall.runtime)
    engine = owners_engine(hall.runtime)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER stuck BEFORE INSERT ON audit_entry"
                " BEGIN SELECT RAISE(ABORT, 'the trail is stuck'); END"
            )
        )
    engine.dispose()

    answer = browser.post(NAME, on=NAME, name="清河区人民政府")

    assert answer.status_code >= 400
    assert name_of_river(hall.runtime) == before


def test_a_full_disk_under_the_trail_stops_the_action(
    hall: CityHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, before = hall.browser("system_admin"), name_of_river(hall.runtime)

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, OSError("database or disk is full"))

    monkeypatch.setattr(audit, "insert_many", full)
    answer = browser.post(NAME, on=NAME, name="清河区人民政府")

    assert answer.status_code == 503
    assert name_of_river(hall.runtime) == before


def test_who_asks_for_what_is_not_theirs_stands_in_the_trail_once_a_minute(hall: CityHall) -> None:
    browser = hall.browser("ops")

    for _ in range(3):
        assert browser.get("/city/audit/").status_code == 403

    with hall.runtime.platform_session(reason="test", reading=True) as session:
        (row,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "access_refused"))
    assert (row.account_id, row.address, row.result) == (hall.ids["ops"], "203.0.113.7", "refused")
    assert row.facts["path"] == "/city/audit/"
    assert row.facts["permission"] == "audit.read"


def test_an_editor_without_the_right_is_noted_in_the_tenants_own_chain(hall: CityHall) -> None:
    browser = hall.browser("editor")

    assert browser.get("/t/river/columns/").status_code == 403

    with hall.runtime.platform_session(reason="test", reading=True) as session:
        (row,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "access_refused"))
    assert row.for_tenant_id == 101


def test_a_wrong_password_stands_in_the_trail(hall: CityHall) -> None:
    Browser(hall.app.test_client()).sign_in("ops", "Falsch-2026-x")

    with hall.runtime.platform_session(reason="test", reading=True) as session:
        (row,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in_refused"))
    assert row.result == "wrong_password"
