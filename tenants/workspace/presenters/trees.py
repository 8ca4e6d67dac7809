"""The column tree as choices of a form and as ways from the top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hosting.console.language import say
from hosting.directory.models import Site
from hosting.runtime.language import N_, language_of
from tenants.sites.models import Column

_INDENT = "　"


def choices(
    columns: Sequence[Column], languages: Mapping[int, str] | None = None
) -> dict[str, str]:
    """Id -> name in the order of the tree, each level further in.

    `languages` are those of foreign-language sites by id: their columns at the top bear them.
    """
    shown = languages or {}
    return {
        str(each.id): _INDENT * (each.depth - 1) + _named(each, shown.get(each.site_id, ""))
        for each in columns
    }


def _named(column: Column, language: str) -> str:
    return f"{language} · {column.name}" if language and column.depth == 1 else column.name


def site_choices(sites: Sequence[Site]) -> dict[str, str]:
    """Id -> name of a tenant's sites."""
    return {
        str(each.id): say(N_("主站")) if each.is_main else language_of(each.locale).name
        for each in sites
    }


def names(columns: Mapping[int, Column]) -> dict[int, str]:
    """Each column's way from the top, "政务公开 › 政策文件", by id."""
    found: dict[int, str] = {}
    for each in sorted(columns.values(), key=lambda column: column.depth):
        above = "" if each.parent_id is None else found.get(each.parent_id, "")
        found[each.id] = f"{above} › {each.name}" if above else each.name
    return found


def below(columns: Sequence[Column], column_id: int) -> tuple[int, ...]:
    """A column and all that lie below it."""
    top = next((each for each in columns if each.id == column_id), None)
    if top is None:
        return (column_id,)
    return tuple(each.id for each in columns if each.path.startswith(top.path))
