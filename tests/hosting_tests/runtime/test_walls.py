"""No tenant, no rows: a tenant's session sees and touches its own rows alone (law 1)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from hosting.directory.models import Site, Tenant
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WallBreach, _check_loaded, insert_many
from hosting.security.models import Account
from parts.platform import Place
from parts.walled import column_of
from tenants.sites.models import Column


def test_a_foreign_row_is_not_there_by_its_key(columns: Runtime, river: Place, hill: Place) -> None:
    with columns.tenant_session(river.tenant_id, reading=True) as session:
        assert session.get(Column, (hill.tenant_id, hill.site_id + 5)) is None


@pytest.mark.parametrize(
    "statement",
    [
        lambda: update(Column).values(name="taken"),
        lambda: delete(Column),
    ],
    ids=["update", "delete"],
)
def test_bulk_writes_touch_own_rows_alone(
    columns: Runtime, river: Place, hill: Place, statement: object
) -> None:
    with columns.tenant_session(river.tenant_id) as session:
        session.execute(statement())  # type: ignore[operator]  # a factory of statements

    with columns.tenant_session(hill.tenant_id, reading=True) as session:
        assert session.scalars(select(Column.name)).all() == ["hill"]


@pytest.mark.parametrize(
    "leak",
    [
        lambda session: session.execute(text("select name from column_node")),
        # No tenant owns these, so that nothing but being bare keeps them out.
        lambda session: session.execute(select(Tenant.__table__)),
        lambda session: session.execute(select(Account.__table__.c.login)),
        lambda session: session.execute(select(Column.__table__)),
        lambda session: session.execute(insert(Column), [{"name": "x"}]),
        lambda session: session.execute(update(Column), [{"tenant_id": 1, "id": 1, "name": "x"}]),
        lambda session: session.execute(update(Column).values(tenant_id=1)),
    ],
    ids=[
        "text",
        "a table of the city",
        "accounts",
        "table",
        "bulk insert",
        "bulk update by key",
        "change of tenant",
    ],
)
def test_statements_that_walls_cannot_reach_are_refused(
    columns: Runtime, river: Place, leak: object
) -> None:
    with pytest.raises(WallBreach), columns.tenant_session(river.tenant_id) as session:
        leak(session)  # type: ignore[operator]  # a function of the session


def test_a_foreign_row_cannot_be_added(columns: Runtime, river: Place, hill: Place) -> None:
    with pytest.raises(WallBreach), columns.tenant_session(river.tenant_id) as session:
        session.add(column_of(hill, tenant_id=hill.tenant_id, id=9, path="/b/"))


def test_a_row_that_is_made_over_to_another_tenant_is_refused_before_the_database(
    columns: Runtime, river: Place, hill: Place
) -> None:
    with pytest.raises(WallBreach), columns.tenant_session(river.tenant_id) as session:
        own = session.scalars(select(Column)).one()
        own.tenant_id = hill.tenant_id
        session.flush()
    with pytest.raises(WallBreach), columns.tenant_session(river.tenant_id) as session:
        fresh = column_of(river, id=9, path="/b/")
        session.add(fresh)
        fresh.tenant_id = hill.tenant_id
        session.flush()


def test_a_foreign_row_cannot_come_in_by_the_bulk_insert(
    columns: Runtime, river: Place, hill: Place
) -> None:
    with pytest.raises(WallBreach), columns.tenant_session(river.tenant_id) as session:
        insert_many(session, Column, [{"tenant_id": hill.tenant_id, "name": "x"}])


def test_a_key_cannot_point_into_another_tenant(
    columns: Runtime, river: Place, hill: Place
) -> None:
    with pytest.raises(DatabaseError), columns.tenant_session(river.tenant_id) as session:
        session.add(column_of(river, id=9, path="/b/", parent_id=hill.site_id + 5))


RAW_WRITES = {
    "insert": (
        "INSERT INTO site (tenant_id, id, kind, locale, name, short_name, theme, main_host,"
        " site_id_code, sponsor, operator, icp_number, police_number, contact, tokens, layout)"
        " VALUES ({hill}, 7, 'main', 'en', 'x', '', '', 'x', '', '', '', '', '', '{{}}', '{{}}',"
        " '{{}}')"
    ),
    "update": "UPDATE column_node SET name = 'taken' WHERE tenant_id = {hill}",
    "giving away": "UPDATE column_node SET tenant_id = {hill} WHERE tenant_id = {river}",
    "delete": "DELETE FROM column_node WHERE tenant_id = {hill}",
}


@pytest.mark.parametrize("verb", RAW_WRITES)
def test_the_database_itself_fences_writes(
    columns: Runtime, river: Place, hill: Place, verb: str
) -> None:
    """Behind the session: what a defect of ours, or raw SQL, would meet."""
    statement = RAW_WRITES[verb].format(hill=hill.tenant_id, river=river.tenant_id)
    with columns.tenant_session(river.tenant_id) as session, suppress(DatabaseError):
        # Refused, or (on PostgreSQL) there is no such row for this tenant.
        session.connection().exec_driver_sql(statement)
        session.commit()

    with columns.platform_session(reason="test", reading=True) as session:
        rows = session.execute(select(Column.tenant_id, Column.name))
        assert {tuple(row) for row in rows} == {
            (river.tenant_id, "river"),
            (hill.tenant_id, "hill"),
        }
        assert session.scalar(select(func.count(Site.id)).where(Site.id == 7)) == 0


def test_on_postgresql_raw_reads_see_own_rows_alone(columns: Runtime, river: Place) -> None:
    with columns.tenant_session(river.tenant_id, reading=True) as session:
        connection = session.connection()
        if connection.dialect.name != "postgresql":
            return  # SQLite fences writes alone; session and lint refuse raw reads
        names = connection.exec_driver_sql("SELECT name FROM column_node").scalars().all()
        assert names == ["river"]


def test_a_reading_session_does_not_write(columns: Runtime, river: Place) -> None:
    with (
        pytest.raises(WallBreach),
        columns.tenant_session(river.tenant_id, reading=True) as session,
    ):
        session.add(column_of(river, id=9, path="/b/"))
        session.flush()


def test_a_reading_session_executes_no_write(columns: Runtime, river: Place) -> None:
    with (
        pytest.raises(WallBreach),
        columns.tenant_session(river.tenant_id, reading=True) as session,
    ):
        session.execute(update(Column).values(name="changed"))


def test_a_foreign_row_that_came_by_another_way_is_not_loaded(
    columns: Runtime, river: Place, hill: Place
) -> None:
    """The load guard, behind the criteria: no statement that we know of gets so far."""
    with columns.platform_session(reason="test", reading=True) as session:
        foreign = session.scalars(select(Column).where(Column.tenant_id == hill.tenant_id)).one()
    with columns.tenant_session(river.tenant_id, reading=True) as session:
        context = type("Context", (), {"session": session})()
        with pytest.raises(WallBreach):
            _check_loaded(foreign, context)


def test_a_platform_session_sees_all_tenants(columns: Runtime) -> None:
    with columns.platform_session(reason="test", reading=True) as session:
        assert set(session.scalars(select(Column.name))) == {"river", "hill"}
