"""Each guard of the platform is missed by a test when it is switched off (mutants)."""

from __future__ import annotations

import pytest

from parts.guards import Copy, Guard, copy_project, guards
from parts.house import ROOT

GUARDS = guards()


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """One copy of the project for each worker of the run."""
    return copy_project(tmp_path_factory.mktemp("guards"))


def test_at_least_forty_guards_are_listed_each_once() -> None:
    assert len(GUARDS) >= 40
    assert len({each.name for each in GUARDS}) == len(GUARDS)
    assert len({(each.file, each.old) for each in GUARDS}) == len(GUARDS)


def is_there(test: str) -> bool:
    """Whether there is such a file or folder, and in it the test that is named."""
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.exists() and (not name or f"\ndef {name}(" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_listed_guard_stands_where_it_is_said_to_stand(guard: Guard) -> None:
    assert (ROOT / guard.file).read_text(encoding="utf-8").count(guard.old) == 1
    assert guard.new != guard.old
    assert all(is_there(each) for each in guard.tests)


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_the_copys_own_code_passes_its_tests(copy: Copy) -> None:
    assert copy.home_of("hosting").startswith(str(copy.root))

    answer = copy.run_tests(sorted({path for guard in GUARDS for path in guard.tests}))

    assert answer.returncode == 0, answer.stdout[-4000:]


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_that_is_off_is_missed(copy: Copy, guard: Guard) -> None:
    with copy.without(guard):
        answer = copy.run_tests(guard.tests)

    assert answer.returncode == 1, answer.stdout[-4000:]
