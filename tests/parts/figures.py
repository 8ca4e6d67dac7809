"""What the exhaustive suites tried and found, as a table that is committed.

`pytest --figures FILE` writes it when all have run. A test that tries more than one thing says how
many by `record_property("tried", number)`.
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

Written by `make prove` on {day}, with Python {python} on {cores} cores. A line is one claim;
*tried* is how many cases, or steps within them, it was tried on.

| claim | tried | failed | seconds |
|---|--:|--:|--:|
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
    lines = [
        f"| {words} | {claim.tried} | {claim.failed} | {claim.seconds:.0f} |\n"
        for words, claim in sorted(claims.items())
    ]
    Path(path).write_text(_head() + "".join(lines), encoding="utf-8")


def _count(claim: _Claim, report: pytest.TestReport, *, is_wrong: bool) -> None:
    claim.tried += int(str(dict(report.user_properties).get("tried", 1)))
    claim.failed += is_wrong
    claim.seconds += report.duration


def _words(nodeid: str) -> str:
    """`…::test_a_token_runs_out[x]` -> `a token runs out`."""
    name = nodeid.rpartition("::")[2].partition("[")[0]
    return name.removeprefix("test_").replace("_", " ")


def _head() -> str:
    return _HEAD.format(
        day=today().isoformat(), python=platform.python_version(), cores=os.cpu_count()
    )
