"""The source as a test sees it: files by room, rooms from the ground up, syntax trees."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PACKAGES = {
    "hosting": ROOT / "platform" / "hosting",
    "themes": ROOT / "themes",
    "tenants": ROOT / "tenants",
    "provisioning": ROOT / "provisioning",
    "migrations": ROOT / "migrations",
}

# From the ground up: a room knows those before it. pyproject.toml says the same of imports.
ROOMS = (
    "hosting.runtime",
    "hosting.directory",
    "hosting.console",
    "hosting.security",
    "hosting.publishing",
    "hosting.ops",
    "themes",
    "tenants.sites",
    "tenants.media",
    "tenants.content",
    "tenants.review",
    "tenants.reposts",
    "tenants.pages",
    "tenants.search",
    "tenants.exchange",
    "tenants.receipts",
    "tenants.workspace",
    "provisioning",
    "migrations.legacy",
)


@dataclass(frozen=True)
class Source:
    """One Python file of the platform."""

    path: Path
    module: str

    @cached_property
    def text(self) -> str:
        """Its text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def room(self) -> str | None:
        """The room it stands in; None for a package's own `__init__` and the schema's folder."""
        return room_of(self.module)

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as an editor opens it."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def room_of(module: str) -> str | None:
    """The room of a dotted module name."""
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), None)


def is_above(room: str, other: str) -> bool:
    """Whether `room` stands above `other`, so that `other` may not know it."""
    return ROOMS.index(room) > ROOMS.index(other)


@cache
def sources() -> tuple[Source, ...]:
    """All Python files of the platform's packages, in order of their names."""
    return tuple(
        Source(path, _module_name(package, folder, path))
        for package, folder in PACKAGES.items()
        for path in sorted(folder.rglob("*.py"))
    )


def _module_name(package: str, folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join((package, *(part for part in parts if part != "__init__")))


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, as git would take it: tracked or new, and not ignored."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = (name for name in answer.stdout.decode().split("\0") if name)
    return tuple(path for name in sorted(names) if (path := ROOT / name).is_file())


def strings(source: Source) -> list[ast.Constant]:
    """The string constants of a file that are not docstrings."""
    prose = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]


def dotted(node: ast.AST) -> str:
    """`os.environ` for that expression; empty for anything but names and attributes."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""
