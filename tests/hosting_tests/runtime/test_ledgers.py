"""Ledgers are read across tenants by the platform; a tenant's session has its own rows of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from hosting.directory.models import Domain, Tenant
from hosting.runtime.database import database_url, open_engine
from hosting.runtime.events import OutboxEvent
from hosting.runtime.jobs import Job
from hosting.runtime.records import Base
from hosting.runtime.runtime import Runtime
from hosting.runtime.schema import raise_walls, roles_of
from hosting.runtime.session import WallBreach, WalledSession, insert_many
from hosting.security.models import Account, Membership, SignIn
from parts.platform import HILL, RIVER
from parts.walled import raw_connection


@pytest.fixture
def ledgers(each_runtime: Runtime) -> Runtime:
    """A job of each tenant and one of the platform, and somebody with a role in both tenants."""
    with each_runtime.platform_session(reason="test") as session:
        session.add(Account(id=7, login="li", name="李晓芸"))
        session.flush()
        for tenant_id in (0, RIVER.tenant_id, HILL.tenant_id):
            session.add(Job(id=tenant_id + 1, for_tenant_id=tenant_id, kind="x", payload={}))
            session.add(Membership(for_tenant_id=tenant_id, account_id=7, role="editor"))
        session.add(SignIn(account_id=7, token_digest="d", console_host="console"))
    return each_runtime


def owners(session: WalledSession, kind: Any) -> list[int]:
    return sorted(session.scalars(select(kind.for_tenant_id)))


def test_each_session_has_its_own_rows_of_a_ledger(ledgers: Runtime) -> None:
    river, hill = RIVER.tenant_id, HILL.tenant_id
    with ledgers.tenant_session(river, reading=True) as session:
        assert owners(session, Job) == owners(session, Membership) == [river]
        assert owners(session, Domain) == [river]
        assert owners(session, SignIn) == []
    with ledgers.tenant_session(None, reading=True) as session:
        assert owners(session, Job) == [0]
        assert owners(session, Domain) == []
        # Who somebody is comes before the tenant they enter.
        assert owners(session, Membership) == [0, river, hill]
        assert owners(session, SignIn) == [0]
    with ledgers.platform_session(reason="test", reading=True) as session:
        assert owners(session, Job) == owners(session, Membership) == [0, river, hill]


FOREIGN: dict[str, Callable[[WalledSession], Any]] = {
    "a job": lambda s: s.add(Job(kind="x", for_tenant_id=HILL.tenant_id)),
    "the platform's job": lambda s: s.add(Job(kind="x")),
    "jobs": lambda s: insert_many(s, Job, [{"kind": "x", "for_tenant_id": HILL.tenant_id}]),
    "an event": lambda s: s.add(OutboxEvent(for_tenant_id=HILL.tenant_id, name="x")),
    "a role": lambda s: s.add(
        Membership(for_tenant_id=HILL.tenant_id, account_id=7, role="tenant_admin")
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_tenants_session_writes_no_other_ledger_row(ledgers: Runtime, what: str) -> None:
    with pytest.raises(WallBreach), ledgers.tenant_session(RIVER.tenant_id) as session:
        FOREIGN[what](session)


RAW = {
    "a job for another": (
        "INSERT INTO job (id, for_tenant_id, kind, lane, payload, state, run_at, attempts,"
        " last_error, created_at) VALUES (9, 102, 'x', 'bulk', '{}', 'waiting', '2026-01-01', 0,"
        " '', '2026-01-01')"
    ),
    "another's job": "UPDATE job SET lane = 'bulk' WHERE for_tenant_id = 102",
    "a job taken": "UPDATE job SET for_tenant_id = 101 WHERE for_tenant_id = 102",
    "a job given away": "UPDATE job SET for_tenant_id = 102 WHERE for_tenant_id = 101",
    "a job deleted": "DELETE FROM job WHERE for_tenant_id = 102",
    "a role": "UPDATE membership SET role = 'tenant_admin'",
    "a role of one's own": (
        "INSERT INTO membership (id, for_tenant_id, account_id, role, reason, granted_at,"
        " granted_by) VALUES (9, 101, 7, 'tenant_admin', '', '2026-01-01', 0)"
    ),
    "a role deleted": "DELETE FROM membership",
    "a tenant": "UPDATE tenant SET state = 'closed'",
    "an account": "UPDATE account SET state = 'disabled'",
    "a host": "UPDATE domain SET site_id = 1",
    "a sign-in": "DELETE FROM sign_in",
}


def dumped(runtime: Runtime) -> list[tuple[Any, ...]]:
    """All rows of what the tests above try to change."""
    with runtime.platform_session(reason="test", reading=True) as session:
        return [
            (kind.__name__, *row)
            for kind in (Job, Membership, Tenant, Account, Domain, SignIn)
            for row in session.execute(select(*kind.__mapper__.columns).order_by(kind.id))
        ]


@pytest.mark.parametrize("what", RAW)
@pytest.mark.parametrize("tenant_id", [RIVER.tenant_id, None], ids=["a tenant", "nobody"])
def test_the_database_itself_fences_ledgers_and_the_platforms_tables(
    ledgers: Runtime, what: str, tenant_id: int | None
) -> None:
    """Behind the session: refused, or there are no such rows."""
    before = dumped(ledgers)
    with ledgers.tenant_session(tenant_id) as session, suppress(DatabaseError):
        session.connection().exec_driver_sql(RAW[what])
        session.commit()

    assert dumped(ledgers) == before


@pytest.mark.postgresql
def test_rights_that_a_class_no_longer_says_are_taken_back(postgresql_runtime: Runtime) -> None:
    """An installation that was brought up to date when all ledgers were open to the role."""
    settings = postgresql_runtime.settings
    with raw_connection(settings.database_owner_url) as owner:
        owner.execute("GRANT ALL ON membership, tenant_step, audit_entry TO jiyue_tenant")
        owner.commit()
        engine = open_engine(settings.database_owner_url or database_url(settings))
        with engine.begin() as connection:
            raise_walls(connection, roles_of(settings))
        engine.dispose()
        rows = owner.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'jiyue_tenant'"
            " AND table_name IN ('membership', 'tenant_step', 'audit_entry')"
        ).fetchall()

    assert sorted(rows) == [
        ("audit_entry", "INSERT"),
        ("membership", "SELECT"),
    ]


def test_raising_the_walls_again_changes_nothing(ledgers: Runtime) -> None:
    settings = ledgers.settings
    engine = open_engine(settings.database_owner_url or database_url(settings))
    with engine.begin() as connection:
        raise_walls(connection, roles_of(settings))
        raise_walls(connection, roles_of(settings))
    engine.dispose()

    assert "job" in Base.metadata.tables
    with ledgers.tenant_session(RIVER.tenant_id, reading=True) as session:
        assert owners(session, Job) == [RIVER.tenant_id]
