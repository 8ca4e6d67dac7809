from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.edges import Bucket, Folder, Outside
from parts.newsroom import Newsroom, newsroom_runtime
from parts.platform import Place, make_home, postgresql_settings
from parts.postgresql import Cluster


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
    return make_home(in_memory)


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each_newsroom(request: pytest.FixtureRequest, home: Path, river: Place) -> Iterator[Newsroom]:
    """The county's site on either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("newsroom")
        return
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    urls = cluster.create_database(request.getfixturevalue("postgresql_template"))
    runtime = newsroom_runtime(postgresql_settings(home, urls))
    yield Newsroom(runtime, river)
    runtime.close()


@pytest.fixture
def folder_outside(in_memory: Path) -> Folder:
    """An edge on a disk, empty."""
    (in_memory / "edge").mkdir()
    return Folder(in_memory / "edge")


@pytest.fixture(params=["disk", pytest.param("s3", marks=pytest.mark.storage)])
def outside(request: pytest.FixtureRequest) -> Outside:
    """Each kind of edge, empty."""
    if request.param == "disk":
        folder: Folder = request.getfixturevalue("folder_outside")
        return folder
    url: str = request.getfixturevalue("s3_url")
    return Bucket(url.replace("?", "/gov/copies?"))
