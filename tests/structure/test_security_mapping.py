"""What the security suites claim to prove points to tests that there are, and so does its page."""

from __future__ import annotations

import re

import pytest

from parts.house import ROOT
from parts.security_table import OUTCOMES, SecurityClass, security_classes

CLASSES = security_classes()
PAGE = ROOT / "docs" / "security.md"
# OWASP ASVS 5.0.0 has 17 chapters; GB/T 22239-2019 8.1.4 has eleven clauses, lettered within.
ASVS = re.compile(r"(?:[1-9]|1[0-7])\.[1-9]\.(?:[1-9]|1[0-9])")
DENGBAO = re.compile(r"8\.1\.4\.(?:[1-9]|1[01])(?: [a-g])?")


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.name)
def test_a_class_points_to_tests_and_requirements(each: SecurityClass) -> None:
    missing = [path for path in each.tests if not (ROOT / path).is_file()]
    assert missing == []
    assert all("def test_" in (ROOT / path).read_text(encoding="utf-8") for path in each.tests)
    assert each.outcome in OUTCOMES
    assert each.asvs
    assert each.dengbao
    assert [item for item in each.asvs if not ASVS.fullmatch(item)] == []
    assert [item for item in each.dengbao if not DENGBAO.fullmatch(item)] == []


def test_no_test_is_counted_twice() -> None:
    paths = [path for each in CLASSES for path in each.tests]

    assert len(paths) == len(set(paths))


def test_every_security_test_is_in_a_class() -> None:
    counted = {path for each in CLASSES for path in each.tests}
    folder = ROOT / "tests" / "hosting_tests" / "security"
    # Commands are the operator's; what they do is counted where it is done.
    elsewhere = {"tests/hosting_tests/security/test_commands.py"}

    ours = {path.relative_to(ROOT).as_posix() for path in folder.glob("test_*.py")}

    assert ours - counted - elsewhere == set()


def test_the_page_names_every_class_and_what_it_proves() -> None:
    page = PAGE.read_text(encoding="utf-8")

    for each in CLASSES:
        assert each.name in page, each.name
        for item in (*each.asvs, *each.dengbao):
            assert item in page, item
