"""A test that lacks something says what to install; where skipping is forbidden it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parts.house import ROOT
from parts.programs import program

LACKING = """
import pytest
from parts.programs import program

def test_that_lacks_a_server():
    program("no-such-server", package="no-such-package")

@pytest.mark.sample("no/such/sample")
def test_of_material_that_is_not_here():
    raise AssertionError("there is nothing to test")

def test_that_lacks_nothing():
    assert True
"""


def closing_line(folder: Path, *, forbidden: bool) -> str:
    (folder / "test_lacking.py").write_text(LACKING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", str(folder), "--rootdir", str(folder)]
    command += ["-p", "parts.skipping", "-p", "parts.samples", "-p", "no:cacheprovider"]
    environment = {
        **os.environ,
        "JIYUE_TEST_FORBID_SKIP": str(forbidden).lower(),
        "PYTHONPATH": str(ROOT / "tests"),
    }
    answer = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return answer.stdout.splitlines()[-1]


def test_a_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"no-such-server .* no-such-package"):
        program("no-such-server", package="no-such-package")


def test_what_lacks_a_program_is_skipped(tmp_path: Path) -> None:
    assert "1 passed, 1 skipped, 1 deselected" in closing_line(tmp_path, forbidden=False)


def test_a_skip_is_a_failure_where_skipping_is_forbidden(tmp_path: Path) -> None:
    assert "1 failed, 1 passed, 1 deselected" in closing_line(tmp_path, forbidden=True)
