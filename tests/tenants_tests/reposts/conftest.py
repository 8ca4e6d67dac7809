"""What the tests of reposts share."""

from __future__ import annotations

import pytest

from hosting.runtime.runtime import Runtime
from parts.platform import Place
from parts.reposting import TwoSites, two_sites


@pytest.fixture
def sites(
    each_runtime: Runtime, river: Place, hill: Place, monkeypatch: pytest.MonkeyPatch
) -> TwoSites:
    """A county that publishes and a department that carries, on either database."""
    return two_sites(each_runtime, river, hill, monkeypatch)


@pytest.fixture
def embedded(
    runtime: Runtime, river: Place, hill: Place, monkeypatch: pytest.MonkeyPatch
) -> TwoSites:
    """The same on SQLite, where it is not about SQL."""
    return two_sites(runtime, river, hill, monkeypatch)
