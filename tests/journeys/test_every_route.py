"""Every route of the console against every kind of person: generated, so that a new one is covered.

Views are replaced by one that says that it was reached: what is tried is what stands before them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule

from hosting.runtime.guards import Guard, guard_of
from hosting.runtime.runtime import Runtime
from hosting.security.roles import PLATFORM_ROLES, TENANT_ROLES, permission_of
from parts.people import HOST, Browser
from parts.two_offices import Offices, open_offices

# A walk through the whole house, on a slow day.
pytestmark = pytest.mark.timeout(600)

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
        return self.send(asked, who, code=code, data=fields or None)

    def send(
        self,
        asked: Asked,
        who: str,
        *,
        code: str = "river",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> tuple[int, bool]:
        """The same for a request of any make."""
        browser = self.browsers[who]
        answer = browser.client.open(
            asked.path(code),
            method=asked.method,
            base_url=browser.host,
            environ_base=browser.environ,
            headers={"Referer": f"{browser.host}/"} | (headers or {}),
            **more,
        )
        return answer.status_code, answer.data == REACHED

    @cached_property
    def asked_as_meant(self) -> dict[tuple[Asked, str], tuple[int, bool]]:
        """Every route as everybody, with their form's token where it writes."""
        answers = {}
        for asked in self.routes:
            for who in PEOPLE:
                fields = {"csrf_token": self.token[who]} if asked.method == "POST" else {}
                answers[asked, who] = self.ask(asked, who, **fields)
        return answers

    @property
    def writes(self) -> Iterator[tuple[Asked, str]]:
        """Every route that writes, with somebody whom it is for."""
        for asked in self.routes:
            if asked.method != "GET":
                yield asked, next(who for who in PEOPLE if self.may(asked, who))

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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with open_offices(folder, sqlite_template, with_work=False) as offices:
        yield _with_views_that_say_so(offices)


def _with_views_that_say_so(offices: Offices) -> House:
    app = offices.app
    browsers = {role: offices.browser(role) for role in (*TENANT_ROLES, *PLATFORM_ROLES)}
    browsers |= {
        STRANGER: offices.department.browser("tenant_admin"),
        NOBODY: Browser(app.test_client()),
    }
    tokens = {who: _token(browser, who) for who, browser in browsers.items()}
    routes = [each for rule in app.url_map.iter_rules() for each in _asked(app, rule)]
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _says_so(guard_of(view))
    return House(offices.runtime, routes, browsers, tokens)


def _token(browser: Browser, who: str) -> str:
    return browser.form_token("/sign-in" if who == NOBODY else "/account")


def _says_so(guard: Guard | None) -> object:
    def reached(**_: object) -> Response:
        return Response(REACHED)

    reached.guard = guard  # type: ignore[attr-defined]  # functions take attributes
    return reached


def test_a_view_is_reached_by_whom_its_guard_names_and_by_nobody_else(
    house: House, record_property: Callable[[str, object], None]
) -> None:
    record_property("tried", len(house.asked_as_meant))
    wrong = [
        f"{asked.method} {asked.rule} as {who}: {status}"
        for (asked, who), (status, reached) in house.asked_as_meant.items()
        if reached != house.may(asked, who)
    ]

    assert wrong == []
    assert len(house.routes) > 80


def test_who_is_kept_out_is_told_what_the_house_says(house: House) -> None:
    """Sign in; no right to it; or, of a place where one does not work, that there is none."""
    wrong = []
    for (asked, who), (status, _) in house.asked_as_meant.items():
        if house.may(asked, who):
            continue
        works_here = who in TENANT_ROLES if asked.rule.startswith("/t/") else who in PLATFORM_ROLES
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


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://www.river.gov.cn"},
        {"Origin": "http://preview.localhost:8000"},
        {"Origin": "http://console.localhost.evil.example:8000"},
        {"Origin": "http://console.localhost:8001"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_no_write_that_another_hosts_page_asks_for_is_reached(
    house: House, headers: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    """Not even with the right token."""
    record_property("tried", len(list(house.writes)))
    wrong = []
    for asked, who in house.writes:
        said = {"csrf_token": house.token[who]}
        status, reached = house.send(asked, who, data=said, headers=headers)
        if reached or status != 403:
            wrong.append(f"{asked.method} {asked.rule} as {who}: {status}")

    assert wrong == []


@pytest.mark.parametrize("origin", [HOST, HOST.replace("http:", "https:")])
def test_the_consoles_own_pages_may_write(house: House, origin: str) -> None:
    """Or the test above would prove nothing. A proxy may have ended TLS without telling us."""
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}

    unreached = [
        asked.rule
        for asked, who in house.writes
        if not house.send(asked, who, data={"csrf_token": house.token[who]}, headers=headers)[1]
    ]

    assert unreached == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "text/xml", ""])
def test_a_token_counts_only_in_what_a_form_sends(
    house: House, content_type: str, record_property: Callable[[str, object], None]
) -> None:
    """Pages of other hosts may send plain text with cookies, without asking first."""
    record_property("tried", len(list(house.writes)))
    wrong = []
    for asked, who in house.writes:
        body = f"csrf_token={house.token[who]}"
        status, reached = house.send(asked, who, data=body, content_type=content_type)
        if reached or status < 400:
            wrong.append(f"{asked.method} {asked.rule} as {who}: {status}")

    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_no_other_method_is_taken_for_a_write(
    house: House, method: str, record_property: Callable[[str, object], None]
) -> None:
    """Whatever a header, a field or the query says that it should be taken for."""
    record_property("tried", len(list(house.writes)))
    reading = {each.rule for each in house.routes if each.method == "GET"}
    wrong = []
    for asked, who in house.writes:
        if asked.rule in reading:
            continue
        said = {"_method": asked.method, "csrf_token": house.token[who]}
        headers = {"X-HTTP-Method-Override": asked.method, "X-HTTP-Method": asked.method}
        other = Asked(method, asked.rule, asked.endpoint, asked.guard)
        if house.send(other, who, query_string=said, headers=headers)[1]:
            wrong.append(f"{method} {asked.rule} as {who}")

    assert wrong == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Original-URL": "/sign-in"},
        {"X-Rewrite-URL": "/sign-in"},
        {"X-Forwarded-Prefix": "/sign-in"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
        {"X-Forwarded-User": "system-admin", "Remote-User": "system-admin"},
        {"Authorization": "Basic c3lzdGVtLWFkbWluOlFpbmctaGUtMjAyNg=="},
    ],
    ids=lambda each: next(iter(each)),
)
def test_no_header_opens_what_is_closed(house: House, headers: dict[str, str]) -> None:
    opened = [
        f"{asked.method} {asked.rule} as {who}"
        for asked in house.routes
        for who in (STRANGER, NOBODY)
        if not house.may(asked, who) and house.send(asked, who, headers=headers)[1]
    ]

    assert opened == []


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
