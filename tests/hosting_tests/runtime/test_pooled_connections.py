"""A connection that comes back from one tenant's session brings nothing of it to the next."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from parts.platform import HILL, RIVER
from tenants.sites.models import Column

pytestmark = pytest.mark.postgresql

LEFT_BEHIND = {
    "a setting": ("SELECT set_config('app.tenant_id', '101', false)", "app.tenant_id"),
    "the wall's switch": ("SET row_security = off", "row_security"),
    "a path": ("SET search_path = pg_catalog, public", "search_path"),
}
NAMES = "SELECT name FROM column_node"
# (what leaves something, what finds it)
TRACES = {
    "a cursor held open": (
        f"DECLARE held CURSOR WITH HOLD FOR {NAMES}",
        "SELECT name FROM pg_cursors WHERE is_holdable",
    ),
    "a prepared statement": (f"PREPARE kept AS {NAMES}", "SELECT name FROM pg_prepared_statements"),
    "a lock": (
        "SELECT pg_advisory_lock(7)",
        "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ),
    "an ear": ("LISTEN heard", "SELECT pg_listening_channels()"),
}


def raw(session: WalledSession) -> Connection:
    """What a defect of ours would have in its hands."""
    return session.connection()


def answered(session: WalledSession, query: str) -> list[Any]:
    """The first column of what raw SQL finds."""
    return list(raw(session).exec_driver_sql(query).scalars())


def backend(session: WalledSession) -> list[Any]:
    return answered(session, "SELECT pg_backend_pid()")


@pytest.mark.parametrize("trace", TRACES)
def test_nothing_that_outlives_a_transaction_outlives_its_session(
    postgresql_columns: Runtime, trace: str
) -> None:
    leave, find = TRACES[trace]
    with postgresql_columns.tenant_session(RIVER.tenant_id) as session:
        raw(session).exec_driver_sql(leave)
        first = backend(session)

    with postgresql_columns.tenant_session(HILL.tenant_id) as session:
        assert backend(session) == first
        assert answered(session, find) == []


@pytest.mark.parametrize("setting", LEFT_BEHIND)
def test_no_setting_outlives_its_session(postgresql_columns: Runtime, setting: str) -> None:
    change, name = LEFT_BEHIND[setting]
    with postgresql_columns.tenant_session(None) as session:
        before = answered(session, f"SELECT current_setting('{name}', true)")
    with postgresql_columns.tenant_session(None) as session:
        raw(session).exec_driver_sql(change)
        first = backend(session)
        assert answered(session, f"SELECT current_setting('{name}', true)") != before

    with postgresql_columns.tenant_session(None) as session:
        assert backend(session) == first
        assert answered(session, f"SELECT current_setting('{name}', true)") == before
        assert answered(session, NAMES) == []
    with postgresql_columns.tenant_session(HILL.tenant_id) as session:
        assert answered(session, NAMES) == ["hill"]


def test_a_session_that_failed_leaves_nothing_either(postgresql_columns: Runtime) -> None:
    with (
        pytest.raises(RuntimeError),
        postgresql_columns.tenant_session(RIVER.tenant_id) as session,
    ):
        raw(session).exec_driver_sql("SELECT set_config('app.tenant_id', '101', false)")
        session.commit()
        session.scalars(select(Column)).all()
        raise RuntimeError

    with postgresql_columns.tenant_session(None) as session:
        assert answered(session, NAMES) == []


def test_after_a_commit_the_session_goes_on_as_its_own_tenant(postgresql_columns: Runtime) -> None:
    with postgresql_columns.tenant_session(RIVER.tenant_id) as session:
        raw(session).exec_driver_sql("SELECT set_config('app.tenant_id', '102', true)")
        session.commit()
        assert answered(session, NAMES) == ["river"]


def test_a_database_that_was_told_otherwise_shows_a_session_nobodys_rows(
    postgresql_columns: Runtime,
) -> None:
    """One wall is down, the other stands."""
    with postgresql_columns.tenant_session(RIVER.tenant_id) as session:
        raw(session).exec_driver_sql("SELECT set_config('app.tenant_id', '102', true)")
        assert session.scalars(select(Column)).all() == []
        assert session.get(Column, (HILL.tenant_id, HILL.site_id + 5)) is None
