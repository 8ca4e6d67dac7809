from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.newsroom import Newsroom, newsroom_runtime
from parts.platform import Place


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A folder where syncing costs nothing: these tests sync thousands of times."""
    memory = Path("/dev/shm")
    folder = Path(mkdtemp(dir=memory)) if memory.is_dir() else tmp_path
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(in_memory: Path) -> Path:
    """A HOME as it is after installing."""
    home = in_memory / "home"
    for part in ("run", "public", "blobs"):
        (home / part).mkdir(parents=True)
    return home


@pytest.fixture
def press_runtime(home: Path, sqlite_template: Path) -> Iterator[Runtime]:
    """The platform on SQLite with the newsroom's page families and no others."""
    shutil.copy(sqlite_template, home / "jiyue.sqlite3")
    runtime = newsroom_runtime(Settings(home=home, host_cache_seconds=0))
    yield runtime
    runtime.close()


@pytest.fixture
def newsroom(press_runtime: Runtime, river: Place) -> Newsroom:
    """The county's site."""
    return Newsroom(press_runtime, river)


@pytest.fixture
def neighbour(press_runtime: Runtime, hill: Place) -> Newsroom:
    """Another tenant's site, which must not feel what happens to the first."""
    return Newsroom(press_runtime, hill)
