"""`jiyue legacy …`, as an operator runs it: what it says, and what it exits with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hosting.runtime.command_line import main
from hosting.runtime.runtime import Runtime
from parts.old_site import ARTICLES
from parts.platform import Place

Legacy = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def legacy(
    runtime: Runtime,
    river: Place,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Legacy:
    """`legacy("check", "old")` -> exit code, what stdout says (JSON where asked), what stderr."""
    monkeypatch.setenv("JIYUE_HOME", str(runtime.settings.home))
    monkeypatch.delenv("JIYUE_DATABASE_URL", raising=False)

    def run(*arguments: str) -> tuple[int, Any, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["legacy", *arguments])
        printed = capsys.readouterr()
        as_json = "--json" in arguments and printed.out.strip()
        said = json.loads(printed.out) if as_json else printed.out
        return int(ended.value.code or 0), said, printed.err

    return run


def plan(legacy: Legacy, folder: Path, *more: str) -> tuple[int, Any, str]:
    return legacy("plan", str(folder), "--tenant", "river", "--name", "old", *more)


def test_a_plan_lists_every_page_with_its_kind_and_every_finding(
    legacy: Legacy, old_folder: Path
) -> None:
    code, said, _ = plan(legacy, old_folder, "--json")

    kinds = [page["kind"] for page in said["pages"]]
    files = sum(1 for path in old_folder.rglob("*") if path.is_file())
    assert code == 0
    assert kinds.count("article") == len(ARTICLES)
    assert len(said["pages"]) + len(said["files"]) == said["account"]["found"] == files
    assert all(one["name"] and one["advice"] and one["pages"] for one in said["findings"])


def test_a_plan_is_told_to_people_in_tables(legacy: Legacy, old_folder: Path) -> None:
    code, said, _ = plan(legacy, old_folder)

    assert code == 0
    assert "注入的外站脚本" in said
    assert "通知公告" in said


def test_a_check_that_finds_something_exits_with_four(legacy: Legacy, old_folder: Path) -> None:
    (old_folder / "stray.html").write_text("<html><body>?</body></html>")
    plan(legacy, old_folder)

    code, said, _ = legacy("check", "old", "--json")

    assert code == 4
    assert any(one["blocking"] for one in said["problems"])


def test_a_run_waits_for_a_decision_on_the_unknown(legacy: Legacy, old_folder: Path) -> None:
    (old_folder / "stray.html").write_text("<html><body>?</body></html>")
    plan(legacy, old_folder)

    refused = legacy("run", "old", "--json")
    told = legacy("run", "old", "--unknown", "drop", "--json")

    assert refused[0] == 2
    assert "/stray.html" in refused[2]
    assert told[0] == 0
    assert told[1]["adds_up"]


def test_a_move_goes_by_its_name_through_all_steps(legacy: Legacy, old_folder: Path) -> None:
    plan(legacy, old_folder)
    codes = [legacy(*step.split())[0] for step in ("run old", "verify old", "certificate old")]

    undone = legacy("undo", "old")
    one_person = legacy("cutover", "old", "--proposed-by", "a", "--by", "a")

    assert codes == [0, 0, 0]
    assert undone[0] == 0
    assert one_person[0] == 2


@pytest.mark.parametrize("step", ["check", "run", "verify", "certificate", "undo"])
def test_a_name_that_nobody_gave_is_the_callers_mistake(legacy: Legacy, step: str) -> None:
    assert legacy(step, "nothing")[0] == 2


def test_a_source_that_is_no_folder_is_the_callers_mistake(legacy: Legacy, tmp_path: Path) -> None:
    assert plan(legacy, tmp_path / "none")[0] == 2
