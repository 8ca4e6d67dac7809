"""Every route of the console against every kind of person: generated, so that a new one is covered.

Views are replaced by one that says that it was reached: what is tried is what stands before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule

from hosting.runtime.guards import Guard, guard_of
from hosting.runtime.runtime import Runtime
from hosting.security.roles import PLATFORM_ROLES, TENANT_ROLES, permission_of
from parts.city_hall import CityHall
from parts.people import Browser
from parts.workplace import Office

REACHED = b"reached"
STRANGER, NOBODY = "stranger", "nobody"
PEOPLE = (*TENANT_ROLES, *PLATFORM_ROLES, STRANGER, NOBODY)
VALUES = {
    "code": "river",
    "bundle": "shell",
    "digest": "0" * 32,
    "name": "x",
    "host": "a.gov.cn",
    "form": "csv",
}


@dataclass(frozen=True)
class Asked:
    """One method of one route, with the guard of its view."""

    method: str
    rule: str
    endpoint: str
    guard: Guard

    def path(self, code: str = "river") -> str:
        """Its address in a tenant, with an id that nothing has."""
        return _path(self.rule, VALUES | {"code": code})


def _path(rule: str, values: dict[str, str]) -> str:
    path = ""
    for part in rule.split("<"):
        named, closed, rest = part.partition(">")
        if not closed:
            path += part
            continue
        name = named.rpartition(":")[2]
        path += values.get(name, "7") + rest
    return path


def _asked(app: Flask, rule: Rule) -> Iterator[Asked]:
    guard = guard_of(app.view_functions[rule.endpoint])
    assert guard is not None, rule.endpoint
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield Asked(method, rule.rule, rule.endpoint, guard)


@dataclass
class House:
    """The console with people of every kind; its views say only that they were reached."""

    runtime: Runtime
    routes: list[Asked]
    browsers: dict[str, Browser]
    token: dict[str, str]

    def ask(
        self, asked: Asked, who: str, *, code: str = "river", **fields: str
    ) -> tuple[int, bool]:
        """Status, and whether the view was reached."""
        browser = self.browsers[who]
        answer = browser.client.open(
            asked.path(code),
            method=asked.method,
            data=fields or None,
            base_url=browser.host,
            environ_base=browser.environ,
            headers={"Referer": f"{browser.host}/"},
        )
        return answer.status_code, answer.data == REACHED

    def may(self, asked: Asked, who: str) -> bool:
        """Whether the route is for this person, by what its view declares."""
        if asked.guard.is_open:
            return True
        if who == NOBODY:
            return False
        if asked.guard.permission is None:
            in_tenant = asked.rule.startswith("/t/")
            in_city = asked.rule.startswith("/city/")
            here = who in TENANT_ROLES if in_tenant else who in PLATFORM_ROLES
            return here or not (in_tenant or in_city)
        declared = permission_of(self.runtime.areas, asked.guard.permission)
        assert declared is not None
        return who in declared.roles


@pytest.fixture
def house(county: Office, department: Office) -> House:
    app = county.app
    hall = CityHall(county.runtime, app)
    for role in PLATFORM_ROLES:
        hall.hire(role.replace("_", "-"), role)
    browsers = {role: county.browser(role) for role in TENANT_ROLES}
    browsers |= {role: hall.browser(role) for role in PLATFORM_ROLES}
    browsers |= {STRANGER: department.browser("tenant_admin"), NOBODY: Browser(app.test_client())}
    tokens = {who: _token(browser, who) for who, browser in browsers.items()}
    routes = [each for rule in app.url_map.iter_rules() for each in _asked(app, rule)]
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _says_so(guard_of(view))
    return House(county.runtime, routes, browsers, tokens)


def _token(browser: Browser, who: str) -> str:
    return browser.form_token("/sign-in" if who == NOBODY else "/account")


def _says_so(guard: Guard | None) -> object:
    def reached(**_: object) -> Response:
        return Response(REACHED)

    reached.guard = guard  # type: ignore[attr-defined]  # functions take attributes
    return reached


def test_a_view_is_reached_by_whom_its_guard_names_and_by_nobody_else(house: House) -> None:
    wrong = []
    for asked in house.routes:
        for who in PEOPLE:
            fields = {"csrf_token": house.token[who]} if asked.method == "POST" else {}
            status, reached = house.ask(asked, who, **fields)
            if reached != house.may(asked, who):
                wrong.append(f"{asked.method} {asked.rule} as {who}: {status}")

    assert wrong == []
    assert len(house.routes) > 80


def test_who_is_kept_out_is_told_what_the_house_says(house: House) -> None:
    """Sign in; no right to it; or, of a place where one does not work, that there is none."""
    wrong = []
    for asked in house.routes:
        for who in PEOPLE:
            if house.may(asked, who):
                continue
            fields = {"csrf_token": house.token[who]} if asked.method == "POST" else {}
            status, _ = house.ask(asked, who, **fields)
            works_here = (
                who in TENANT_ROLES if asked.rule.startswith("/t/") else who in PLATFORM_ROLES
            )
            expected = 303 if who == NOBODY else 403 if works_here else 404
            if status != expected:
                wrong.append(f"{asked.method} {asked.rule} as {who}: {status}, not {expected}")

    assert wrong == []


def test_no_write_is_reached_without_the_forms_token(house: House) -> None:
    wrong = []
    for asked in house.routes:
        if asked.method == "GET":
            continue
        for who in PEOPLE:
            for token in ("", "made-up", house.token["editor" if who != "editor" else "issuer"]):
                status, reached = house.ask(asked, who, csrf_token=token)
                if reached or status < 400:
                    wrong.append(f"{asked.method} {asked.rule} as {who}: {status}")

    assert wrong == []


def test_what_writes_is_not_reached_by_reading(house: House) -> None:
    reading = {each.rule for each in house.routes if each.method == "GET"}
    wrong = []
    for asked in house.routes:
        if asked.method != "GET" and asked.rule not in reading:
            read = Asked("GET", asked.rule, asked.endpoint, asked.guard)
            if any(house.ask(read, who)[1] for who in PEOPLE):
                wrong.append(asked.rule)

    assert wrong == []


def test_a_foreign_tenant_and_a_missing_one_answer_alike_on_every_route(house: House) -> None:
    browser = house.browsers["tenant_admin"]
    wrong = []
    for asked in house.routes:
        if not asked.rule.startswith("/t/"):
            continue
        answers = []
        for code in ("hill", "nowhere"):
            answer = browser.client.open(
                asked.path(code),
                method=asked.method,
                data={"csrf_token": house.token["tenant_admin"]}
                if asked.method == "POST"
                else None,
                base_url=browser.host,
                environ_base=browser.environ,
            )
            answers.append((answer.status_code, list(answer.headers), answer.data))
        if answers[0] != answers[1] or answers[0][0] != 404:
            wrong.append(f"{asked.method} {asked.rule}: {answers[0][0]}, {answers[1][0]}")

    assert wrong == []
