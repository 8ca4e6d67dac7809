"""The console, or a role in it, can be confined to networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hosting.console.application import create_console
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.security.guards import assert_all_guarded
from hosting.security.models import Account
from hosting.security.steps import is_reachable
from parts.people import Browser

OFFICE = {"REMOTE_ADDR": "10.1.2.3"}
OUTSIDE = {"REMOTE_ADDR": "203.0.113.7"}


def at(runtime: Runtime, networks: str, environ: dict[str, str]) -> Browser:
    settings = replace(runtime.settings, console_networks=networks)
    app = create_console(replace(runtime, settings=settings))
    return Browser(app.test_client(), environ=environ)


def test_from_elsewhere_not_even_the_sign_in_page_is_shown(
    open_console: Runtime, li: Account
) -> None:
    outside = at(open_console, "10.0.0.0/8,2001:db8::/32", OUTSIDE)
    for path in ("/sign-in", "/", "/account", "/t/river/gates", "/nothing"):
        answer = outside.get(path)
        assert answer.status_code == 403, path
        assert "指定的网络" in answer.text
        assert "<form" not in answer.text
    assert outside.sign_in("li").status_code != 303

    office = at(open_console, "10.0.0.0/8,2001:db8::/32", OFFICE)
    assert office.sign_in("li", next="/t/river/gates").location == "/t/river/gates"


def test_a_sign_in_of_the_office_opens_nothing_elsewhere(
    open_console: Runtime, li: Account
) -> None:
    office = at(open_console, "10.0.0.0/8", OFFICE)
    office.sign_in("li")
    office.environ = OUTSIDE

    assert office.get("/t/river/gates").status_code == 403


def test_a_confined_role_counts_there_alone(
    open_console: Runtime, hire: Callable[..., Account]
) -> None:
    hire("an", "security_admin")
    networks = "security_admin=10.1.0.0/16"
    browser = at(open_console, networks, OUTSIDE)
    browser.sign_in("an")

    assert browser.get("/city/gates").status_code == 404
    assert "须在指定的网络中行使" in browser.get("/account").text

    browser.environ = OFFICE
    assert browser.get("/city/gates").status_code == 200


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("10.0.0.1", True),
        ("::ffff:10.0.0.1", True),
        ("11.0.0.1", False),
        ("::ffff:11.0.0.1", False),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_addresses_of_both_kinds_are_compared_as_what_they_are(
    address: str, is_inside: bool
) -> None:
    settings = Settings(console_networks="10.0.0.0/8, 2001:db8::/32")

    assert is_reachable(settings, address) is is_inside


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "office", "10.0.0.0/8;11.0.0.0/8"])
def test_networks_that_cannot_be_stop_the_start(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment({"JIYUE_CONSOLE_NETWORKS": wrong})

    assert [problem.field for problem in refused.value.problems] == ["JIYUE_CONSOLE_NETWORKS"]


def test_a_role_that_nobody_has_heard_of_stops_the_start(open_console: Runtime) -> None:
    console = at(open_console, "system_admn=10.0.0.0/8", OFFICE).client.application

    with pytest.raises(Invalid) as refused:
        assert_all_guarded("console", console)

    assert refused.value.facts == {"names": "system_admn"}
