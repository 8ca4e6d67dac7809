"""What stands between a request and a view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import pytest
from flask import Blueprint
from sqlalchemy import select

from hosting.console.application import create_console
from hosting.directory.models import Tenant
from hosting.runtime.areas import Area, Permission
from hosting.runtime.clock import now
from hosting.runtime.errors import Forbidden, Invalid
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.security import operations, queries
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit import AuditEntry
from hosting.security.guards import UnguardedRoute, assert_all_guarded, guarded, signed_in_only
from hosting.security.models import Account, Membership
from hosting.security.operations import RoleFacts
from hosting.security.roles import ADMIN_ROLES, PLATFORM_ROLES, TENANT_ROLES, faults, overlaps
from hosting.security.routes import routes
from parts.people import Browser
from parts.platform import Place

Hire = Callable[..., Account]


def test_a_foreign_tenant_answers_exactly_as_a_missing_one(
    browser: Browser, li: Account, hill: Place
) -> None:
    browser.sign_in("li")

    for path in ("gates", "palette", "nothing-here"):
        foreign = browser.get(f"/t/hill/{path}")
        missing = browser.get(f"/t/no-such-tenant/{path}")
        assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data)
        assert list(foreign.headers) == list(missing.headers)
        assert foreign.status_code == 404

    foreign = browser.post("/t/hill/gates/31/paint", on="/account")
    missing = browser.post("/t/no-such-tenant/gates/31/paint", on="/account")
    assert (foreign.status_code, foreign.data) == (404, missing.data)


def test_a_role_below_what_is_asked_gets_403_and_may_still_read(
    browser: Browser, hire: Hire, river: Place
) -> None:
    hire("zhao", "contributor", tenant_id=river.tenant_id)
    browser.sign_in("zhao")

    assert browser.get("/t/river/gates").status_code == 200
    assert browser.post("/t/river/gates/31/paint", on="/account").status_code == 403


def test_what_a_person_does_stands_in_the_trail_under_their_name(
    browser: Browser, open_console: Runtime, li: Account, river: Place
) -> None:
    browser.sign_in("li")

    assert browser.post("/t/river/gates/31/paint", on="/account").text == "painted"

    with open_console.platform_session(reason="test", reading=True) as session:
        (row,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "gate_painted"))
    assert (row.for_tenant_id, row.account_id, row.account_name) == (
        river.tenant_id,
        li.id,
        "li同志",
    )
    assert (row.address, row.object_id) == ("203.0.113.7", "31")


def test_rights_end_at_the_next_request_when_a_role_is_taken_away(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")
    assert browser.get("/t/river/gates").status_code == 200

    with open_console.platform_session(reason="test") as session:
        (membership,) = session.scalars(select(Membership))
        operations.end_membership(session, membership, by=PLATFORM_ACTOR)

    assert browser.get("/t/river/gates").status_code == 404


def test_rights_end_at_the_next_request_when_the_account_is_disabled(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")

    with open_console.platform_session(reason="test") as session:
        account = session.get_one(Account, li.id)
        operations.disable_account(session, account, reason="调离", by=PLATFORM_ACTOR)

    assert browser.get("/t/river/gates").status_code == 303


def test_an_account_that_is_disabled_is_signed_in_nowhere_whatever_its_sign_ins_say(
    browser: Browser, open_console: Runtime, li: Account
) -> None:
    browser.sign_in("li")

    with open_console.platform_session(reason="test") as session:
        session.get_one(Account, li.id).state = "disabled"

    assert browser.get("/t/river/gates").status_code == 303


def test_a_closed_tenant_is_gone_for_its_own_people(
    browser: Browser, open_console: Runtime, li: Account, river: Place
) -> None:
    browser.sign_in("li")
    with open_console.platform_session(reason="test") as session:
        session.get_one(Tenant, river.tenant_id).state = "closed"

    assert browser.get("/t/river/gates").status_code == 404


def test_the_citys_pages_are_for_the_roles_of_the_platform(
    browse: Callable[[], Browser], hire: Hire, li: Account
) -> None:
    hire("an", "security_admin")
    hire("yun", "ops")
    answers = {}
    for login in ("li", "an", "yun"):
        browser = browse()
        browser.sign_in(login)
        answers[login] = browser.get("/city/gates").status_code

    assert answers == {"li": 404, "an": 200, "yun": 403}


def test_a_role_confined_to_columns_counts_there_and_below_alone() -> None:
    actor = Actor(1, "李", frozenset({"editor", "issuer"}), {"editor": frozenset({5})})

    assert actor.holds("editor")
    assert actor.holds("editor", column_path=(5,))
    assert actor.holds("editor", column_path=(1, 5, 9))
    assert not actor.holds("editor", column_path=(1, 9))
    assert actor.holds("issuer", column_path=(1, 9))
    assert not actor.holds("tenant_admin")


def test_a_confined_role_is_confined_only_while_it_is_not_held_in_the_whole(
    open_console: Runtime, hire: Hire, river: Place
) -> None:
    account = hire("zhou", "editor", tenant_id=river.tenant_id, column_id=5)
    assert actor_of(open_console, account, river).columns == {"editor": frozenset({5})}

    with open_console.platform_session(reason="test") as session:
        facts = RoleFacts("editor", tenant_id=river.tenant_id)
        operations.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)

    assert actor_of(open_console, account, river).columns == {}


def actor_of(runtime: Runtime, account: Account, place: Place) -> Actor:
    with runtime.tenant_session(None, reading=True) as session:
        held = tuple(queries.running_memberships(session, account.id))
    person = queries.Person(account.id, account.name, account.login, None, held)  # type: ignore[arg-type]  # no sign-in is needed
    return person.actor(place.tenant_id)


def test_nobody_grants_to_themselves(open_console: Runtime, li: Account, river: Place) -> None:
    with (
        pytest.raises(Forbidden) as refused,
        open_console.platform_session(reason="test") as session,
    ):
        facts = RoleFacts("tenant_admin", tenant_id=river.tenant_id)
        operations.grant_role(session, li, facts=facts, by=Actor(li.id, li.name))

    assert refused.value.code == "own_role"


@pytest.mark.parametrize("second", sorted(ADMIN_ROLES - {"system_admin"}))
def test_one_person_cannot_hold_two_of_the_three_administrations(hire: Hire, second: str) -> None:
    with pytest.raises(Invalid) as refused:
        hire("an", "system_admin", second)

    assert refused.value.code == "admin_powers_are_separate"


def test_city_staff_act_for_a_tenant_only_with_a_reason_and_an_end(
    open_console: Runtime, hire: Hire, river: Place
) -> None:
    account = hire("yun", "ops")
    facts = RoleFacts("editor", tenant_id=river.tenant_id)
    with (
        pytest.raises(Invalid) as refused,
        open_console.platform_session(reason="test") as session,
    ):
        operations.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
    assert refused.value.code == "act_for_needs_reason_and_end"

    with open_console.platform_session(reason="test") as session:
        whole = replace(facts, reason="代为抢修首页", ends_at=now())
        operations.grant_role(session, account, facts=whole, by=PLATFORM_ACTOR)

    assert actor_of(open_console, account, river).roles == frozenset()


def test_roles_of_the_platform_and_of_tenants_do_not_mix(hire: Hire, river: Place) -> None:
    with pytest.raises(Invalid, match="这里没有"):
        hire("a1", "editor", tenant_id=PLATFORM_ID)
    with pytest.raises(Invalid, match="这里没有"):
        hire("a2", "system_admin", tenant_id=river.tenant_id)


def test_the_three_administrations_share_no_power(runtime: Runtime) -> None:
    declared = list(chain.from_iterable(area.permissions for area in runtime.areas))

    matrix = {role: {p.name for p in declared if role in p.roles} for role in sorted(ADMIN_ROLES)}
    assert overlaps(declared) == []
    assert sum(map(len, matrix.values())) == len(set().union(*matrix.values()))
    assert faults(declared) == []


def test_no_admin_of_the_platform_holds_a_power_of_a_tenant(runtime: Runtime) -> None:
    for area in runtime.areas:
        for permission in area.permissions:
            known = PLATFORM_ROLES if permission.platform else TENANT_ROLES
            assert permission.roles <= known.keys(), permission.name


@pytest.mark.parametrize(
    ("rule", "guard", "why"),
    [
        ("/t/<tenant:code>/x", guarded("nobody.declares.this"), "nobody declares"),
        ("/x", guarded("door.open"), "is for paths under /t/"),
        ("/t/<tenant:code>/x", guarded("city.doors"), "is for paths under /city/"),
        ("/x", signed_in_only(reason=""), "says no reason"),
    ],
)
def test_a_view_with_a_guard_that_cannot_work_is_refused_at_the_start(
    open_console: Runtime, rule: str, guard: Callable[..., object], why: str
) -> None:
    doors = Blueprint("doors", __name__)
    doors.add_url_rule(rule, "door", guard(lambda **_: "door"))  # type: ignore[arg-type]  # a view
    area = Area(
        "doors",
        console=(doors,),
        permissions=(
            Permission("door.open", "开门", frozenset({"editor"})),
            Permission("city.doors", "开所有的门", frozenset({"ops"}), platform=True),
        ),
    )
    app = create_console(replace(open_console, areas=(*open_console.areas, area)))

    with pytest.raises(UnguardedRoute, match=why):
        assert_all_guarded("console", app)


def test_every_route_is_listed_with_who_may_use_it(open_console: Runtime) -> None:
    app = create_console(open_console)
    assert_all_guarded("console", app)

    listed = {route.endpoint: route for route in routes({"console": app}, open_console.areas)}

    paint = listed["gates.paint_gate"]
    assert (paint.least_role, paint.permission) == ("editor", "gate.paint")
    assert (paint.tenant_bound, paint.writes, paint.methods) == (True, True, ("POST",))
    assert listed["gates.list_gates"].least_role == "contributor"
    assert not listed["gates.city_gates"].tenant_bound
    entrance = listed["security.sign_in_page"]
    assert (entrance.least_role, entrance.reason) == ("public", "one is not signed in yet")
    assert listed["security.account"].least_role == "signed in"
