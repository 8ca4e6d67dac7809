"""PostgreSQL's wall holds against whoever has the tenant role's connection and any SQL they like.

The session and the lint let none of this through; this is what a defect of ours would meet.
"""

from __future__ import annotations

import psycopg
import pytest

from hosting.runtime.runtime import Runtime
from parts.platform import HILL, RIVER
from parts.walled import raw_connection, tell

pytestmark = pytest.mark.postgresql

BECOMING_ANOTHER = {
    "the owner": "SET ROLE jiyue_owner",
    "the platform": "SET ROLE jiyue_platform",
    "a superuser": "SET ROLE {superuser}",
    "the owner for the session": "SET SESSION AUTHORIZATION jiyue_owner",
    "stronger": "ALTER ROLE jiyue_tenant BYPASSRLS",
    "a member": "GRANT jiyue_owner TO jiyue_tenant",
    "a maker of roles": "CREATE ROLE friend BYPASSRLS",
    "a replica, for which no key holds": "SET session_replication_role = replica",
}
TAKING_THE_WALL_DOWN = {
    "disabling it": "ALTER TABLE column_node DISABLE ROW LEVEL SECURITY",
    "not forcing it": "ALTER TABLE column_node NO FORCE ROW LEVEL SECURITY",
    "dropping the policy": "DROP POLICY tenant_wall ON column_node",
    "one policy more": "CREATE POLICY another ON column_node USING (true)",
    "emptying the table": "TRUNCATE column_node",
    "a trigger": "CREATE TRIGGER t BEFORE INSERT ON column_node EXECUTE FUNCTION now()",
    "a rule": "CREATE RULE r AS ON INSERT TO column_node DO ALSO NOTIFY heard",
}
READING_WHAT_IS_SECRET = {
    table: f"SELECT * FROM {table}"
    for table in (
        "credential",
        "second_factor",
        "recovery_code",
        "identity",
        "tenant_step",
        "tenant_turn",
        "timetable_entry",
        "pg_authid",
        "pg_largeobject",
    )
}
WRITING_WHAT_IS_NOT_THEIRS = {
    "a role for oneself": (
        "INSERT INTO membership (id, for_tenant_id, account_id, role, reason, granted_at,"
        " granted_by) VALUES (1, 101, 1, 'tenant_admin', '', now(), 0)"
    ),
    "a role's end": "UPDATE membership SET ends_at = NULL",
    "a host": "UPDATE domain SET site_id = 1101",
    "a host less": "DELETE FROM domain",
    "a tenant": "UPDATE tenant SET state = 'open'",
    "an account": "UPDATE account SET state = 'active'",
    "a sign-in": "DELETE FROM sign_in",
    "the trail": "UPDATE audit_entry SET action = ''",
    "the trail's end": "DELETE FROM audit_entry",
    "the trail's head": "DELETE FROM audit_head",
    "the ledger": "DELETE FROM job",
}
LEAVING_THINGS_ABOUT = {
    "a table": "CREATE TABLE public.left_behind (name text)",
    "a temporary table under a walled one's name": "CREATE TEMP TABLE column_node (name text)",
    "a view": "CREATE VIEW public.left_behind AS SELECT 1",
    "a materialized view": "CREATE MATERIALIZED VIEW public.left_behind AS SELECT 1",
    "a function": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a temporary function": "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a function that runs as its maker": (
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
    ),
    "a sequence": "CREATE SEQUENCE public.left_behind",
    "a schema": "CREATE SCHEMA left_behind",
    "a large object": "SELECT lo_from_bytea(0, 'secret')",
    "an empty large object": "SELECT lo_create(0)",
}
LEAVING_THE_DATABASE = {
    "another database": "CREATE EXTENSION dblink",
    "another server": "CREATE EXTENSION postgres_fdw",
    "a file as a table": "CREATE EXTENSION file_fdw",
    "a file to read": "SELECT pg_read_file('/etc/hostname')",
    "a file to write": "COPY (SELECT 1) TO '/tmp/left-behind'",
    "a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "a folder": "SELECT pg_ls_dir('.')",
    "the server's settings": "SELECT pg_reload_conf()",
    "the database's settings": "ALTER ROLE ALL SET row_security = off",
}
REFUSED = {
    f"{way}: {name}": statement
    for way, statements in {
        "becoming another": BECOMING_ANOTHER,
        "taking the wall down": TAKING_THE_WALL_DOWN,
        "reading what is secret": READING_WHAT_IS_SECRET,
        "writing what is not theirs": WRITING_WHAT_IS_NOT_THEIRS,
        "leaving things about": LEAVING_THINGS_ABOUT,
        "leaving the database": LEAVING_THE_DATABASE,
    }.items()
    for name, statement in statements.items()
}


def refusal(connection: psycopg.Connection[tuple[object, ...]], statement: str) -> str:
    """Why the database does not do it, by the class of its error; "" where it does."""
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.Error as error:
        return type(error).__name__
    return ""


# A database that has no such extension to offer refuses as well.
_NEVER = {"InsufficientPrivilege", "FeatureNotSupported", "UndefinedFile"}


def test_the_tenant_role_can_do_nothing_that_leads_around_the_wall(
    postgresql_columns: Runtime, postgresql_superuser: str
) -> None:
    url = postgresql_columns.settings.database_url
    with raw_connection(url, RIVER.tenant_id) as connection:
        answers = {
            name: refusal(connection, statement.format(superuser=postgresql_superuser))
            for name, statement in REFUSED.items()
        }

    assert {name: said for name, said in answers.items() if said not in _NEVER} == {}


def test_nor_can_the_platform_role_beyond_its_own_door(
    postgresql_columns: Runtime, postgresql_superuser: str
) -> None:
    groups = (BECOMING_ANOTHER, TAKING_THE_WALL_DOWN, LEAVING_THINGS_ABOUT, LEAVING_THE_DATABASE)
    trail = {name: WRITING_WHAT_IS_NOT_THEIRS[name] for name in ("the trail", "the trail's end")}
    with raw_connection(postgresql_columns.settings.database_platform_url) as connection:
        answers = {
            name: refusal(connection, statement.format(superuser=postgresql_superuser))
            for group in (*groups, trail)
            for name, statement in group.items()
            if name != "the platform"
        }

    assert {name: said for name, said in answers.items() if said not in _NEVER} == {}


def test_rows_are_not_read_with_the_wall_switched_off(postgresql_columns: Runtime) -> None:
    with raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection:
        connection.execute("SET row_security = off")

        assert refusal(connection, "SELECT name FROM column_node") == "InsufficientPrivilege"


def test_resetting_the_role_leads_nowhere_else(postgresql_columns: Runtime) -> None:
    with raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection:
        connection.execute("RESET ROLE")
        connection.execute("RESET SESSION AUTHORIZATION")

        assert connection.execute("SELECT session_user, current_user").fetchone() == (
            "jiyue_tenant",
            "jiyue_tenant",
        )
        assert connection.execute("SELECT name FROM column_node").fetchall() == [("river",)]


def test_a_copy_holds_own_rows_alone(postgresql_columns: Runtime) -> None:
    with raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection:
        with connection.cursor().copy("COPY column_node (name) TO STDOUT") as copied:
            assert b"".join(bytes(each) for each in copied) == b"river\n"
        for table in ("credential", "second_factor"):
            assert refusal(connection, f"COPY {table} TO STDOUT") == "InsufficientPrivilege"
        # The database takes no rows in bulk behind a policy.
        assert refusal(connection, "COPY column_node FROM STDIN") == "FeatureNotSupported"


def test_sql_in_a_functions_argument_meets_the_wall(postgresql_columns: Runtime) -> None:
    with raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection:
        row = connection.execute(
            "SELECT query_to_xml('SELECT name FROM column_node', false, false, '')::text,"
            " table_to_xml('column_node', false, false, '')::text"
        ).fetchone()
        connection.execute(
            "DO $$ BEGIN IF (SELECT count(*) FROM column_node) <> 1"
            " THEN RAISE 'seen'; END IF; END $$"
        )

    assert row is not None
    assert "river" in str(row[0])
    assert "hill" not in "".join(map(str, row))


def test_a_prepared_statement_shows_whose_turn_it_is(postgresql_columns: Runtime) -> None:
    with raw_connection(postgresql_columns.settings.database_url) as connection:
        connection.execute("PREPARE names AS SELECT name FROM column_node")
        connection.commit()
        # More often than the five times after which a plan is kept for all values.
        for place in (RIVER, HILL) * 8:
            with connection.transaction():
                tell(connection, place.tenant_id)
                assert connection.execute("EXECUTE names").fetchall() == [(place.code,)]
        assert connection.execute("EXECUTE names").fetchall() == []


def test_what_the_database_was_told_ends_with_the_transaction(postgresql_columns: Runtime) -> None:
    with raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection:
        assert connection.execute("SELECT name FROM column_node").fetchall() == [("river",)]
        connection.commit()
        assert connection.execute("SELECT name FROM column_node").fetchall() == []
        tell(connection, HILL.tenant_id)
        connection.rollback()
        assert connection.execute("SELECT name FROM column_node").fetchall() == []


def test_other_tenants_ledgers_are_closed_too(postgresql_columns: Runtime) -> None:
    for place in (RIVER, HILL):
        with postgresql_columns.tenant_session(place.tenant_id) as session:
            session.enqueue("sweep_publishing", name=f"of {place.code}")
    with raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection:
        seen = connection.execute("SELECT payload::text FROM job").fetchall()
        changed = connection.execute("UPDATE job SET lane = 'bulk'").rowcount
        foreign = refusal(
            connection,
            "INSERT INTO outbox_event (id, for_tenant_id, name, facts, state, recorded_at, try_at,"
            " attempts, last_error) VALUES (1, 102, 'x', '{}', 'new', now(), now(), 0, '')",
        )
        hosts = connection.execute("SELECT host FROM domain").fetchall()

    assert [each for each in seen if "river" not in str(each)] == []
    assert changed == len(seen) == 1
    assert foreign == "InsufficientPrivilege"
    assert hosts == [(RIVER.host,)]


def test_an_error_says_nothing_of_a_foreign_row(postgresql_columns: Runtime) -> None:
    """A foreign thing and a missing thing look the same to who asks by writing."""

    def said(statement: str) -> str:
        with (
            raw_connection(postgresql_columns.settings.database_url, RIVER.tenant_id) as connection,
            pytest.raises(psycopg.Error) as caught,
        ):
            connection.execute(statement)
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        diagnosis = caught.value.diag
        return f"{diagnosis.message_primary} {diagnosis.message_detail}"

    row = (
        "INSERT INTO column_node SELECT (jsonb_populate_record(c, jsonb_build_object({}))).*"
        " FROM column_node c"
    )
    there, missing = HILL.site_id + 5, HILL.site_id + 6
    for fact in ("'tenant_id', 102, 'id', {}", "'id', 9, 'path', '/b/', 'parent_id', {}"):
        about = [said(row.format(fact.format(asked))) for asked in (there, missing)]
        assert about[0].replace(str(there), "?") == about[1].replace(str(missing), "?")
        assert "hill" not in about[0]


def test_statistics_and_running_statements_show_no_values(
    postgresql_columns: Runtime, postgresql_superuser: str
) -> None:
    name = postgresql_columns.settings.database_url.split("@/")[1].split("?")[0]
    owner = postgresql_columns.settings.database_owner_url
    with raw_connection(owner.replace("jiyue_owner", postgresql_superuser)) as superuser:
        superuser.execute("ANALYZE")
        superuser.commit()
    url = postgresql_columns.settings.database_url
    with raw_connection(url, HILL.tenant_id) as theirs, raw_connection(url, RIVER.tenant_id) as own:
        theirs.execute("SELECT name FROM column_node WHERE name = %s", ["a word of hill"])
        running = own.execute(
            "SELECT string_agg(query, ' ') FROM pg_stat_activity WHERE datname = %s", [name]
        ).fetchone()
        known = own.execute(
            "SELECT tablename FROM pg_stats WHERE schemaname = 'public'"
            " AND tablename NOT IN ('account', 'tenant')"
        ).fetchall()

    assert running is not None
    assert "FROM column_node WHERE name = $1" in str(running[0])
    assert "a word of hill" not in str(running[0])
    assert known == []
