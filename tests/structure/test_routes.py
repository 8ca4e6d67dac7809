"""Every route says who may use it, and composing the applications asks the database nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from hosting.directory.application import create_application
from hosting.runtime.guards import Guard, guard_of
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings


def applications() -> dict[str, Flask]:
    return create_application(Runtime.open(Settings())).applications


def routes() -> Iterator[tuple[str, str, Guard | None]]:
    for name, application in applications().items():
        for rule in application.url_map.iter_rules():
            yield name, rule.rule, guard_of(application.view_functions[rule.endpoint])


def test_every_route_is_guarded_or_open_for_a_stated_reason() -> None:
    found = list(routes())

    unguarded = [
        f"{name} {rule}"
        for name, rule, guard in found
        if guard is None or not (guard.permission or guard.reason)
    ]

    assert unguarded == []


def test_every_permission_that_a_route_asks_for_is_one_that_a_role_carries() -> None:
    runtime = Runtime.open(Settings())
    carried = {each.name for area in runtime.areas for each in area.permissions if each.roles}

    asked = {guard.permission for _, _, guard in routes() if guard and guard.permission}

    assert asked - carried == set()


def test_no_way_into_the_console_leads_through_a_public_host() -> None:
    guarded = [
        f"{name} {rule}"
        for name, rule, guard in routes()
        if name != "console" and (guard is None or not guard.is_open)
    ]

    assert guarded == []


def test_composing_the_platform_connects_to_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Engine] = []
    monkeypatch.chdir(tmp_path)

    def remember(engine: Engine, *_: object) -> None:
        connected.append(engine)

    event.listen(Engine, "engine_connect", remember)
    try:
        create_application(Runtime.open(Settings(home=tmp_path / "nothing")))
    finally:
        event.remove(Engine, "engine_connect", remember)

    assert connected == []
    assert list(tmp_path.iterdir()) == []
