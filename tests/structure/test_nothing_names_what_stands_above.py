"""A room does not name what stands above it, by string either: imports are not the only way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hosting.directory.application import create_application
from hosting.runtime.areas import Area, load_areas
from hosting.runtime.errors import Refusal
from hosting.runtime.events import Event
from hosting.runtime.records import Base
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.house import PACKAGES, ROOMS, ROOT, Source, files, is_above, room_of, sources, strings

TEMPLATE = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+['\"]([^'\"]+)['\"]")
ENDPOINT = re.compile(r"url_for\(\s*['\"]([^'\"]+)['\"]")
SQL_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|JOIN|TABLE|ON)\s+"?([a-z_]+)"?', re.IGNORECASE)
REFUSALS = {"Problem", *(kind.__name__ for kind in Refusal.__subclasses__())}
MODULE = re.compile(rf"(?:{'|'.join(re.escape(room) for room in ROOMS)})(?:\.\w+)*(?::\w+)?")


@cache
def areas() -> tuple[Area, ...]:
    return load_areas()


@cache
def endpoints() -> dict[str, str]:
    """Endpoint -> the room of its view."""
    owners: dict[str, str] = {}
    for application in create_application(Runtime.open(Settings())).applications.values():
        for endpoint, view in application.view_functions.items():
            if "." in endpoint and (room := room_of(view.__module__)):
                owners[endpoint] = room
    return owners


@cache
def events() -> dict[str, str]:
    """Event name and class name -> room."""
    owners: dict[str, str] = {}
    for name, kind in Event.registry.items():
        if room := room_of(kind.__module__):
            owners |= {name: room, kind.__name__: room}
    return owners


@cache
def kinds_and_permissions() -> dict[str, str]:
    """Kind of job and permission -> the room that declares it."""
    declared = {area.name: room_of_area(area.name) for area in areas()}
    owners: dict[str, str] = {}
    for area in areas():
        if room := declared[area.name]:
            owners |= {job.kind: room for job in area.jobs}
            owners |= {permission.name: room for permission in area.permissions}
    return owners


def room_of_area(name: str) -> str | None:
    from importlib.metadata import entry_points

    (point,) = entry_points(group="hosting.areas", name=name)
    return room_of(point.module)


@cache
def tables() -> dict[str, str]:
    """Table -> room."""
    return {
        mapper.local_table.description: room  # type: ignore[attr-defined]  # a Table
        for mapper in Base.registry.mappers
        if (room := room_of(mapper.class_.__module__))
    }


@cache
def templates() -> dict[str, str]:
    """Template name, as Jinja2 looks it up -> room of the lowest folder that has it."""
    owners: dict[str, str] = {}
    for path in files():
        if "templates" in path.parts and (room := room_of_file(path)):
            name = path.as_posix().rsplit("/templates/", 1)[-1]
            owners[name] = min(room, owners.get(name, room), key=ROOMS.index)
    return owners


def room_of_file(path: Path) -> str | None:
    for package, folder in PACKAGES.items():
        if path.is_relative_to(folder):
            return room_of(".".join((package, *path.relative_to(folder).parts)))
    return None


def named_above(source: Source, owners: dict[str, str]) -> Iterator[str]:
    """Places in a file whose whole string is a name that a higher room owns."""
    if (room := source.room) is None:
        return
    for node in strings(source):
        owner = owners.get(str(node.value))
        if owner and is_above(owner, room):
            yield f"{source.at(node)}: {node.value!r} is of {owner}"


def faults_in_code(owners: dict[str, str]) -> list[str]:
    return [fault for source in sources() for fault in named_above(source, owners)]


def faults_in_templates(pattern: re.Pattern[str], owners: dict[str, str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name!r} is of {owners[name]}"
        for path in files()
        if "templates" in path.parts and (room := room_of_file(path))
        for name in pattern.findall(path.read_text(encoding="utf-8"))
        if name in owners and is_above(owners[name], room)
    ]


def test_no_endpoint() -> None:
    assert faults_in_code(endpoints()) == []
    assert faults_in_templates(ENDPOINT, endpoints()) == []


def test_no_template() -> None:
    assert faults_in_code(templates()) == []
    assert faults_in_templates(TEMPLATE, templates()) == []


def test_no_event() -> None:
    names = {n: r for n, r in events().items() if "_" in n or not n.islower()}

    faults = [
        fault
        for source in sources()
        for fault in named_above(source, names)
        if fault.split(": ")[0] not in codes_of_refusals(source)
    ]

    assert faults == []


def codes_of_refusals(source: Source) -> set[str]:
    """Where a refusal or problem bears a code: it may be called as an event is."""
    return {
        source.at(argument)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in REFUSALS
        for argument in node.args[:2]
    }


def test_no_kind_of_job_and_no_permission() -> None:
    assert faults_in_code(kinds_and_permissions()) == []


def test_no_module() -> None:
    faults = [
        f"{source.at(node)}: {node.value!r}"
        for source in sources()
        if (room := source.room)
        for node in strings(source)
        if MODULE.fullmatch(str(node.value))
        and (owner := room_of(str(node.value).replace(":", ".")))
        and is_above(owner, room)
    ]

    assert faults == []


def test_no_table_by_a_reference() -> None:
    owners = tables()

    faults = [
        f"{name} -> {key.referred_table.name}"
        for name, table in Base.metadata.tables.items()
        for key in table.foreign_key_constraints
        if name in owners
        and key.referred_table.name in owners
        and is_above(owners[key.referred_table.name], owners[name])
    ]

    assert faults == []


def test_no_table_in_a_piece_of_sql() -> None:
    owners = tables()

    faults = [
        f"{source.at(node)}: {name} is of {owners[name]}"
        for source in sources()
        if (room := source.room)
        for node in strings(source)
        if is_sql(node)
        for name in SQL_TABLE.findall(str(node.value))
        if name in owners and is_above(owners[name], room)
    ]

    assert faults == []


def is_sql(node: ast.Constant) -> bool:
    return bool(re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH)\s", str(node.value)))
