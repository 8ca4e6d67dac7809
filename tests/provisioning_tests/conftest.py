"""What tests of provisioning share: the command line on the tests' platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from hosting.runtime.command_line import main
from hosting.runtime.runtime import Runtime


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit code, its JSON document, what it told people."""

    code: int
    data: Any
    told: str


Jiyue = Callable[..., Outcome]


@pytest.fixture
def jiyue(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Jiyue:
    """Run `jiyue … --json` in this process, on the tests' SQLite."""
    monkeypatch.setenv("JIYUE_HOME", str(runtime.settings.home))
    monkeypatch.delenv("JIYUE_DATABASE_URL", raising=False)

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--json"])
        printed = capsys.readouterr()
        data = json.loads(printed.out) if printed.out.strip() else None
        return Outcome(int(ended.value.code or 0), data, printed.err)

    return run
