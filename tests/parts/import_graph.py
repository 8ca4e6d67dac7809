"""What each module of ours needs while it is being imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from parts.house import Source, sources


def needs_while_importing() -> dict[str, set[str]]:
    """Module -> those of ours that it names at its top level, for more than types."""
    known = {source.module for source in sources()}
    return {source.module: set(_needs(source, known)) for source in sources()}


def first_cycle(graph: dict[str, set[str]]) -> list[str]:
    """A ring of modules that need each other, or none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _needs(source: Source, known: set[str]) -> Iterator[str]:
    for node in _at_import(source.tree.body):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                submodule = f"{node.module}.{name.name}"
                if submodule in known:
                    yield submodule
                elif node.module in known:
                    yield node.module


def _at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported: not those of functions, nor of types."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_for_types(node):
            continue
        yield node
        for part in ("body", "orelse", "handlers", "finalbody"):
            yield from _at_import(getattr(node, part, []))


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
