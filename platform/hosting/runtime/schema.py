"""The walls that the database itself keeps, and bringing the schema up to date (law 1).

Every table with a `tenant_id` column gets them; there is no list to forget a table in.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from hosting.runtime.database import database_url, open_engine
from hosting.runtime.records import Base
from hosting.runtime.settings import Settings

_SQLITE_WALL = """
CREATE TRIGGER IF NOT EXISTS wall_{table}_{verb} BEFORE {verb} ON "{table}"
WHEN app_tenant() IS NOT -1 AND ({rows})
BEGIN SELECT RAISE(ABORT, 'tenant wall: {table}'); END
"""

_SQLITE_VERBS = {
    "insert": "NEW.tenant_id IS NOT app_tenant()",
    "update": "NEW.tenant_id IS NOT app_tenant() OR OLD.tenant_id IS NOT app_tenant()",
    "delete": "OLD.tenant_id IS NOT app_tenant()",
}

_TOLD = "nullif(current_setting('app.tenant_id', true), '')::bigint"


def upgrade(settings: Settings) -> None:
    """Bring the schema to the newest revision and raise the walls. Safe to repeat.

    Runs as the owner role; grants to the two other roles where they are different ones.
    """
    engine = open_engine(settings.database_owner_url or database_url(settings))
    with engine.begin() as connection:
        migrate(connection)
        raise_walls(connection, roles_of(settings))
    engine.dispose()


def migrate(connection: Connection) -> None:
    """Run the Alembic line of the installed `hosting.schema` on this connection."""
    config = Config()
    config.set_main_option("script_location", str(schema_folder()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def schema_folder() -> Path:
    """The folder with the Alembic environment, named by the entry point group hosting.schema."""
    (point,) = entry_points(group="hosting.schema")
    spec = find_spec(point.value)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(point.value)
    return Path(next(iter(spec.submodule_search_locations)))


def roles_of(settings: Settings) -> tuple[str, str] | None:
    """The tenant and the platform role, or None on SQLite."""
    if not settings.is_postgresql:
        return None
    tenant = make_url(settings.database_url).username
    platform = make_url(settings.database_platform_url).username
    if not tenant or not platform or tenant == platform:
        raise ValueError("the tenant role and the platform role must be two named roles")
    return tenant, platform


def raise_walls(connection: Connection, roles: tuple[str, str] | None) -> None:
    """Raise the database's own wall around every table that has a `tenant_id`. Idempotent."""
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        columns = {column["name"] for column in inspector.get_columns(table)}
        if connection.dialect.name == "sqlite":
            if "tenant_id" in columns:
                _raise_sqlite_wall(connection, table)
        elif roles is not None:
            _raise_postgresql_wall(connection, table, roles, walled="tenant_id" in columns)


def _raise_sqlite_wall(connection: Connection, table: str) -> None:
    for verb, rows in _SQLITE_VERBS.items():
        connection.execute(text(_SQLITE_WALL.format(table=table, verb=verb, rows=rows)))


def _raise_postgresql_wall(
    connection: Connection, table: str, roles: tuple[str, str], *, walled: bool
) -> None:
    tenant, platform = roles
    run = connection.exec_driver_sql
    kind = _table_kinds().get(table, "ledger")
    tenant_rights = "SELECT" if kind == "platform" else "SELECT, INSERT, UPDATE, DELETE"
    if table not in _SECRET:
        run(f'GRANT {tenant_rights} ON "{table}" TO "{tenant}"')
    run(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{platform}"')
    if not walled:
        return
    run(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    run(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    for policy, role, rows in (
        ("tenant_wall", tenant, f"tenant_id = {_TOLD}"),
        ("platform_door", platform, "true"),
    ):
        run(f'DROP POLICY IF EXISTS {policy} ON "{table}"')
        run(f'CREATE POLICY {policy} ON "{table}" TO "{role}" USING ({rows}) WITH CHECK ({rows})')


_SECRET = frozenset({"credential", "second_factor", "recovery_code", "alembic_version"})
"""Tables that the tenant role has no business with at all."""


def _table_kinds() -> dict[str, str]:
    return {
        mapper.local_table.name: mapper.class_.wall  # type: ignore[attr-defined]  # a Table
        for mapper in Base.registry.mappers
    }
