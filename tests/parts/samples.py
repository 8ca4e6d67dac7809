"""Real material that lies beside the project and not in it: tests of it run where it is.

`@pytest.mark.sample("sites/gxpopss_cn")` names a folder or file of it. Where that is missing the
test is left out rather than skipped: it is nobody's fault, and no installation brings it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "samples"


def samples_root() -> Path:
    """The folder of the samples: JIYUE_TEST_SAMPLES, or the one beside the checkout."""
    return Path(os.environ.get("JIYUE_TEST_SAMPLES", _BESIDE))


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "sample(path): needs this sample from beside the project")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has no material."""
    absent = [item for item in items if not _has_material(item)]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


def _has_material(item: pytest.Item) -> bool:
    return all((samples_root() / mark.args[0]).exists() for mark in item.iter_markers("sample"))


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> Path:
    """The path that the test's own `sample` mark names."""
    mark = request.node.get_closest_marker("sample")
    return samples_root() / str(mark.args[0])
