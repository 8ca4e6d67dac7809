"""Imports run one way, each module imports alone, and Python's own `platform` stays its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from parts.house import PACKAGES, ROOMS, ROOT, sources
from parts.import_graph import first_cycle, needs_while_importing

# Alembic runs these itself, within a migration.
RUN_BY_ALEMBIC = ("migrations.schema.env", "migrations.schema.versions.")
# `python -m` runs these.
PROGRAM = ".__main__"
IMPORT_ALONE = ROOT / "tests" / "parts" / "import_alone.py"


def test_imports_run_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout


def importable() -> list[str]:
    return [
        each.module
        for each in sources()
        if not each.module.startswith(RUN_BY_ALEMBIC) and not each.module.endswith(PROGRAM)
    ]


def test_no_module_has_to_be_imported_before_another() -> None:
    assert first_cycle(needs_while_importing()) == []


def test_every_module_imports() -> None:
    program = (
        "import importlib, sys; [importlib.import_module(n) for n in sys.stdin.read().split()]"
    )

    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        input="\n".join(importable()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_each_module_imports_alone(record_property: Callable[[str, object], None]) -> None:
    record_property("tried", len(importable()))
    answer = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", str(IMPORT_ALONE), ",".join(PACKAGES)],
        input="\n".join(importable()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("folder", [ROOT, ROOT / "platform"], ids=["the root", "platform/"])
def test_the_standard_platform_module_is_pythons_own(folder: Path) -> None:
    program = "import platform, uuid, hosting; print(platform.__file__)"

    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )

    assert Path(answer.stdout.strip()).parent == Path(subprocess.__file__).parent


def test_platform_is_a_source_root_and_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_every_file_stands_in_a_room() -> None:
    homeless = [
        each.module
        for each in sources()
        if each.room is None
        and each.module not in PACKAGES
        and not each.module.startswith("migrations.schema")
    ]

    assert homeless == [], f"rooms are {', '.join(ROOMS)}"
