"""A throw-away PostgreSQL cluster: own data folder, UNIX socket only, nothing of the machine's."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from parts.programs import program, running

SCRIPTS = Path(__file__).resolve().parents[2] / "platform" / "deploy" / "postgresql"
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
# Nothing survives the run, so nothing has to survive a crash.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


@dataclass(frozen=True)
class DatabaseUrls:
    """One database, as the platform's three roles reach it (SQLAlchemy addresses)."""

    name: str
    owner: str
    tenant: str
    platform: str

    @property
    def environment(self) -> dict[str, str]:
        """The same as settings."""
        return {
            "JIYUE_DATABASE_URL": self.tenant,
            "JIYUE_DATABASE_OWNER_URL": self.owner,
            "JIYUE_DATABASE_PLATFORM_URL": self.platform,
        }


class Cluster:
    """A running cluster, and databases in it."""

    def __init__(self, socket_folder: Path, superuser: str) -> None:
        self.socket_folder = socket_folder
        self.superuser = superuser
        self._numbers = count(1)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.socket_folder), user=self.superuser, dbname=database, autocommit=True
        )

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def run_script(self, path: Path, database: str = "postgres") -> None:
        """Run a file of plain SQL as the superuser."""
        with self.connect(database) as connection:
            connection.execute(path.read_bytes())

    def create_database(self, template: DatabaseUrls | None = None) -> DatabaseUrls:
        """A new database with the roles' rights; of a template, with all that it holds."""
        name = f"jiyue_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} OWNER jiyue_owner TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template.name if template else "template0")
        )
        with self.connect() as connection:
            connection.execute(statement)
        # The rights of a database itself are not copied with a template.
        self.run_script(SCRIPTS / "database.sql", name)
        return self._urls(name)

    def drop_database(self, database: DatabaseUrls) -> None:
        """Drop it, whoever is still connected."""
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database.name))
        with self.connect() as connection:
            connection.execute(statement)

    def _urls(self, name: str) -> DatabaseUrls:
        def url(role: str) -> str:
            return f"postgresql+psycopg://{role}@/{name}?host={self.socket_folder}"

        return DatabaseUrls(name, url("jiyue_owner"), url("jiyue_tenant"), url("jiyue_platform"))


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it Debian's account for it."""
    return "postgres" if os.geteuid() == 0 else None


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """One cluster for each worker of the run, with the platform's three roles in it."""
    with new_cluster() as switch, switch.on():
        yield switch.cluster


@contextmanager
def new_cluster() -> Iterator[ClusterSwitch]:
    """A cluster of one's own, switched off; gone with the block."""
    initdb = program("initdb", package="postgresql", folders=_FOLDERS)
    server = program("postgres", package="postgresql", folders=_FOLDERS)
    user = _server_user()
    # Not pytest's folder: a UNIX socket's path is at most 107 bytes, and root's is closed.
    folder = Path(tempfile.mkdtemp(prefix="jiyue-pg-"))
    try:
        if user:
            shutil.chown(folder, user, user)
        _make_data_folder(initdb, folder / "data", user)
        yield ClusterSwitch(Cluster(folder, user or getpass.getuser()), server, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class ClusterSwitch:
    """A cluster that can be stopped and started again with all that is in it."""

    cluster: Cluster
    server: str
    user: str | None

    @contextmanager
    def on(self) -> Iterator[None]:
        """Run it while the block lasts, with the platform's three roles; then end it at once."""
        folder = self.cluster.socket_folder
        command = [self.server, "-D", str(folder / "data"), "-k", str(folder)]
        options = ("listen_addresses=", *_CARELESS)
        command += [word for option in options for word in ("-c", option)]
        with running(
            command, ready=self.cluster.is_ready, log=folder / "log", user=self.user
        ) as process:
            self.cluster.run_script(SCRIPTS / "roles.sql")
            try:
                yield
            finally:
                # Its fast way to shut down: it ends connections instead of waiting for them.
                process.send_signal(signal.SIGINT)
                process.wait(30)


@pytest.fixture
def postgresql_superuser(postgresql_cluster: Cluster) -> str:
    """The name of the cluster's superuser."""
    return postgresql_cluster.superuser


def _make_data_folder(initdb: str, folder: Path, user: str | None) -> None:
    subprocess.run(
        [initdb, "-D", str(folder), "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        check=True,
        capture_output=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


@pytest.fixture
def postgresql_database(postgresql_cluster: Cluster) -> Iterator[DatabaseUrls]:
    """An empty database of the test's own."""
    database = postgresql_cluster.create_database()
    yield database
    postgresql_cluster.drop_database(database)
