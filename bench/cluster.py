"""A PostgreSQL cluster of its own for a benchmark: throw-away, on a UNIX socket, with our roles."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.stage import until

SCRIPTS = Path(__file__).resolve().parents[1] / "platform" / "deploy" / "postgresql"
_DATABASE = "jiyue"


class Cluster:
    """A running cluster with one database."""

    def __init__(self, folder: Path, superuser: str) -> None:
        self.folder = folder
        self.superuser = superuser

    def url(self, role: str) -> str:
        """The database as a role reaches it (a SQLAlchemy address)."""
        return f"postgresql+psycopg://{role}@/{_DATABASE}?host={self.folder}"

    def run(self, statement: str | bytes, database: str = _DATABASE) -> None:
        """Run SQL as the superuser."""
        with self.connect(database) as connection:
            connection.execute(statement.encode() if isinstance(statement, str) else statement)

    def connect(self, database: str) -> psycopg.Connection:
        """A superuser's connection, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.folder), user=self.superuser, dbname=database, autocommit=True
        )

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def programs() -> Path | None:
    """The folder of the newest server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def cluster(folder_of_programs: Path) -> Iterator[Cluster]:
    """A cluster while the block lasts, its database empty but for the roles' rights."""
    # PostgreSQL refuses to run as root; Debian has an account for it.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="jiyue-pg-"))
    if user:
        shutil.chown(folder, user, user)
    as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": [] if user else None}
    data = str(folder / "data")
    initdb = [str(folder_of_programs / "initdb"), "-D", data, "--auth=trust", "-E", "UTF8"]
    server = [str(folder_of_programs / "postgres"), "-D", data, "-k", str(folder)]
    server += ["-c", "listen_addresses=", "-c", "shared_buffers=512MB", "-c", "fsync=off"]
    quiet = subprocess.DEVNULL
    subprocess.run([*initdb, "--locale=C"], check=True, stdout=quiet, **as_user)
    process = subprocess.Popen(server, stdout=quiet, stderr=quiet, **as_user)
    try:
        made = Cluster(folder, user or getpass.getuser())
        until(made.is_ready)
        made.run((SCRIPTS / "roles.sql").read_bytes(), "postgres")
        made.run(f"CREATE DATABASE {_DATABASE} OWNER jiyue_owner", "postgres")
        made.run((SCRIPTS / "database.sql").read_bytes())
        yield made
    finally:
        # Its fast way to shut down: it ends connections instead of waiting for them.
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)
