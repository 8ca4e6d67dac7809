"""The schema's wall (law 1): every table declares its class, and no key crosses a tenant."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.schema import Column

from hosting.runtime.areas import load_areas
from hosting.runtime.records import Base, Instant, LedgerRecord
from parts.house import sources

WALLS = {"tenant", "platform", "ledger"}

load_areas()
CLASSES = {str(m.local_table.description): m.class_ for m in Base.registry.mappers}
TABLES = dict(Base.metadata.tables)


def wall(name: str) -> str:
    return str(CLASSES[name].wall)


def of_wall(kind: str) -> list[Any]:
    return [pytest.param(t, id=name) for name, t in sorted(TABLES.items()) if wall(name) == kind]


def names(columns: Any) -> list[str]:
    return [column.name for column in columns]


def test_every_table_is_mapped_and_declares_its_class() -> None:
    assert TABLES.keys() == CLASSES.keys(), "a table without a mapped class has no wall"
    assert {name for name in TABLES if wall(name) not in WALLS} == set()


@pytest.mark.parametrize("table", of_wall("tenant"))
def test_every_key_of_a_tenant_table_begins_with_the_tenant(table: Table) -> None:
    keys = [
        table.primary_key.columns,
        *(each.columns for each in table.constraints if isinstance(each, UniqueConstraint)),
        *(index.columns for index in table.indexes if index.unique),
    ]

    assert [names(key) for key in keys if names(key)[:1] != ["tenant_id"]] == []


@pytest.mark.parametrize("table", of_wall("tenant"))
def test_a_reference_between_tenant_tables_cannot_cross_tenants(table: Table) -> None:
    for reference in table.foreign_key_constraints:
        if wall(reference.referred_table.name) == "tenant":
            pairs = [(e.parent.name, e.column.name) for e in reference.elements]
            assert ("tenant_id", "tenant_id") in pairs, reference.name
            assert reference.deferrable, reference.name
            assert reference.initially == "DEFERRED", reference.name


def references() -> list[tuple[str, ForeignKeyConstraint]]:
    return [
        (name, reference)
        for name, table in sorted(TABLES.items())
        for reference in table.foreign_key_constraints
    ]


def test_no_table_outside_the_wall_refers_to_one_inside() -> None:
    crossing = [
        f"{name} -> {reference.referred_table.name}"
        for name, reference in references()
        if wall(name) != "tenant" and wall(reference.referred_table.name) == "tenant"
    ]

    assert crossing == []


@pytest.mark.parametrize("table", of_wall("platform"))
def test_a_platform_table_belongs_to_no_tenant(table: Table) -> None:
    assert "tenant_id" not in table.columns
    assert "for_tenant_id" not in table.columns


@pytest.mark.parametrize("table", of_wall("ledger"))
def test_a_ledger_says_for_whom_it_is_kept_and_stands_in_hosting(table: Table) -> None:
    assert "for_tenant_id" in table.columns
    assert "tenant_id" not in table.columns
    assert CLASSES[table.name].__module__.startswith("hosting.")


def test_only_hosting_reaches_the_ledgers() -> None:
    reached = [
        f"{source.at(node)}: {name.name}"
        for source in sources()
        if not source.module.startswith("hosting.")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hosting.")
        for name in node.names
        if is_ledger(getattr(import_module(str(node.module)), name.name, None))
    ]

    assert reached == []


def is_ledger(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, LedgerRecord)


def columns() -> list[Column[Any]]:
    return [column for table in TABLES.values() for column in table.columns]


def test_instants_are_named_for_what_they_are() -> None:
    instants = {str(c) for c in columns() if isinstance(c.type, Instant)}

    assert {name for name in instants if not name.endswith(("_at", "_until"))} == set()


def test_tables_and_columns_are_named_in_one_way() -> None:
    words = [*TABLES, *(column.name for column in columns())]

    assert [word for word in words if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", word)] == []
