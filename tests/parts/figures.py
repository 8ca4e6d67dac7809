"""What the exhaustive suites tried and found, as a table that is committed.

`pytest --figures FILE` writes it when all have run; where only some of them ran, the others keep
their lines, which say when that was. A test that tries more than one thing says how many by
`record_property("tried", number)`.
"""

from __future__ import annotations

import os
import platform
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hosting.runtime.clock import today

_HEAD = """# What the exhaustive suites tried

Written by `make prove`. A line is one claim; *tried* is how many cases, or steps within them, it
was tried on, and *on* says when it was last tried, with which Python and on how many cores.

| claim | tried | failed | seconds | on |
|---|--:|--:|--:|---|
"""


@dataclass
class _Claim:
    """All cases of one test function."""

    tried: int = 0
    failed: int = 0
    seconds: float = 0.0
    names: set[str] = field(default_factory=set)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--figures FILE`."""
    parser.addoption("--figures", metavar="FILE", help="write what was tried into a table")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Write the table, in the process that has every worker's reports."""
    path = config.getoption("--figures")
    if path is None or hasattr(config, "workerinput"):
        return
    claims: dict[str, _Claim] = defaultdict(_Claim)
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            _count(claims[_words(report.nodeid)], report, is_wrong=outcome != "passed")
    today_here = _today_here()
    lines = claims_of(Path(path)) | {
        words: f"| {words} | {claim.tried} | {claim.failed} | {claim.seconds:.0f} | {today_here} |"
        for words, claim in claims.items()
    }
    table = "\n".join(lines[words] for words in sorted(lines))
    Path(path).write_text(f"{_HEAD}{table}\n", encoding="utf-8")


def claims_of(path: Path) -> dict[str, str]:
    """The lines of an earlier table by their claim."""
    if not path.is_file():
        return {}
    said = path.read_text(encoding="utf-8").partition("|---|")[2].splitlines()[1:]
    return {line.split("|")[1].strip(): line for line in said if line.startswith("|")}


def _count(claim: _Claim, report: pytest.TestReport, *, is_wrong: bool) -> None:
    claim.tried += int(str(dict(report.user_properties).get("tried", 1)))
    claim.failed += is_wrong
    claim.seconds += report.duration


def _words(nodeid: str) -> str:
    """`…::test_a_token_runs_out[x]` -> `a token runs out`."""
    name = nodeid.rpartition("::")[2].partition("[")[0]
    return name.removeprefix("test_").replace("_", " ")


def _today_here() -> str:
    return f"{today().isoformat()}, {platform.python_version()}, {os.cpu_count()}"
