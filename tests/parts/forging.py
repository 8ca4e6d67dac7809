"""The database in the hands of somebody who may do anything with it: its own fences are down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from hosting.runtime.database import database_url, open_engine
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

_FENCES = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master"
    " WHERE type = 'trigger' AND tbl_name LIKE 'audit%'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgname LIKE 'audit%'",
}


def owners_engine(runtime: Runtime) -> Engine:
    """The database as its owner reaches it."""
    settings = runtime.settings
    return open_engine(settings.database_owner_url or database_url(settings))


def pull_down_fences(runtime: Runtime) -> None:
    """Drop the triggers that keep the trail, and give the platform role every right."""
    engine = owners_engine(runtime)
    with engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        for name, table in connection.execute(text(_FENCES[connection.dialect.name])).all():
            place = "" if is_sqlite else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER {name}{place}"))
        if not is_sqlite:
            for table in ("audit_entry", "audit_head", "audit_checkpoint"):
                connection.execute(text(f"GRANT ALL ON {table} TO jiyue_platform"))
    engine.dispose()


@contextmanager
def forging(runtime: Runtime) -> Iterator[WalledSession]:
    """A session that may do anything with the trail; committed when the block returns."""
    pull_down_fences(runtime)
    with runtime.platform_session(reason="forging") as session:
        yield session
