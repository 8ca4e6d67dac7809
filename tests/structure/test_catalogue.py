"""What PostgreSQL's own catalogue says of the walls, after `jiyue init` (law 1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hosting.runtime.areas import load_areas
from hosting.runtime.records import Base
from hosting.runtime.schema import upgrade
from parts.platform import postgresql_settings
from parts.postgresql import Cluster, DatabaseUrls
from parts.walled import raw_connection

pytestmark = pytest.mark.postgresql

load_areas()
KINDS: dict[str, type[Base]] = {
    mapper.local_table.description: mapper.class_  # type: ignore[attr-defined]  # a Table
    for mapper in Base.registry.mappers
}

# What keeps the trail whole runs as its owner: numbers in a row, chains that only grow, pruning
# behind a checkpoint (hosting.security.audit_fence).
TRAIL = "('audit_entry_insert', 'audit_head_update', 'audit_prune')"

# Each of these finds what must not be there.
FAULTS = {
    "a tenant's table or ledger without a wall that is forced": (
        "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE attname IN ('tenant_id', 'for_tenant_id') AND relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace"
        " AND NOT (relrowsecurity AND relforcerowsecurity)"
    ),
    "a policy that lets read or write without a condition": (
        "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"
        " AND (qual IS NULL OR with_check IS NULL)"
    ),
    "a policy for everybody": "SELECT tablename FROM pg_policies WHERE 'public' = ANY(roles)",
    "a policy of the tenant role that does not ask for the tenant": (
        "SELECT tablename FROM pg_policies WHERE 'jiyue_tenant' = ANY(roles)"
        " AND NOT (qual LIKE '%app.tenant_id%' AND with_check LIKE '%app.tenant_id%')"
    ),
    "a role that is too strong": (
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'jiyue%'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    ),
    "a role that can become another": (
        "SELECT member::regrole FROM pg_auth_members WHERE member::regrole::text LIKE 'jiyue%'"
    ),
    "a table that is not the owner's": (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tableowner <> 'jiyue_owner'"
    ),
    "a right that everybody has": (
        "SELECT relname FROM pg_class, aclexplode(relacl) AS right_"
        " WHERE relnamespace = 'public'::regnamespace AND right_.grantee = 0"
    ),
    "a reference between tenants' tables that could cross": (
        "SELECT conname FROM pg_constraint k WHERE contype = 'f' AND EXISTS (SELECT FROM"
        " pg_attribute WHERE attrelid = conrelid AND attname = 'tenant_id') AND EXISTS (SELECT FROM"
        " pg_attribute WHERE attrelid = confrelid AND attname = 'tenant_id') AND NOT EXISTS (SELECT"
        " FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]"
        " AND attname = 'tenant_id')"
    ),
    "a unique key or index of a tenant's table that does not begin with the tenant": (
        "SELECT indexrelid::regclass FROM pg_index WHERE indisunique AND EXISTS (SELECT FROM"
        " pg_attribute WHERE attrelid = indrelid AND attname = 'tenant_id') AND NOT EXISTS (SELECT"
        " FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0]"
        " AND attname = 'tenant_id')"
    ),
    "a view or materialized view, which would read as its owner": (
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')"
        " AND relnamespace = 'public'::regnamespace"
    ),
    "a function that is not the trail's own": (
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        f" AND proname NOT IN {TRAIL}"
    ),
    "a function that runs as its maker": (
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace"
        f" AND proname NOT IN {TRAIL}"
    ),
    "a function of the trail that looks elsewhere, or that tenants may call": (
        f"SELECT proname FROM pg_proc WHERE proname IN {TRAIL} AND NOT ("
        "'search_path=public, pg_temp' = ANY(proconfig) AND (prorettype = 'trigger'::regtype"
        " OR NOT has_function_privilege('jiyue_tenant', oid, 'EXECUTE')))"
    ),
    "a trigger that is not the trail's own": (
        f"SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT IN {TRAIL}"
    ),
    "a sequence, whose numbers tell of others": (
        "SELECT relname FROM pg_class WHERE relkind = 'S'"
    ),
    "an extension, that could lead to another database": (
        "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"
    ),
    "another server": "SELECT srvname FROM pg_foreign_server",
    "a large object": "SELECT oid FROM pg_largeobject_metadata",
    "statistics over several columns": "SELECT stxname FROM pg_statistic_ext",
    "something the whole world may do with the database": (
        "SELECT privilege_type FROM pg_database, aclexplode(datacl) AS right_"
        " WHERE datname = current_database() AND right_.grantee = 0"
    ),
}


@pytest.fixture
def superuser(
    tmp_path: Path, postgresql_cluster: Cluster, postgresql_database: DatabaseUrls
) -> Iterator[psycopg.Connection[Any]]:
    """A superuser at a database that was just brought up to date."""
    upgrade(postgresql_settings(tmp_path, postgresql_database))
    with postgresql_cluster.connect(postgresql_database.name) as connection:
        yield connection


def test_nothing_in_the_database_leads_around_the_walls(
    superuser: psycopg.Connection[Any],
) -> None:
    found = {fault: superuser.execute(query).fetchall() for fault, query in FAULTS.items()}

    assert {fault: rows for fault, rows in found.items() if rows} == {}


def test_the_roles_have_the_rights_that_the_classes_say(
    superuser: psycopg.Connection[Any],
) -> None:
    for role, said in (("tenant", "tenant_rights"), ("platform", "platform_rights")):
        rows = superuser.execute(
            "SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type)"
            " FROM information_schema.role_table_grants WHERE grantee = %s"
            " AND table_schema = 'public' GROUP BY table_name",
            [f"jiyue_{role}"],
        )
        declared = {
            name: ", ".join(sorted(rights.split(", ")))
            for name, kind in KINDS.items()
            if (rights := getattr(kind, said))
        }
        assert dict(rows.fetchall()) == declared


# What a tenant's connection reads although it belongs to no tenant, each with the reason.
READ_BY_ALL_TENANTS = {
    "tenant": "its own name, state and quotas, and those of whom it works with",
    "account": "names of colleagues; nothing secret stands there",
    "city_notice": "what the city puts over their sites, for all readers to see",
}


def test_what_belongs_to_no_tenant_is_closed_to_tenants_unless_there_is_a_reason() -> None:
    platform = {name for name, kind in KINDS.items() if kind.wall == "platform"}

    assert {name for name in platform if KINDS[name].tenant_rights} == READ_BY_ALL_TENANTS.keys()
    assert {KINDS[name].tenant_rights for name in READ_BY_ALL_TENANTS} == {"SELECT"}


def test_a_table_of_nobodys_class_is_closed(
    superuser: psycopg.Connection[Any], postgresql_database: DatabaseUrls
) -> None:
    for url in (postgresql_database.tenant, postgresql_database.platform):
        with raw_connection(url) as connection, pytest.raises(psycopg.Error) as caught:
            connection.execute("SELECT * FROM alembic_version")
        assert isinstance(caught.value, psycopg.errors.InsufficientPrivilege)
