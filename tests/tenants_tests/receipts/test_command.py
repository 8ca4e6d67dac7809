"""`jiyue publish receipt`, as an operator runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hosting.runtime import command_line
from parts.platform import HILL
from parts.withdrawal import County

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(county: County, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("--item", "7")` -> exit code and what was printed."""
    monkeypatch.setenv("JIYUE_HOME", str(county.runtime.settings.home))

    def run_command(*arguments: str, tenant: str = county.place.code) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            command_line.main(["publish", "receipt", "--tenant", tenant, *arguments])
        code = ended.value.code
        assert isinstance(code, int)
        return code, capsys.readouterr().out

    return run_command


def test_it_tells_by_its_exit_code_whether_anything_is_left(county: County, run: Run) -> None:
    by_id = ("--item", str(county.item_id))
    assert run(*by_id)[0] == 2, "it never was withdrawn"

    county.withdraw()
    assert run(*by_id, "--json")[0] == 3
    assert "正在核查" in run(*by_id)[1]

    page = county.tree / "tzgg/index.html"
    stale = page.read_bytes()
    county.publish()
    page.write_bytes(stale)
    county.put_clock_forward(120)
    county.check()
    code, printed = run(*by_id)
    assert code == 4
    assert "仍有残留" in printed
    assert "有残留  200  栏目列表" in printed


def test_it_is_found_by_its_address_and_told_in_full(county: County, run: Run) -> None:
    county.withdraw()
    county.publish()
    county.check()

    code, printed = run("--page", f"http://{county.place.host}{county.path}", "--json")
    told: dict[str, Any] = json.loads(printed)

    assert code == 0
    assert told["state"] == "clean"
    assert told["item_id"] == str(county.item_id)
    assert told["is_whole"] is True
    assert {"kind", "host", "path", "expects", "status", "verdict"} <= told["places"][0].keys()


def test_what_is_not_named_or_another_tenants_is_the_callers_mistake(
    county: County, run: Run
) -> None:
    county.withdraw()

    assert run()[0] == 2
    assert run("--page", county.path, "--item", str(county.item_id))[0] == 2
    assert run("--page", "/art/2026/00/none.html")[0] == 2
    assert run("--item", "many")[0] == 2
    assert run("--page", county.path, tenant=HILL.code)[0] == 2
    assert run("--item", str(county.item_id), tenant=HILL.code)[0] == 2
