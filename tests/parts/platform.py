"""A platform with two tenants, on each kind of database: one tenant alone proves no wall.

`runtime` runs on SQLite, `each_runtime` on SQLite and on PostgreSQL. `river` (a county) and `hill`
(a department) always exist, each with a main site under its own host.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hosting.directory.models import Domain, Site, Tenant
from hosting.publishing.files import Files
from hosting.publishing.manifest.signer import make_signer
from hosting.publishing.notices import write_notices
from hosting.publishing.tree import PublicFolder
from hosting.runtime.areas import load_areas
from hosting.runtime.database import database_url, open_engine
from hosting.runtime.records import Base
from hosting.runtime.runtime import Runtime
from hosting.runtime.schema import raise_walls, roles_of
from hosting.runtime.settings import Settings
from parts.postgresql import Cluster, DatabaseUrls


@dataclass(frozen=True)
class Place:
    """A tenant of the tests and its site."""

    tenant_id: int
    site_id: int
    code: str
    host: str


RIVER = Place(101, 1101, "river", "www.river.gov.cn")
HILL = Place(102, 1102, "hill", "www.hill.gov.cn")


def make_schema(settings: Settings) -> None:
    """All tables and walls, from the models (a structure test holds migrations to them)."""
    load_areas()
    engine = open_engine(settings.database_owner_url or database_url(settings))
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        raise_walls(connection, roles_of(settings))
    engine.dispose()


def settle_places(runtime: Runtime) -> None:
    """Write the two tenants."""
    with runtime.platform_session(reason="test") as session:
        for place, kind in ((RIVER, "county"), (HILL, "department")):
            names = {"river": "清河县", "hill": "市教育局"}
            session.add(
                Tenant(
                    id=place.tenant_id,
                    code=place.code,
                    name=names[place.code],
                    kind=kind,
                    state="open",
                )
            )
            session.add(
                Site(
                    tenant_id=place.tenant_id,
                    id=place.site_id,
                    name=names[place.code] + "人民政府" * (kind == "county"),
                    theme=kind,
                    main_host=place.host,
                )
            )
            session.add(
                Domain(host=place.host, for_tenant_id=place.tenant_id, site_id=place.site_id)
            )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with schema and places, copied for each test."""
    home = tmp_path_factory.mktemp("template")
    settings = Settings(home=home)
    make_schema(settings)
    runtime = Runtime.open(settings)
    settle_places(runtime)
    # The last connection to close has written the WAL into the file itself.
    runtime.close()
    return home / "jiyue.sqlite3"


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> DatabaseUrls:
    """A PostgreSQL database with schema and places, copied for each test."""
    urls = postgresql_cluster.create_database()
    settings = postgresql_settings(tmp_path_factory.mktemp("template"), urls)
    make_schema(settings)
    runtime = Runtime.open(settings)
    settle_places(runtime)
    runtime.close()
    return urls


def postgresql_settings(
    home: Path, urls: DatabaseUrls, *, redis_url: str = "", host_cache_seconds: int = 0
) -> Settings:
    """Settings for a database of the test cluster."""
    return Settings(
        home=home,
        database_url=urls.tenant,
        database_owner_url=urls.owner,
        database_platform_url=urls.platform,
        redis_url=redis_url,
        host_cache_seconds=host_cache_seconds,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A HOME as `jiyue init` leaves it, but for the database."""
    return make_home(tmp_path)


def make_home(folder: Path) -> Path:
    """The same in any folder."""
    home = folder / "home"
    for part in ("run", "public", "blobs"):
        (home / part).mkdir(parents=True)
    (home / "secret-key").write_text("a key for tests only, thirty-two bytes and more")
    make_signer(home / "signer")
    write_notices(Files(), PublicFolder(home))
    return home


@pytest.fixture
def runtime(home: Path, sqlite_template: Path) -> Iterator[Runtime]:
    """The platform on SQLite, with two tenants."""
    shutil.copy(sqlite_template, home / "jiyue.sqlite3")
    runtime = Runtime.open(Settings(home=home, host_cache_seconds=0))
    yield runtime
    runtime.close()


@pytest.fixture
def postgresql_runtime(
    home: Path, postgresql_cluster: Cluster, postgresql_template: DatabaseUrls
) -> Iterator[Runtime]:
    """The platform on PostgreSQL, with two tenants."""
    urls = postgresql_cluster.create_database(postgresql_template)
    runtime = Runtime.open(postgresql_settings(home, urls))
    yield runtime
    runtime.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_runtime(request: pytest.FixtureRequest) -> Runtime:
    """The platform on either database, with two tenants."""
    name = "runtime" if request.param == "sqlite" else "postgresql_runtime"
    runtime: Runtime = request.getfixturevalue(name)
    return runtime


@pytest.fixture
def river() -> Place:
    """A county."""
    return RIVER


@pytest.fixture
def hill() -> Place:
    """A department of the city; what must never see the county."""
    return HILL
