"""What is kept of a tenant or a person goes when a tenant is deleted, or says why it stays."""

from __future__ import annotations

import pytest

from hosting.runtime.areas import load_areas
from hosting.runtime.erasing import RowErasure
from hosting.runtime.records import Base

AREAS = load_areas()
MODELS = {str(m.local_table.description): m.class_ for m in Base.registry.mappers}


def erased() -> dict[str, list[str]]:
    """Table -> the areas that erase it."""
    found: dict[str, list[str]] = {}
    for area in AREAS:
        for each in area.erases:
            for model in each.tables if isinstance(each, RowErasure) else ():
                found.setdefault(str(model.__tablename__), []).append(area.name)
    return found


def kept() -> dict[str, str]:
    """Table -> why it stays."""
    return {
        str(model.__tablename__): why  # type: ignore[attr-defined]  # a mapped class
        for area in AREAS
        for model, why in area.keeps.items()
    }


def of_tenants() -> list[str]:
    """Tables with rows of a tenant."""
    return sorted(n for n, model in MODELS.items() if model.wall in ("tenant", "ledger"))


def of_people() -> list[str]:
    """Tables with rows of an account, and accounts themselves."""
    return sorted(
        name
        for name, table in Base.metadata.tables.items()
        if name == "account"
        or any(key.referred_table.name == "account" for key in table.foreign_key_constraints)
    )


@pytest.mark.parametrize("table", sorted({*of_tenants(), *of_people()}))
def test_a_table_goes_with_its_tenant_or_says_why_it_stays(table: str) -> None:
    assert (table in erased()) != (table in kept())
    assert kept().get(table, "a reason of some words").count(" ") >= 3


def test_rows_are_erased_by_the_area_that_has_them() -> None:
    owners = {
        str(model.__tablename__): area.name  # type: ignore[attr-defined]  # a mapped class
        for area in AREAS
        for model in area.models
    }

    foreign = {table: by for table, by in erased().items() if owners.get(table, by[0]) != by[0]}

    assert foreign == {}
    assert {table: by for table, by in erased().items() if len(by) > 1} == {}


def test_whatever_stays_is_no_tenants_own() -> None:
    assert {table for table in kept() if MODELS[table].wall == "tenant"} == set()
