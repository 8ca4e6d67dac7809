"""What the tests of receipts share."""

from __future__ import annotations

import pytest

from hosting.runtime.runtime import Runtime
from parts.platform import Place
from parts.withdrawal import County


@pytest.fixture
def county(runtime: Runtime, river: Place, monkeypatch: pytest.MonkeyPatch) -> County:
    """A county's site with an item wherever an item can stand."""
    opened = County(runtime, river, monkeypatch)
    opened.open()
    return opened
