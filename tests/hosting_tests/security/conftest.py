"""A console with people in it, and a small area whose routes stand for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Blueprint, Flask

from hosting.console.application import create_console
from hosting.console.area import area as console_area
from hosting.directory.area import area as directory_area
from hosting.runtime import web
from hosting.runtime.areas import Area, Permission
from hosting.runtime.errors import NotFound
from hosting.runtime.events import Event
from hosting.runtime.runtime import Runtime
from hosting.security import operations, passwords
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.area import area as security_area
from hosting.security.guards import current_actor, guarded
from hosting.security.models import Account
from hosting.security.operations import RoleFacts
from parts.people import PASSWORD, Browser
from parts.platform import Place


@dataclass(frozen=True)
class GatePainted(Event):
    """Something that people of these tests do."""

    gate_id: int


gates = Blueprint("gates", __name__)


@gates.get("/t/<tenant:code>/gates")
@guarded("gate.read")
def list_gates(code: str) -> str:
    return f"gates of {web.session().tenant_id} for {sorted(current_actor().roles)}"


@gates.post("/t/<tenant:code>/gates/<id:gate_id>/paint")
@guarded("gate.paint")
def paint_gate(code: str, gate_id: int) -> str:
    if gate_id != 31:
        raise NotFound("no_gate", "没有这道门")
    web.session().record(GatePainted(web.session().tenant_id, gate_id))
    return "painted"


@gates.get("/city/gates")
@guarded("city.gates")
def city_gates() -> str:
    return "all gates"


@gates.get("/city/gates/key")
@guarded("city.gates", needs_proof=True)
def the_key() -> str:
    return "the key"


@gates.post("/city/gates")
@guarded("city.gates")
def open_gates() -> str:
    return "opened"


gates_area = Area(
    name="gates",
    needs=("security",),
    console=(gates,),
    permissions=(
        Permission("gate.read", "看门", frozenset({"contributor", "editor"})),
        Permission("gate.paint", "刷门", frozenset({"editor"})),
        Permission(
            "city.gates",
            "看所有的门",
            frozenset({"security_admin"}),
            platform=True,
            needs_proof=True,
        ),
    ),
)


@pytest.fixture
def open_console(request: pytest.FixtureRequest) -> Iterator[Runtime]:
    """The platform with the console's own areas and the gates alone; on SQLite unless told."""
    runtime: Runtime = request.getfixturevalue(getattr(request, "param", "runtime"))
    opened = Runtime.open(
        runtime.settings, (directory_area, console_area, security_area, gates_area)
    )
    yield opened
    opened.close()


@pytest.fixture
def app(open_console: Runtime) -> Flask:
    """The console."""
    return create_console(open_console)


@pytest.fixture
def hire(open_console: Runtime) -> Callable[..., Account]:
    """`hire("li", "editor", tenant_id=…)` makes an account with a role and the tests' password."""
    hashed = passwords.hashed(PASSWORD, settings=open_console.settings, login="nobody")

    def make(login: str, *roles: str, **facts: object) -> Account:
        with open_console.platform_session(reason="test") as session:
            account = operations.create_account(
                session, login=login, name=f"{login}同志", password=hashed, by=PLATFORM_ACTOR
            )
            for role in roles:
                role_facts = RoleFacts(role, **facts)  # type: ignore[arg-type]  # as given
                operations.grant_role(session, account, facts=role_facts, by=PLATFORM_ACTOR)
        return account

    return make


@pytest.fixture
def browse(app: Flask) -> Callable[[], Browser]:
    """`browse()` opens another browser."""
    return lambda **facts: Browser(app.test_client(), **facts)


@pytest.fixture
def browser(browse: Callable[[], Browser]) -> Browser:
    """A browser in which nobody has signed in."""
    return browse()


@pytest.fixture
def li(hire: Callable[..., Account], river: Place) -> Account:
    """An editor of the county."""
    return hire("li", "editor", tenant_id=river.tenant_id)


@pytest.fixture
def wang(hire: Callable[..., Account], hill: Place) -> Account:
    """An editor of the department, a stranger in the county."""
    return hire("wang", "editor", tenant_id=hill.tenant_id)
