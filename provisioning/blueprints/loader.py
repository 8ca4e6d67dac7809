"""Reads blueprint files and says everything that is wrong with one, naming file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from hosting.runtime.errors import Invalid, NotFound, Problem
from hosting.runtime.language import N_
from provisioning.blueprints.blueprint import Blueprint, ColumnPlan, HomeBlock, ServiceLink
from provisioning.blueprints.checks import Checks, Shape

FOLDER = Path(__file__).resolve().parent

_TOP: Shape = {
    "kind": (str, True),
    "title": (str, True),
    "theme": (str, True),
    "texts": (dict, False),
    "column": (list, True),
    "subsite_column": (list, False),
    "home": (list, True),
    "service": (list, True),
}


def blueprint_codes() -> list[str]:
    """The blueprints that exist, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def blueprint(code: str) -> Blueprint:
    """The blueprint of that code.

    Raises NotFound where there is none, Invalid (with all problems) where its file is wrong.
    """
    if code not in blueprint_codes():
        raise NotFound(
            "blueprint_unknown",
            N_("没有名为“{blueprint}”的蓝图；可用的有：{known}"),
            blueprint=code,
            known="、".join(blueprint_codes()),
        )
    return read_blueprint(FOLDER / f"{code}.toml")


@cache
def foreign_blueprint(locale: str) -> Blueprint:
    """What a tenant's site in that language starts with; there is one for each FOREIGN_LOCALES."""
    return read_blueprint(FOLDER / "foreign" / f"{locale}.toml")


def read_blueprint(path: Path) -> Blueprint:
    """Read and check one file; raises Invalid with every problem found in it."""
    table = _parsed(path)
    checks = Checks(path.name)
    checks.table("", table, _TOP)
    if not checks.problems:
        checks.content(table)
    if checks.problems:
        raise _invalid(path, checks.problems)
    return _blueprint(path.stem, table)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem(
            path.name, "toml_unreadable", N_("不是有效的 TOML:{detail}"), {"detail": str(error)}
        )
        raise _invalid(path, [problem]) from error


def _invalid(path: Path, problems: list[Problem]) -> Invalid:
    return Invalid(
        "blueprint_invalid",
        N_("蓝图文件 {file} 有 {count} 处错误"),
        problems=problems,
        file=path.name,
        count=len(problems),
    )


def _blueprint(code: str, table: dict[str, Any]) -> Blueprint:
    return Blueprint(
        code=code,
        kind=table["kind"],
        title=table["title"],
        theme=table["theme"],
        texts=table.get("texts", {}),
        columns=_columns(table["column"]),
        subsite_columns=_columns(table.get("subsite_column", [])),
        home=tuple(_block(entry) for entry in table["home"]),
        services=tuple(ServiceLink(**entry) for entry in table["service"]),
    )


def _columns(entries: Iterable[dict[str, Any]]) -> tuple[ColumnPlan, ...]:
    return tuple(
        ColumnPlan(
            path=entry["path"],
            name=entry["name"],
            description=entry["description"],
            keywords=tuple(entry["keywords"]),
            column_type=entry["type"],
            update_class=entry["update"],
        )
        for entry in entries
    )


def _block(entry: dict[str, Any]) -> HomeBlock:
    return HomeBlock(
        kind=entry["block"],
        title=entry.get("title", ""),
        columns=tuple(entry.get("columns", ())),
        items=entry.get("items", 0),
    )
