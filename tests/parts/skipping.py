"""Where skipping is forbidden (JIYUE_TEST_FORBID_SKIP=true), a skipped test is a failed one."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

_FORBIDDEN = "skipping is forbidden here"


def is_forbidden() -> bool:
    """Whether this run must run everything; CI says so."""
    return os.environ.get("JIYUE_TEST_FORBID_SKIP") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test into its failure; an expected failure stays what it is."""
    report = yield
    if is_forbidden() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: {_FORBIDDEN}: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    report = yield
    if is_forbidden() and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid}: {_FORBIDDEN}: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
