"""What a command says of a refusal: enough on a terminal, all of it in the document."""

from __future__ import annotations

import json

import pytest

from hosting.runtime import command_line
from hosting.runtime.errors import Invalid, Problem


def test_many_problems_are_counted_and_the_first_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [Problem(f"line {number}", "wrong_date", "wrong") for number in range(1, 301)]

    def refuse(*_: object, **__: object) -> None:
        raise Invalid("wrong_import_file", "nothing was taken", problems=problems)

    monkeypatch.setattr(command_line.jiyue, "main", refuse)
    with pytest.raises(SystemExit) as ended:
        command_line.main(["content", "import", "--json"])

    said, told = capsys.readouterr()
    assert ended.value.code == 2
    assert len(json.loads(said)["error"]["problems"]) == 300
    assert told.count("line ") == 20
    assert "300" in told.splitlines()[-1]
