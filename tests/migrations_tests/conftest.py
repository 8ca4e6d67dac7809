"""What tests of old sites ask for."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.mirror import Mirror
from parts.old_site import build_old_site

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """The saved mirror of a small old site."""
    return build_old_site(tmp_path / "mirror")


@pytest.fixture
def old_site(old_folder: Path) -> Site:
    """The small old site, read."""
    return read_site(Mirror(old_folder), SHANGHAI)


@pytest.fixture
def sample_site(sample: Path) -> Site:
    """The real site that the test's mark names, read."""
    return read_site(Mirror(sample), SHANGHAI)
