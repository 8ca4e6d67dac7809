"""Each page of the city is for the roles that carry its permission, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import url_for
from lxml import html
from sqlalchemy import ColumnElement, func, select
from werkzeug.routing import Rule

from hosting.console.not_found import BODY
from hosting.directory.models import FOREIGN, Domain, Site
from hosting.runtime.clock import now
from hosting.runtime.guards import guard_of
from hosting.runtime.ids import new_id
from hosting.runtime.runtime import Runtime
from hosting.security.audit import AuditEntry
from hosting.security.models import Membership
from hosting.security.roles import permission_of
from parts.city_hall import CITY_ROLES, CityHall
from parts.people import Browser
from parts.platform import RIVER
from provisioning.deletion.models import DONE, TenantDeletion
from tenants.sites.models import GREYSCALE, STANDING, CityNotice

MARKED = ".menu-sections [aria-current=page]"


def city_rules(hall: CityHall, method: str) -> Iterator[tuple[Rule, str]]:
    """The city's rules for a method, with the permission that each asks for."""
    for rule in hall.app.url_map.iter_rules():
        guard = guard_of(hall.app.view_functions[rule.endpoint])
        if rule.rule.startswith("/city/") and method in rule.methods and guard.permission:
            yield rule, guard.permission


def path_of(hall: CityHall, rule: Rule) -> str:
    """An address of the rule that leads to something real."""
    account_id = hall.ids["editor"]
    with hall.runtime.platform_session(reason="test", reading=True) as session:
        membership_id = session.scalars(
            select(Membership.id).where(Membership.account_id == account_id)
        ).one()
    known = {
        "code": RIVER.code,
        "host": RIVER.host,
        "account_id": account_id,
        "membership_id": membership_id,
        "form": "csv",
        "locale": english_site(hall),
        "deletion_id": deletion_of_long_ago(hall),
        "notice_id": standing_notice(hall),
    }
    with hall.app.test_request_context(base_url="http://console.localhost"):
        return url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


def english_site(hall: CityHall) -> str:
    """The language of a site in a foreign language that the tenant has."""
    with hall.runtime.platform_session(reason="test") as session:
        if session.scalars(select(Site).where(Site.kind == FOREIGN)).first() is None:
            facts = {"kind": FOREIGN, "locale": "en", "name": "Qinghe", "theme": "base"}
            tenant_id, host = RIVER.tenant_id, f"en.{RIVER.host}"
            site = Site(tenant_id=tenant_id, id=new_id(), main_host=host, **facts)
            session.add_all([site, Domain(host=host, for_tenant_id=tenant_id, site_id=site.id)])
    return "en"


def deletion_of_long_ago(hall: CityHall) -> int:
    """The record of a tenant that was deleted once."""
    with hall.runtime.platform_session(reason="test") as session:
        found = session.get(TenantDeletion, 31)
        if found is None:
            record = TenantDeletion(
                id=31,
                subject_id=7,
                code="old",
                name="旧县",
                kind="county",
                closed_at=now(),
                site_ids=[],
                hosts=[],
                found={"items": 0, "bytes": 0, "accounts": 0},
                reason="撤销",
                is_early=False,
                asked_by=0,
                asked_name="",
                state=DONE,
            )
            session.add(record)
    return 31


def standing_notice(hall: CityHall) -> int:
    """A day of mourning that lasts."""
    with hall.runtime.platform_session(reason="test") as session:
        found = session.get(CityNotice, 32)
        if found is None:
            record = CityNotice(
                id=32,
                kind=GREYSCALE,
                is_for_all=True,
                state=STANDING,
                begins_at=now(),
                ends_at=now() + timedelta(days=1),
                reason="悼念",
                ordered_by=0,
                ordered_name="",
            )
            session.add(record)
    return 32


def is_below(path: str, address: str) -> bool:
    """Whether a page lies at an address or deeper."""
    return path == address.rstrip("/") or path.startswith(address.rstrip("/") + "/")


def carries(runtime: Runtime, role: str, permission: str) -> bool:
    declared = permission_of(runtime.areas, permission)
    return declared is not None and role in declared.roles


def rows(runtime: Runtime, which: ColumnElement[bool] | None = None) -> int:
    """How much stands in the trail: nothing is written without a row there. Refusals apart."""
    counted = AuditEntry.action != "access_refused" if which is None else which
    with runtime.platform_session(reason="test", reading=True) as session:
        return session.scalar(select(func.count(AuditEntry.id)).where(counted)) or 0


@pytest.mark.parametrize("role", CITY_ROLES)
def test_a_page_is_shown_to_its_role_and_refused_to_the_others(hall: CityHall, role: str) -> None:
    browser = hall.browser(role)

    answered = {
        (rule.endpoint, browser.get(path_of(hall, rule)).status_code)
        for rule, _ in city_rules(hall, "GET")
    }

    assert answered == {
        (rule.endpoint, 200 if carries(hall.runtime, role, permission) else 403)
        for rule, permission in city_rules(hall, "GET")
    }


@pytest.mark.parametrize("role", CITY_ROLES)
def test_nothing_is_written_for_whoever_may_not(hall: CityHall, role: str) -> None:
    browser = hall.browser(role)
    token = browser.form_token("/account")
    before = rows(hall.runtime)
    tried = [each for each in city_rules(hall, "POST") if not carries(hall.runtime, role, each[1])]

    refused = {
        browser.post(path_of(hall, rule), on="/account", csrf_token=token).status_code
        for rule, _ in tried
    }

    assert refused == {403}
    assert rows(hall.runtime) == before
    noted = rows(hall.runtime, AuditEntry.action == "access_refused")
    assert noted == len(tried), "and that it was tried stands in the trail"


@pytest.mark.parametrize("role", CITY_ROLES)
def test_nothing_is_written_without_the_token_of_a_form(hall: CityHall, role: str) -> None:
    browser = hall.browser(role)
    before = rows(hall.runtime)

    for rule, _ in city_rules(hall, "POST"):
        path = path_of(hall, rule)
        answer = browser.client.post(path, base_url=browser.host, data={"reason": "没有令牌"})
        assert answer.status_code == 422, path
    assert rows(hall.runtime) == before


def test_to_a_tenants_people_the_city_does_not_exist(hall: CityHall) -> None:
    browser = hall.browser("editor")

    for rule, _ in city_rules(hall, "GET"):
        answer = browser.get(path_of(hall, rule))
        assert (answer.status_code, answer.data) == (404, BODY)
    assert browser.get("/city/").data == BODY


def test_who_is_not_signed_in_is_led_to_sign_in(hall: CityHall) -> None:
    browser = Browser(hall.app.test_client())

    for rule, _ in city_rules(hall, "GET"):
        assert "/sign-in?next=/city/" in browser.get(path_of(hall, rule)).location


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("system_admin", "/city/tenants/"),
        ("ops", "/city/tenants/"),
        ("security_admin", "/city/accounts/"),
        ("audit_admin", "/city/audit/"),
    ],
)
def test_each_begins_at_the_page_that_is_theirs(hall: CityHall, role: str, first: str) -> None:
    assert hall.browser(role).get("/city/").location == first


@pytest.mark.parametrize("role", CITY_ROLES)
def test_every_line_of_the_citys_menu_is_marked_on_its_own_page_and_below_it(
    hall: CityHall, role: str
) -> None:
    browser = hall.browser(role)
    page = html.fromstring(browser.get("/account").text)
    addresses = [line.get("href") for line in page.cssselect(".menu-sections a")]
    assert addresses
    below = [path_of(hall, rule) for rule, each in city_rules(hall, "GET")]

    for asked in (*addresses, *(address.rstrip("/") for address in addresses), *below):
        marked = html.fromstring(browser.get(asked).text).cssselect(MARKED)
        nearest = max((each for each in addresses if is_below(asked, each)), key=len, default=None)
        assert [line.get("href") for line in marked] == [nearest] * (nearest is not None), asked


def test_operations_see_a_tenant_and_are_offered_nothing_to_change(hall: CityHall) -> None:
    browser = hall.browser("ops")

    for page in ("", "hosts/", "state/"):
        shown = browser.get(f"/city/tenants/river/{page}").text
        main = shown[shown.index("<main") : shown.index("</main>")]
        assert "清河县" in main
        assert '<form class="form" method="post"' not in main
        assert not any(word in main for word in ("更名", "解绑", "暂停网站", "配额与期限"))


def test_what_is_missing_looks_the_same_everywhere(hall: CityHall) -> None:
    browser, security = hall.browser("system_admin"), hall.browser("security_admin")

    for path in ("tenants/nobody/", "tenants/nobody/hosts/", "tenants/river/hosts/x.cn/main"):
        assert browser.get(f"/city/{path}").status_code in (404, 405)
    assert browser.get("/city/tenants/nobody/state/suspension").data == BODY
    assert security.get("/city/accounts/31/").data == BODY
    own = hall.ids["editor"]
    assert security.get(f"/city/accounts/{own}/roles/31/end").data == BODY
