"""The walls that the database itself keeps, and bringing the schema up to date (law 1).

Every table gets them by its class; there is no list to forget a table in. What the class does not
grant (`records.py`) the role of tenants cannot do, and on SQLite no session but the platform's.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from hosting.runtime.areas import load_areas
from hosting.runtime.database import database_url, open_engine
from hosting.runtime.records import PLATFORM_ID, Base, Fence, LedgerRecord
from hosting.runtime.session import EVERY_TENANT
from hosting.runtime.settings import Settings

_SQLITE_WALL = """
CREATE TRIGGER wall_{table}_{verb} BEFORE {verb} ON "{table}"
WHEN app_tenant() IS NOT -1 AND ({rows})
BEGIN SELECT RAISE(ABORT, 'tenant wall: {table}'); END
"""

_SQLITE_VERBS = {
    "insert": "NEW.{owner} IS NOT {told}",
    "update": "NEW.{owner} IS NOT {told} OR OLD.{owner} IS NOT {told}",
    "delete": "OLD.{owner} IS NOT {told}",
}

_TOLD = "nullif(current_setting('app.tenant_id', true), '')::bigint"


def upgrade(settings: Settings) -> None:
    """Bring the schema to the newest revision and raise the walls. Safe to repeat.

    Runs as the owner role; grants to the two other roles where they are different ones.
    """
    load_areas()
    engine = open_engine(settings.database_owner_url or database_url(settings))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # A revision changes rows of all tenants behind walls that stand already.
            connection.info["tenant"][0] = EVERY_TENANT
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
    """Raise the database's own wall around every table of ours. Idempotent.

    A table that no class is mapped to is left to its owner.
    """
    kinds = {
        mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]  # a Table
        for mapper in Base.registry.mappers
    }
    for table in inspect(connection).get_table_names():
        if connection.dialect.name == "sqlite":
            if table in kinds:
                _raise_sqlite_wall(connection, table, kinds[table])
        elif roles is not None:
            _raise_postgresql_wall(connection, table, kinds.get(table), roles)
    for kind in kinds.values():
        if kind.fence is not None:
            _raise_fence(connection, kind.fence, roles)


def _raise_fence(connection: Connection, fence: Fence, roles: tuple[str, str] | None) -> None:
    if connection.dialect.name == "sqlite":
        for statement in fence.sqlite:
            connection.exec_driver_sql(statement)
    elif roles is not None:
        tenant, platform = (f'"{role}"' for role in roles)
        for statement in fence.postgresql:
            connection.exec_driver_sql(statement.format(tenant=tenant, platform=platform))


def _raise_sqlite_wall(connection: Connection, table: str, kind: type[Base]) -> None:
    owner, told = _owner(kind), "app_tenant()"
    if issubclass(kind, LedgerRecord):
        told = f"coalesce({told}, {PLATFORM_ID})"
    for verb, foreign in _SQLITE_VERBS.items():
        is_granted = verb.upper() in kind.tenant_rights
        rows = foreign.format(owner=owner, told=told) if is_granted else "1"
        connection.execute(text(f"DROP TRIGGER IF EXISTS wall_{table}_{verb}"))
        connection.execute(text(_SQLITE_WALL.format(table=table, verb=verb, rows=rows)))


def _raise_postgresql_wall(
    connection: Connection, table: str, kind: type[Base] | None, roles: tuple[str, str]
) -> None:
    tenant, platform = roles
    run = connection.exec_driver_sql
    run(f'REVOKE ALL ON "{table}" FROM "{tenant}", "{platform}"')
    if kind is None:
        return
    if kind.tenant_rights:
        run(f'GRANT {kind.tenant_rights} ON "{table}" TO "{tenant}"')
    run(f'GRANT {kind.platform_rights} ON "{table}" TO "{platform}"')
    if not _owner(kind):
        return
    run(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    run(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    for policy, role, seen, written in (
        ("tenant_wall", tenant, *_own_rows(kind)),
        ("platform_door", platform, "true", "true"),
    ):
        run(f'DROP POLICY IF EXISTS {policy} ON "{table}"')
        run(
            f'CREATE POLICY {policy} ON "{table}" TO "{role}" USING ({seen}) WITH CHECK ({written})'
        )


def _owner(kind: type[Base]) -> str:
    """The column that says whose a row is, or ""."""
    return {"tenant": "tenant_id", "ledger": "for_tenant_id"}.get(kind.wall, "")


def _own_rows(kind: type[Base]) -> tuple[str, str]:
    """What the tenant role sees of a table, and what it may write."""
    if not issubclass(kind, LedgerRecord):
        return (rows := f"tenant_id = {_TOLD}"), rows
    rows = f"for_tenant_id = coalesce({_TOLD}, {PLATFORM_ID})"
    return f"{rows} OR {_TOLD} IS NULL" if kind.nobody_reads_all else rows, rows
