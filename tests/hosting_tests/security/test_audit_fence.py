"""The database holds to the trail itself: whoever acts as one of the platform's roles only adds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hosting.runtime.database import open_engine
from hosting.runtime.runtime import Runtime
from parts.old_trail import cut, faults, left, ring
from parts.platform import Place

TABLES = ("audit_entry", "audit_head", "audit_checkpoint")
COLUMNS = (
    "id, for_tenant_id, sequence, happened_at, account_id, account_name, address, action,"
    " object_kind, object_id, object_digest, result, facts, previous_hash, hash"
)


def copied(verb: str = "INSERT", **changed: str) -> str:
    """A statement that puts a copy of the county's fourth row into the trail, changed so."""
    changed = {"id": "id + 1"} | changed
    values = ", ".join(changed.get(name, name) for name in COLUMNS.split(", "))
    return (
        f"{verb} INTO audit_entry ({COLUMNS}) SELECT {values} FROM audit_entry"
        " WHERE for_tenant_id = 101 AND sequence = 4"
    )


ALIKE = (
    "UPDATE audit_entry SET account_name = 'nobody'",
    "UPDATE audit_entry SET happened_at = '2020-01-01'",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE for_tenant_id = 101 AND sequence = 4",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET sequence = 1",
    "UPDATE audit_head SET hash = 'x'",
    "UPDATE audit_head SET for_tenant_id = 999",
    "UPDATE audit_checkpoint SET entries = 0",
    "DELETE FROM audit_checkpoint",
    # A row far behind the last, and one in the place of what was pruned.
    copied(sequence="sequence + 7"),
    copied(for_tenant_id="102", sequence="1"),
)
ON_SQLITE = (
    copied("INSERT OR REPLACE", id="id", sequence="6", account_name="'nobody'"),
    copied("INSERT OR REPLACE", account_name="'nobody'"),
    "UPDATE OR REPLACE audit_entry SET sequence = 5 WHERE sequence = 4",
    "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint",
)
ON_POSTGRESQL = (
    *(f"TRUNCATE {table}" for table in TABLES),
    *(f"DROP TABLE {table} CASCADE" for table in TABLES),
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES),
    *(f"ALTER TABLE {table} RENAME TO mine" for table in TABLES),
    "DROP TRIGGER audit_entry_insert ON audit_entry",
    "DROP FUNCTION audit_entry_insert() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_head_update() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_entry EXECUTE FUNCTION audit_entry_insert()",
    "CREATE RULE mine AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
    "SET session_replication_role = 'replica'",
    "SET ROLE jiyue_owner",
    "SET SESSION AUTHORIZATION jiyue_owner",
    "ALTER FUNCTION audit_prune(bigint, integer) OWNER TO jiyue_platform",
    "CREATE TABLE public.audit_shadow (id int)",
    "COPY audit_entry FROM PROGRAM 'true'",
)

SQLITE = pytest.mark.parametrize("each_runtime", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("each_runtime", ["postgresql"], indirect=True)


@pytest.fixture
def pruned(aged: Runtime) -> Runtime:
    """A trail of which the old rows are pruned: the county's rows 4 and 5 are left."""
    cut(aged)
    return aged


def refused(url: str, statement: str) -> bool:
    """Whether the database raises, for somebody who reaches it at this address.

    What finds no row, because the wall hides them all, has done nothing either.
    """
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            connection.info.setdefault("tenant", [None])[0] = -1
            done = connection.execute(text(statement))
            return statement.startswith(("UPDATE", "DELETE")) and done.rowcount == 0
    except DBAPIError:
        return True
    finally:
        engine.dispose()
    return False


def test_nobody_changes_or_removes_what_stands_in_the_trail(pruned: Runtime, river: Place) -> None:
    settings = pruned.settings
    if settings.is_postgresql:
        urls = (settings.database_url, settings.database_platform_url)
        tried = [(url, each) for url in urls for each in (*ALIKE, *ON_POSTGRESQL)]
    else:
        url = str(pruned.database.engine.url)
        tried = [(url, each) for each in (*ALIKE, *ON_SQLITE)]

    assert [(url, each) for url, each in tried if not refused(url, each)] == []
    assert left(pruned, river.tenant_id) == [4, 5]
    assert faults(pruned) == []


@SQLITE
def test_a_head_is_neither_replaced_nor_set_back(pruned: Runtime, river: Place) -> None:
    url = str(pruned.database.engine.url)

    assert not refused(
        url,
        "INSERT OR REPLACE INTO audit_head (id, for_tenant_id, sequence, hash)"
        " SELECT id, for_tenant_id, 0, hash FROM audit_head",
    )

    assert faults(pruned) == []


@POSTGRESQL
def test_no_role_grants_itself_more(pruned: Runtime) -> None:
    settings = pruned.settings
    for url in (settings.database_url, settings.database_platform_url):
        # PostgreSQL warns that nothing was granted, and goes on.
        refused(url, "GRANT ALL ON audit_entry, audit_checkpoint TO jiyue_platform, jiyue_tenant")

        assert refused(url, "DELETE FROM audit_entry")
        assert refused(url, "DELETE FROM audit_checkpoint")


@POSTGRESQL
def test_a_tenants_role_does_not_even_read_the_trail(pruned: Runtime) -> None:
    url = pruned.settings.database_url

    assert refused(url, "SELECT * FROM audit_entry")
    assert refused(url, "SELECT * FROM audit_checkpoint")
    assert refused(url, "SELECT audit_prune(101, 10)")


@POSTGRESQL
def test_the_pruning_function_takes_nothing_that_is_young_or_uncovered(
    aged: Runtime, river: Place, at: Callable[[timedelta], None]
) -> None:
    """A forged checkpoint opens no more than rows that are older than six months."""
    url = aged.settings.database_platform_url
    at(timedelta(days=179))
    ring(aged, river.tenant_id, 6)

    assert not refused(url, "SELECT audit_prune(101, 100)")
    assert left(aged, river.tenant_id) == [1, 2, 3, 4, 5, 6]
    assert not refused(
        url,
        "INSERT INTO audit_checkpoint (id, for_tenant_id, number, through_sequence, through_hash,"
        " entries, first_at, last_at, made_at, previous_hash, hash, algorithm, key_id, signature)"
        " VALUES (1, 101, 1, 6, 'x', 6, now(), now(), now(), 'x', 'x', 'ed25519', 'x', '00')",
    )
    assert not refused(url, "SELECT audit_prune(101, 100)")

    assert left(aged, river.tenant_id) == [4, 5, 6]
    assert (river.tenant_id, 6, "checkpoint_forged") in faults(aged)


@SQLITE
def test_on_sqlite_a_forged_checkpoint_opens_nothing_young(aged: Runtime, river: Place) -> None:
    url = str(aged.database.engine.url)
    assert not refused(
        url,
        "INSERT INTO audit_checkpoint (id, for_tenant_id, number, through_sequence, through_hash,"
        " entries, first_at, last_at, made_at, previous_hash, hash, algorithm, key_id, signature)"
        " VALUES (1, 101, 1, 5, 'x', 5, '2020-01-01', '2020-01-01', '2020-01-01', 'x', 'x',"
        " 'ed25519', 'x', '00')",
    )

    assert refused(url, "DELETE FROM audit_entry WHERE for_tenant_id = 101 AND sequence = 5")
    assert not refused(url, "DELETE FROM audit_entry WHERE for_tenant_id = 101 AND sequence = 1")
    assert (river.tenant_id, 5, "checkpoint_forged") in faults(aged)
