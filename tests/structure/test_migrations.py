"""One Alembic line, whose end equals the models, with the database's own walls raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from hosting.runtime.areas import load_areas
from hosting.runtime.database import database_url, open_engine
from hosting.runtime.records import Base
from hosting.runtime.schema import schema_folder, upgrade
from hosting.runtime.settings import Settings
from parts.postgresql import DatabaseUrls

load_areas()
KINDS: dict[str, type[Base]] = {
    mapper.local_table.description: mapper.class_  # type: ignore[attr-defined]  # a Table
    for mapper in Base.registry.mappers
}
WALLED = {name for name, kind in KINDS.items() if kind.wall in {"tenant", "ledger"}}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for an empty database of either kind."""
    if request.param == "sqlite":
        return Settings(home=tmp_path)
    urls: DatabaseUrls = request.getfixturevalue("postgresql_database")
    return Settings(
        home=tmp_path,
        database_url=urls.tenant,
        database_owner_url=urls.owner,
        database_platform_url=urls.platform,
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The database after `jiyue init` has brought it up to date."""
    upgrade(settings)
    engine = open_engine(settings.database_owner_url or database_url(settings))
    yield engine
    engine.dispose()


def script() -> ScriptDirectory:
    return ScriptDirectory(str(schema_folder()))


def test_the_line_has_one_end() -> None:
    assert len(script().get_heads()) == 1


def test_revisions_are_numbered_in_their_order() -> None:
    line = [Path(each.path).name for each in reversed(list(script().walk_revisions()))]

    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in line), line
    assert line == sorted(line)


def test_a_revision_knows_no_model_that_may_change_after_it() -> None:
    importing = [
        f"{Path(each.path).name}: {node.module}"
        for each in script().walk_revisions()
        for node in ast.walk(ast.parse(Path(each.path).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and is_model(node.module or "")
    ]

    assert importing == []


def is_model(module: str) -> bool:
    return module.endswith((".models", ".events", ".jobs")) or ".models." in module


def test_the_migrations_end_where_the_models_are(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_bringing_the_schema_up_to_date_twice_changes_nothing(
    engine: Engine, settings: Settings
) -> None:
    upgrade(settings)

    with engine.connect() as connection:
        assert walled_tables(connection) >= WALLED


def test_the_database_itself_walls_every_tenants_table_and_every_ledger(engine: Engine) -> None:
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        assert walled_tables(connection) == (KINDS.keys() if is_sqlite else WALLED)


def walled_tables(connection: Connection) -> set[str]:
    """Tables fenced against inserts, updates and deletes of what is another's.

    SQLite has no rights to grant, so there the platform's own tables have the fence as well.
    """
    if connection.dialect.name == "sqlite":
        return sqlite_walls(connection)
    rows = connection.exec_driver_sql(
        "SELECT relname FROM pg_class JOIN pg_policies ON tablename = relname"
        " WHERE relrowsecurity AND relforcerowsecurity"
        " AND 'jiyue_tenant' = ANY(roles) AND qual LIKE '%%app.tenant_id%%'"
        " AND with_check LIKE '%%app.tenant_id%%'"
    )
    return {row[0] for row in rows}


def sqlite_walls(connection: Connection) -> set[str]:
    rows = connection.exec_driver_sql(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%app_tenant()%'"
        " GROUP BY tbl_name HAVING count(*) = 3"
    )
    return {row[0] for row in rows}
