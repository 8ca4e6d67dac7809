"""The column tree as choices of a form and as ways from the top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenants.sites.models import Column

_INDENT = "　"


def choices(columns: Sequence[Column]) -> dict[str, str]:
    """Id -> name in the order of the tree, each level further in."""
    return {str(each.id): _INDENT * (each.depth - 1) + each.name for each in columns}


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
