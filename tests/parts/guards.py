"""Guards switched off one at a time in a copy of the project, to see that a test misses each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from parts.house import ROOT

LIST = ROOT / "tests" / "proof" / "guards.toml"
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "build", "dist", "__pycache__", ".*_cache", "*.egg-info"
)
_SECONDS = 1_500


@dataclass(frozen=True)
class Guard:
    """What it guards, the change that switches it off, and the tests that must then fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def guards() -> list[Guard]:
    """All that are listed."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["guard"]
    return [Guard(**{**each, "tests": tuple(each["tests"])}) for each in listed]


@dataclass(frozen=True)
class Copy:
    """The project in a folder of its own, whose code its tests use."""

    root: Path

    @contextmanager
    def without(self, guard: Guard) -> Iterator[None]:
        """The guard is off while the block lasts."""
        file = self.root / guard.file
        whole = file.read_text(encoding="utf-8")
        file.write_text(whole.replace(guard.old, guard.new), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(whole, encoding="utf-8")

    def run_tests(self, paths: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run tests up to the first that fails; exit code 0: all passed, 1: one failed."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        return self._run([*command, "-m", "not prove and not browser", *paths])

    def home_of(self, package: str) -> str:
        """The file that a package is imported from here."""
        return self._run(
            [sys.executable, "-c", f"import {package}; print({package}.__file__)"]
        ).stdout

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
        path = os.pathsep.join((str(self.root / "platform"), str(self.root)))
        environment = kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


def copy_project(folder: Path) -> Copy:
    """A copy in this folder, with what the tests read beside the project."""
    root = folder / ROOT.name
    shutil.copytree(ROOT, root, symlinks=True, ignore=_LEFT_OUT)
    if (beside := ROOT.parent / "shared").is_dir():
        (folder / "shared").symlink_to(beside)
    return Copy(root)
