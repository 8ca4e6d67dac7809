"""What must hold of a blueprint file; collects every problem instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from hosting.directory.models import FOREIGN, TENANT_KINDS
from hosting.runtime.errors import Problem
from hosting.runtime.language import N_
from provisioning.blueprints.vocabulary import AUDIENCES, HOME_BLOCKS, TEXTS, UPDATE_CLASSES
from tenants.sites.models import MAXIMUM_DEPTH
from tenants.sites.rules import COLUMN_TYPES
from themes.registry import ICONS, theme_names

Shape = Mapping[str, tuple[type, bool]]
"""key -> (type, is it required)"""

_COLUMN: Shape = {
    "path": (str, True),
    "name": (str, True),
    "type": (str, True),
    "update": (str, True),
    "description": (str, True),
    "keywords": (list, True),
}
_HOME: Shape = {
    "block": (str, True),
    "title": (str, False),
    "columns": (list, False),
    "items": (int, False),
}
_SERVICE: Shape = {
    "name": (str, True),
    "icon": (str, True),
    "audience": (str, True),
    "address": (str, True),
}

_PATH = re.compile(r"(/[a-z0-9]+(-[a-z0-9]+)*)+/")
_PLACES = frozenset({"name", "short_name"})
_MOST_SHOWN = 20


class Checks:
    """The problems of one file, named `file: section[number] key`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def report(self, where: str, code: str, message: str, **facts: Any) -> None:
        """Note one problem."""
        self.problems.append(Problem(f"{self.file}: {where}", code, message, facts))

    def table(self, where: str, table: object, shape: Shape) -> bool:
        """Whether a table has the keys and types of its shape; False when it cannot be read on."""
        if not isinstance(table, dict):
            self.report(where, "not_a_table", N_("应为一组键值"))
            return False
        before = len(self.problems)
        for key in table.keys() - shape.keys():
            self.report(_at(where, key), "unknown_key", N_("不认识的键"))
        for key, (kind, required) in shape.items():
            self._value(_at(where, key), table.get(key), kind, required=required)
        return len(self.problems) == before

    def _value(self, where: str, value: object, kind: type, *, required: bool) -> None:
        if value is None:
            if required:
                self.report(where, "missing", N_("缺少这一项"))
        elif not isinstance(value, kind) or isinstance(value, bool):
            self.report(where, "wrong_type", N_("类型应为 {kind}"), kind=kind.__name__)
        elif required and not value:
            self.report(where, "empty", N_("不能为空"))

    def content(self, table: dict[str, Any]) -> None:
        """Everything inside a file whose top level has the right shape."""
        self.word("kind", table["kind"], (*TENANT_KINDS, FOREIGN))
        self.word("theme", table["theme"], theme_names())
        for key, text in table.get("texts", {}).items():
            self.word("texts", key, TEXTS)
            self.text(f"texts.{key}", text)
        paths = self.columns("column", table["column"])
        self.columns("subsite_column", table.get("subsite_column", []))
        self.home(table["home"], paths)
        self.services(table["service"], paths)

    def word(self, where: str, value: str, allowed: Any) -> None:
        """A value out of a closed list."""
        if value not in allowed:
            self.report(
                where,
                "not_in_vocabulary",
                N_("“{value}”不在规定的取值中：{allowed}"),
                value=value,
                allowed="、".join(allowed),
            )

    def text(self, where: str, value: object) -> None:
        """A sentence with no places but {name} and {short_name}."""
        if not isinstance(value, str):
            self.report(where, "wrong_type", N_("类型应为 {kind}"), kind="str")
            return
        try:
            places = {place for _, place, _, _ in Formatter().parse(value) if place is not None}
        except ValueError:
            places = {"{"}
        if places - _PLACES:
            self.report(where, "unknown_place", N_("只能使用 {name} 和 {short_name} 两个占位"))

    def columns(self, section: str, entries: list[Any]) -> set[str]:
        """Check each column; returns the paths that stand."""
        paths: set[str] = set()
        for number, entry in enumerate(entries, start=1):
            where = f"{section}[{number}]"
            if self.table(where, entry, _COLUMN):
                self._column(where, entry, paths)
                paths.add(entry["path"])
        return paths

    def _column(self, where: str, entry: dict[str, Any], earlier: set[str]) -> None:
        where = f"{where} {entry['path']}"
        self.text(f"{where} name", entry["name"])
        self.text(f"{where} description", entry["description"])
        self.word(f"{where} type", entry["type"], COLUMN_TYPES)
        self.word(f"{where} update", entry["update"], UPDATE_CLASSES)
        if not all(isinstance(word, str) and word for word in entry["keywords"]):
            self.report(f"{where} keywords", "wrong_type", N_("每个关键词应为非空文字"))
        self._path(f"{where} path", entry["path"], earlier)

    def _path(self, where: str, path: str, earlier: set[str]) -> None:
        if not _PATH.fullmatch(path):
            self.report(where, "bad_path", N_("路径应形如 /zwgk/tzgg/，只用小写字母、数字和连字符"))
            return
        parent = path[: path.rindex("/", 0, -1) + 1]
        if path in earlier:
            self.report(where, "duplicate_path", N_("路径重复"))
        if parent != "/" and parent not in earlier:
            self.report(
                where, "parent_missing", N_("上级栏目 {parent} 应列在它前面"), parent=parent
            )
        if path.count("/") - 1 > MAXIMUM_DEPTH:
            self.report(where, "too_deep", N_("栏目最多 {limit} 级"), limit=MAXIMUM_DEPTH)

    def home(self, entries: list[Any], paths: set[str]) -> None:
        """The blocks of the home page, each known and pointing at columns that exist."""
        for number, entry in enumerate(entries, start=1):
            where = f"home[{number}]"
            if not self.table(where, entry, _HOME):
                continue
            self.word(f"{where} block", entry["block"], HOME_BLOCKS)
            for path in entry.get("columns", []):
                self._known(f"{where} columns", path, paths)
            if not 0 <= entry.get("items", 0) <= _MOST_SHOWN:
                self.report(
                    f"{where} items", "out_of_range", N_("应在 0 到 {most} 之间"), most=_MOST_SHOWN
                )

    def services(self, entries: list[Any], paths: set[str]) -> None:
        """The wanted services, each leading to a column of the site."""
        for number, entry in enumerate(entries, start=1):
            where = f"service[{number}]"
            if self.table(where, entry, _SERVICE):
                self.word(f"{where} audience", entry["audience"], AUDIENCES)
                self.word(f"{where} icon", entry["icon"], ICONS)
                self._known(f"{where} address", entry["address"], paths)

    def _known(self, where: str, path: object, paths: set[str]) -> None:
        if path not in paths:
            self.report(where, "column_unknown", N_("没有栏目 {path}"), path=path)


def _at(where: str, key: str) -> str:
    return f"{where} {key}".strip()
