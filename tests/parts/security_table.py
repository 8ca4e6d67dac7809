"""What the security suites tried and what became of it, as a table by class.

`pytest --security` narrows a run to the tests of tests/proof/security.toml and prints the table
when all have run; `--security FILE` keeps it as well. A test that tries more than one input says
how many by `record_property("tried", number)`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parts.house import ROOT

LIST = ROOT / "tests" / "proof" / "security.toml"
OUTCOMES = ("refused", "neutralised")


@dataclass(frozen=True)
class SecurityClass:
    """Inputs of one kind: what must become of them, and the requirements that this proves.

    `reaches`: they get as far as the handler and are judged there; else they are stopped before.
    """

    name: str
    reaches: bool
    outcome: str
    tests: tuple[str, ...]
    asvs: tuple[str, ...]
    dengbao: tuple[str, ...]


def security_classes() -> list[SecurityClass]:
    """All that are listed."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["class"]
    return [
        SecurityClass(
            each["name"],
            each["reaches"],
            each["outcome"],
            *(tuple(each[key]) for key in ("tests", "asvs", "dengbao")),
        )
        for each in listed
    ]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--security [FILE]`."""
    parser.addoption(
        "--security", metavar="FILE", nargs="?", const="", help="the security suites, as a table"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a run for the table, only what it counts."""
    if config.getoption("--security") is None:
        return
    counted = {path for each in security_classes() for path in each.tests}
    kept = [item for item in items if item.nodeid.partition("::")[0] in counted]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table, in the process that has every worker's reports."""
    path = config.getoption("--security")
    if path is None or hasattr(config, "workerinput"):
        return
    rows = list(_rows(terminalreporter))
    terminalreporter.write_line("\n" + "\n".join(rows))
    if path:
        _keep(Path(path), rows)


def _rows(reporter: pytest.TerminalReporter) -> Iterator[str]:
    yield "| class | tried | reached the handler | refused | neutralised | failed |"
    yield "|---|--:|--:|--:|--:|--:|"
    for each in security_classes():
        tried, failed = _counted(reporter, each)
        stood = tried - failed
        reached = tried if each.reaches else 0
        refused = stood if each.outcome == "refused" else 0
        yield f"| {each.name} | {tried} | {reached} | {refused} | {stood - refused} | {failed} |"


def _counted(reporter: pytest.TerminalReporter, each: SecurityClass) -> tuple[int, int]:
    """How many inputs were tried, and in how many tests something was wrong."""
    tried = failed = 0
    for outcome in ("passed", "failed", "error"):
        for report in reporter.stats.get(outcome, []):
            if report.nodeid.partition("::")[0] in each.tests:
                tried += int(str(dict(report.user_properties).get("tried", 1)))
                failed += outcome != "passed"
    return tried, failed


def _keep(path: Path, rows: list[str]) -> None:
    """Put the table between the marks of a document."""
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("<!-- figures -->\n")
    _, _, tail = rest.partition("<!-- end of figures -->")
    marked = "<!-- figures -->\n" + "\n".join(rows) + "\n<!-- end of figures -->"
    path.write_text(head + marked + tail, encoding="utf-8")
