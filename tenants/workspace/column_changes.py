"""What an edition of a column says, and what would differ from what readers see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from hosting.console.differences import compare
from hosting.console.language import say
from hosting.runtime.ids import decimal_id
from hosting.runtime.language import N_
from tenants.sites.rules import ColumnProposal
from tenants.workspace.changes import Change

_KINDS = {"column": N_("普通栏目"), "subsite": N_("子站")}

COLUMN_FIELDS: Mapping[str, str] = {
    "closes": N_("关闭栏目"),
    "name": N_("名称"),
    "slug": N_("路径名"),
    "kind": N_("类别"),
    "place": N_("位置"),
    "column_type": N_("栏目类型"),
    "description": N_("栏目说明"),
    "keywords": N_("关键词"),
    "update_days": N_("更新期限（天）"),
    "page_size": N_("每页条数"),
    "theme_variant": N_("子站样式"),
}
"""Labels of what is signed of a column, in the order in which people read them."""


def column_facts(said: ColumnProposal, columns: Mapping[int, str]) -> list[tuple[str, str]]:
    """Label and value of all that an edition says; `columns` are names by id."""
    values = _values(said, columns)
    return [(label, values[field]) for field, label in COLUMN_FIELDS.items() if values[field]]


def column_changes(
    before: ColumnProposal, after: ColumnProposal, columns: Mapping[int, str]
) -> list[Change]:
    """What would differ, in the order of COLUMN_FIELDS; [] when nothing does."""
    old, new = _values(before, columns), _values(after, columns)
    return [
        _change(field, label, old[field], new[field])
        for field, label in COLUMN_FIELDS.items()
        if old[field] != new[field]
    ]


def _change(field: str, label: str, old: str, new: str) -> Change:
    if field in ("description", "keywords") and old and new:
        return Change(label, paragraphs=tuple(compare(old, new)))
    if field == "place":
        return Change(label, old or say(N_("原有位置")), new or say(N_("原有位置")))
    return Change(label, old, new)


def _values(said: ColumnProposal, columns: Mapping[int, str]) -> dict[str, str]:
    facts = {name: str(value or "") for name, value in asdict(said.facts).items()}
    return facts | {
        "kind": say(_KINDS[said.facts.kind]),
        "place": _place(said.place, columns),
        "closes": say(N_("是")) if said.closes else "",
    }


def _place(place: str, columns: Mapping[int, str]) -> str:
    if place == "first":
        return say(N_("排在最前"))
    behind = decimal_id(place)
    if behind is None:
        return ""
    return say(N_("排在“{name}”之后"), name=columns.get(behind, "—"))
