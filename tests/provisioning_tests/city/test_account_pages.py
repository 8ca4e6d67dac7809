"""Accounts and roles, in the security administrator's hands alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from sqlalchemy import func, select

from hosting.runtime.clock import now, today
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.models import Account, Membership
from parts.city_hall import CityHall
from parts.people import PASSWORD, Browser
from parts.platform import HILL, RIVER
from parts.workplace import grow_columns

NEW = "/city/accounts/new"


def memberships(runtime: Runtime, account_id: int) -> list[Membership]:
    with runtime.platform_session(reason="test", reading=True) as session:
        query = select(Membership).where(Membership.account_id == account_id)
        return list(session.scalars(query.order_by(Membership.id)))


def count(runtime: Runtime, model: type[Account | Membership]) -> int:
    with runtime.platform_session(reason="test", reading=True) as session:
        return session.scalar(select(func.count(model.id))) or 0


def grant(browser: Browser, account_id: int, place: str, **facts: Any) -> Any:
    """Send the form of a role in a place."""
    path = f"/city/accounts/{account_id}/roles/?place={place}"
    return browser.post(path, on=path, **{"role": "editor", **facts})


@pytest.fixture
def security(hall: CityHall) -> Browser:
    """The security administrator's browser."""
    return hall.browser("security_admin")


def test_an_account_is_made_given_a_role_and_works_until_it_is_ended(
    hall: CityHall, security: Browser
) -> None:
    form = security.get(NEW).text
    proposed = re.search(r'name="password"[^>]* value="([^"]+)"', form)
    assert proposed
    password = proposed[1]
    made = security.post(NEW, on=NEW, name="李晓芸", login="li.xiaoyun", password=password)
    page = security.get(made.location).text
    assert "没有职责" in page
    assert password not in page
    account_id = int(made.location.rstrip("/").rsplit("/", 1)[1])

    answer = grant(security, account_id, str(RIVER.tenant_id))
    assert answer.status_code == 303
    person = Browser(hall.app.test_client())
    to_own_password = person.sign_in("li.xiaoyun", password)
    assert to_own_password.location == "/sign-in/new-password?next=/"
    assert person.get("/t/river/").status_code == 303, "somebody else knows that password"
    own = "/sign-in/new-password"
    person.post(own, on=own, new="Xin-mi-ma-88", repeated="Xin-mi-ma-88")
    assert person.get("/t/river/").status_code == 200
    assert person.get("/t/hill/").status_code == 404

    (held,) = memberships(hall.runtime, account_id)
    ending = f"/city/accounts/{account_id}/roles/{held.id}/end"
    assert "解除“李晓芸”的编辑职责？" in security.get(ending).text
    security.post(ending, on=ending)
    assert person.get("/t/river/").status_code == 404
    assert "已结束的职责" in security.get(made.location).text


def test_all_that_is_wrong_with_an_account_is_said_at_once(
    hall: CityHall, security: Browser
) -> None:
    before = count(hall.runtime, Account)

    answer = security.post(NEW, on=NEW, name="", login="李", password="abc")

    assert answer.status_code == 422
    for sentence in ("请填写姓名", "登录名用 2 至 32 个", "至少 10 个字符", "四类中至少含三类"):
        assert sentence in answer.text
    assert count(hall.runtime, Account) == before


def test_a_login_that_is_taken_is_refused(hall: CityHall, security: Browser) -> None:
    answer = security.post(NEW, on=NEW, name="王", login="editor", password=PASSWORD)

    assert answer.status_code == 409
    assert "登录名“editor”已被使用" in answer.text


def test_a_new_password_ends_what_was_open(hall: CityHall, security: Browser) -> None:
    editor = hall.browser("editor")
    path = f"/city/accounts/{hall.ids['editor']}/password"
    weak = security.post(path, on=path, login="editor", password="Editor-2026-x")
    assert weak.status_code == 422
    assert "不能含有登录名" in weak.text
    assert editor.get("/account").status_code == 200

    security.post(path, on=path, login="editor", password="Chang-he-2027")

    assert editor.get("/account").status_code == 303
    assert editor.sign_in("editor").status_code == 422
    assert editor.sign_in("editor", "Chang-he-2027").status_code == 303


def test_a_disabled_account_is_out_at_once(hall: CityHall, security: Browser) -> None:
    editor = hall.browser("editor")
    path = f"/city/accounts/{hall.ids['editor']}/disabling"
    assert security.post(path, on=path, reason="").status_code == 422
    assert editor.get("/account").status_code == 200

    security.post(path, on=path, reason="调离")

    assert editor.get("/account").status_code == 303
    page = security.get(f"/city/accounts/{hall.ids['editor']}/").text
    assert "已停用" in page
    assert "授予职责" not in page


def test_nobody_changes_their_own_account(hall: CityHall, security: Browser) -> None:
    own = hall.ids["security-admin"]
    (held,) = memberships(hall.runtime, own)
    page = security.get(f"/city/accounts/{own}/").text
    assert "这是您自己的账号" in page
    assert "解除" not in page

    for answer in (
        grant(security, own, "city", role="ops"),
        security.post(f"/city/accounts/{own}/roles/{held.id}/end", on="/account"),
        security.post(f"/city/accounts/{own}/disabling", on="/account", reason="x"),
    ):
        assert answer.status_code == 403
    assert [each.role for each in memberships(hall.runtime, own)] == ["security_admin"]
    assert security.get("/account").status_code == 200


def test_the_three_powers_never_meet_in_one_person(hall: CityHall, security: Browser) -> None:
    answer = grant(security, hall.ids["system-admin"], "city", role="audit_admin")

    assert answer.status_code == 422
    assert "三员分立" in answer.text


def test_city_staff_act_for_a_tenant_with_a_reason_and_an_end_only(
    hall: CityHall, security: Browser
) -> None:
    ops, river = hall.ids["ops"], str(RIVER.tenant_id)
    until = today() + timedelta(days=7)
    assert "平台人员代办租户事务" in security.get(f"/city/accounts/{ops}/roles/?place={river}").text
    assert grant(security, ops, river).status_code == 422
    assert grant(security, ops, river, reason="代发通知").status_code == 422

    answer = grant(security, ops, river, reason="代发通知", ends_on=until.isoformat())

    assert answer.status_code == 303
    held = memberships(hall.runtime, ops)[-1]
    zone = hall.runtime.settings.zone
    assert held.ends_at is not None
    assert held.ends_at.astimezone(zone).date() == until + timedelta(days=1)


def test_a_role_may_be_confined_to_a_column_of_its_own_tenant(
    hall: CityHall, security: Browser
) -> None:
    editor = hall.ids["editor"]
    columns = {}
    for place in (RIVER, HILL):
        with hall.runtime.tenant_session(place.tenant_id) as session:
            columns[place.code] = grow_columns(session, by=PLATFORM_ACTOR)["/tzgg/"]

    foreign = grant(security, editor, str(RIVER.tenant_id), column=str(columns["hill"].id))
    own = grant(
        security,
        editor,
        str(RIVER.tenant_id),
        role="contributor",
        column=str(columns["river"].id),
    )

    assert (foreign.status_code, own.status_code) == (422, 303)
    held = memberships(hall.runtime, editor)[-1]
    assert (held.role, held.column_id) == ("contributor", columns["river"].id)
    assert "通知公告" in security.get(f"/city/accounts/{editor}/").text


@pytest.mark.parametrize(
    ("place", "role"), [("city", "editor"), ("101", "system_admin"), ("999", "editor"), ("x", "x")]
)
def test_a_role_is_held_only_where_it_belongs(
    hall: CityHall, security: Browser, place: str, role: str
) -> None:
    before = count(hall.runtime, Membership)

    answer = grant(security, hall.ids["editor"], place, role=role)

    assert answer.status_code == 422
    assert count(hall.runtime, Membership) == before


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=SYSTEM", ["system-admin"]),
        ("words=编辑", ["editor"]),
        ("role=ops", ["ops"]),
        (f"place={RIVER.tenant_id}", ["editor"]),
        (f"place={HILL.tenant_id}", []),
        (f"place={RIVER.tenant_id}&role=issuer", []),
        ("place=city&role=editor", []),
        ("state=disabled", []),
    ],
)
def test_accounts_are_found_by_words_place_role_and_state(
    security: Browser, query: str, found: list[str]
) -> None:
    page = security.get(f"/city/accounts/?{query}").text

    assert re.findall(r'<td class="narrow"><code>([^<]+)</code>', page) == found


def test_a_lost_telephone_is_reset_by_the_security_administrator(
    hall: CityHall, security: Browser
) -> None:
    person = Browser(hall.app.test_client())
    person.sign_in("editor")
    person.post("/account/second-factor/begin", on="/account")
    page = person.get("/account/second-factor").text
    secret = page.split('class="secret"><code>')[1].split("<")[0].replace(" ", "")
    person.post("/account/second-factor", on="/account", code=pyotp.TOTP(secret).now())
    address = f"/city/accounts/{hall.ids['editor']}/second-factor"

    assert "先当面或电话核实是本人" in security.get(address).text
    assert security.post(address, on=address).status_code == 422, "without a reason"
    assert security.post(address, on=address, reason="手机丢失").status_code == 303

    assert person.get("/account").status_code == 303
    assert Browser(hall.app.test_client()).sign_in("editor").location == "/"


def test_rights_and_accounts_change_after_a_fresh_proof_alone(
    hall: CityHall, security: Browser
) -> None:
    account_id = hall.ids["editor"]
    late = now() + timedelta(seconds=hall.runtime.settings.proof_seconds)
    with time_machine.travel(late):
        assert security.get("/city/accounts/").status_code == 200
        assert security.get(NEW).location.startswith("/account/proof?")
        roles = f"/city/accounts/{account_id}/roles/?place={RIVER.tenant_id}"
        answer = security.post(roles, on="/account", role="issuer")
        assert answer.location.startswith("/account/proof?")
        disabling = f"/city/accounts/{account_id}/disabling"
        security.post(disabling, on="/account", reason="调离")

    assert [each.role for each in memberships(hall.runtime, account_id)] == ["editor"]
    assert Browser(hall.app.test_client()).sign_in("editor").status_code == 303
