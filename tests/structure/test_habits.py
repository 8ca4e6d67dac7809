"""Habits of the house that a linter does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from parts.house import ROOT, Source, dotted, files, sources

FILE_LINES = 300
FUNCTION_LINES = 40
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "tools"}

# Reads the environment into the typed settings; nothing else reads it.
READS_ENVIRONMENT = {"hosting.runtime.environment", "hosting.runtime.settings"}

# The edges, where what nobody foresaw is turned into an answer, an exit code or a retry.
# In publishing one page's defect is kept with the page, so that it does not stop the whole site.
CATCHES_ALL = {
    "hosting.runtime.web",
    "hosting.runtime.worker",
    "hosting.runtime.command_line",
    "hosting.publishing.batches",
}

TEMPLATES = {".html", ".xml", ".txt", ".svg", ".css", ".js"}
LOADED_FROM_OUTSIDE = re.compile(
    r"""(?:<(?:script|link|img|iframe|source|video|audio)\b[^>]*\b(?:src|href)=["']|@import\s+(?:url\()?["']?|url\(["']?)(?:https?:)?//""",
    re.IGNORECASE,
)
UNESCAPED = re.compile(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false")


def shipped(suffixes: set[str]) -> Iterator[Path]:
    roots = ("platform/hosting", "themes", "tenants", "provisioning", "migrations")
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in suffixes and name.startswith(roots) and not is_foreign(path):
            yield path


def is_foreign(path: Path) -> bool:
    """Libraries' own files, and old sites kept as they were, injected scripts included."""
    return not {"vendor", "samples"}.isdisjoint(path.parts)


def code() -> list[Source]:
    """All that people write; revisions are written by a tool, from the models."""
    return [each for each in sources() if not is_foreign(each.path) and not is_revision(each)]


def is_revision(source: Source) -> bool:
    return source.module.startswith("migrations.schema.versions.")


def test_a_file_that_grows_beyond_its_length_becomes_a_folder() -> None:
    long = {
        str(s.path.relative_to(ROOT)): n for s in code() if (n := s.text.count("\n")) > FILE_LINES
    }

    assert long == {}


def test_functions_are_short() -> None:
    long = [
        f"{source.at(node)} {node.name}: {length} lines"
        for source in code()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]

    assert long == []


def test_there_are_no_drawers() -> None:
    drawers = [s.module for s in sources() if DRAWERS.intersection(s.module.split("."))]

    assert drawers == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        source.at(node)
        for source in code()
        if source.module not in READS_ENVIRONMENT
        for node in ast.walk(source.tree)
        if dotted(node) in {"os.environ", "os.getenv", "os.environb"}
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and imports_environ(node))
    }

    assert readers == set()


def imports_environ(node: ast.ImportFrom) -> bool:
    return any(name.name in {"environ", "getenv", "environb"} for name in node.names)


def test_only_the_edges_catch_everything() -> None:
    catchers = [
        source.at(node)
        for source in code()
        if source.module not in CATCHES_ALL
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
    ]

    assert catchers == []


def test_operations_know_no_web_and_do_not_commit() -> None:
    faults = [
        source.at(node)
        for source in code()
        if {"operations", "queries", "models"} & set(source.module.split("."))
        for node in ast.walk(source.tree)
        if imports_flask(node) or is_commit(node)
    ]

    assert faults == []


def imports_flask(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in {"flask", "werkzeug", "wtforms", "flask_wtf"}
    return isinstance(node, ast.Import) and any(n.name.startswith("flask") for n in node.names)


def is_commit(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    )


def test_pages_load_nothing_from_outside() -> None:
    loading = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in shipped(TEMPLATES)
        for match in LOADED_FROM_OUTSIDE.finditer(path.read_text(encoding="utf-8"))
    ]

    assert loading == []


def test_whatever_is_not_escaped_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in shipped(TEMPLATES | {".py"})
        for number, line, before in lines_with_the_one_before(path)
        if UNESCAPED.search(line) and not has_reason(line) and not has_reason(before)
    ]

    assert silent == []


def lines_with_the_one_before(path: Path) -> Iterator[tuple[int, str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from zip(range(1, len(lines) + 1), lines, ["", *lines], strict=False)


def has_reason(line: str) -> bool:
    return "#" in line or "//" in line
