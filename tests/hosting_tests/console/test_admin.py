"""Flask-Admin gives the city's pages their form; of its own it serves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hosting.console.admin import RecordView, ShellView, page, serve
from hosting.runtime.guards import guard_of, open_to_all


class Gates(RecordView):
    """Records of the test."""

    @page("/")
    @open_to_all(reason="test")
    def index_view(self) -> str:
        return "gates"


class Paint(ShellView):
    """Something that fails as a defect of ours would."""

    def __init__(self, painted: Callable[[], None], **places: str) -> None:
        super().__init__(**places)
        self._painted = painted

    @page("/")
    @open_to_all(reason="test")
    def index(self) -> str:
        self._painted()
        return len(3)  # type: ignore[arg-type]  # the TypeError is the point

    @page("/<colour>", "POST")
    @open_to_all(reason="test")
    def paint(self, colour: str) -> str:
        return colour


@pytest.fixture
def painted() -> list[str]:
    """How often the failing view was run."""
    return []


@pytest.fixture
def client(painted: list[str]) -> FlaskClient:
    app = Flask("admin")
    first = Paint(lambda: painted.append("red"), endpoint="paint", url="/city")
    serve(app, first, [Gates(endpoint="gates", url="/city/gates")])
    return app.test_client()


def rules(client: FlaskClient) -> set[str]:
    return {rule.rule for rule in client.application.url_map.iter_rules()} - {
        "/static/<path:filename>"
    }


def test_only_what_a_view_names_is_served(client: FlaskClient) -> None:
    assert rules(client) == {"/city/", "/city/<colour>", "/city/gates/"}


@pytest.mark.parametrize(
    "path",
    [
        "new/",
        "edit/?id=1",
        "details/?id=1",
        "delete/",
        "action/",
        "export/csv/",
        "ajax/lookup/?name=x",
        "ajax/update/",
    ],
)
def test_none_of_the_pages_that_reach_any_row_is_there(client: FlaskClient, path: str) -> None:
    assert client.get(f"/city/gates/{path}").status_code == 404
    assert client.post(f"/city/gates/{path}").status_code == 404


def test_a_guard_is_seen_through_the_view(client: FlaskClient) -> None:
    guards = [
        guard_of(view)
        for name, view in client.application.view_functions.items()
        if name != "static"
    ]

    assert all(guard and guard.reason == "test" for guard in guards)


def test_a_view_that_fails_is_not_run_a_second_time(
    client: FlaskClient, painted: list[str]
) -> None:
    assert client.get("/city/").status_code == 500
    assert painted == ["red"]


def test_a_view_gets_what_stands_in_its_address(client: FlaskClient) -> None:
    assert client.post("/city/blue").text == "blue"
