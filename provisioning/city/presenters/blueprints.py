"""What a blueprint brings, before a tenant is opened from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.console.language import say
from hosting.runtime.language import N_
from provisioning.blueprints.blueprint import Blueprint, ColumnPlan
from provisioning.blueprints.loader import blueprint, blueprint_codes
from provisioning.presenters import KINDS
from themes.registry import theme_named

# In this order the city thinks of its sites; others follow by name.
_FIRST = ("portal", "county", "department")


@dataclass(frozen=True)
class Branch:
    """A top column with those below it; what lies deeper stands in brackets behind its own."""

    name: str
    path: str
    below: Sequence[str]


@dataclass(frozen=True)
class BlueprintView:
    """A blueprint for whoever chooses one; `kind` and `theme` are msgids."""

    code: str
    title: str
    kind: str
    theme: str
    columns: int
    branches: Sequence[Branch]
    blocks: Sequence[str]
    services: Sequence[str]


def blueprint_choices() -> dict[str, str]:
    """Code -> title of all blueprints."""
    codes = sorted(blueprint_codes(), key=lambda code: (_rank(code), code))
    return {code: blueprint(code).title for code in codes}


def _rank(code: str) -> int:
    return _FIRST.index(code) if code in _FIRST else len(_FIRST)


def blueprint_view(code: str) -> BlueprintView:
    """One blueprint with neutral words where the tenant's names will stand."""
    unit = say(N_("本单位"))
    plan = blueprint(code).named(name=unit, short_name=unit)
    return BlueprintView(
        plan.code,
        plan.title,
        KINDS[plan.kind],
        theme_named(plan.theme).label,
        len(plan.columns),
        _branches(plan),
        [block.title for block in plan.home],
        [service.name for service in plan.services],
    )


def _branches(plan: Blueprint) -> list[Branch]:
    return [
        Branch(top.name, top.path, _below(plan, top))
        for top in plan.columns
        if top.parent_path is None
    ]


def _below(plan: Blueprint, above: ColumnPlan) -> list[str]:
    """The columns below one, each followed by those below it in brackets."""
    below = [column for column in plan.columns if column.parent_path == above.path]
    return [_with_below(column.name, _below(plan, column)) for column in below]


def _with_below(name: str, below: list[str]) -> str:
    if not below:
        return name
    return say(N_("{name}（{below}）"), name=name, below=say(N_("、")).join(below))
