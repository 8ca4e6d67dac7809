"""The platform refuses to serve with a role of the database that could walk around the walls."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hosting.directory.models import Site
from hosting.ops.commands import worker
from hosting.runtime.database import Database
from hosting.runtime.errors import Unavailable
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WallBreach
from hosting.runtime.settings import Settings
from parts.platform import RIVER
from parts.postgresql import Cluster

pytestmark = pytest.mark.postgresql

STRONG = {
    "superuser": "ALTER ROLE {role} SUPERUSER",
    "bypassrls": "ALTER ROLE {role} BYPASSRLS",
    "createrole": "ALTER ROLE {role} CREATEROLE",
    "owner": "GRANT jiyue_owner TO {role}",
    "predefined": "GRANT pg_read_all_data TO {role}",
    "platform": "GRANT jiyue_platform TO {role}",
}


@pytest.fixture
def spare_role(
    postgresql_cluster: Cluster, postgresql_runtime: Runtime
) -> Iterator[tuple[psycopg.Connection[tuple[object, ...]], Settings]]:
    """A role with no rights at all as the tenant role, and who may give it some."""
    settings = postgresql_runtime.settings
    url = settings.database_url.replace("jiyue_tenant", "jiyue_spare")
    with postgresql_cluster.connect() as superuser:
        superuser.execute("DROP ROLE IF EXISTS jiyue_spare")
        superuser.execute("CREATE ROLE jiyue_spare LOGIN")
        database = url.split("@/")[1].split("?")[0]
        superuser.execute(f"GRANT CONNECT ON DATABASE {database} TO jiyue_spare")  # type: ignore[call-overload]  # our own name
        yield superuser, replace(settings, database_url=url)
        superuser.execute(f"REVOKE CONNECT ON DATABASE {database} FROM jiyue_spare")  # type: ignore[call-overload]  # our own name
        superuser.execute("DROP ROLE jiyue_spare")


@pytest.mark.parametrize("power", STRONG)
def test_a_role_that_is_too_strong_serves_nobody(
    spare_role: tuple[psycopg.Connection[tuple[object, ...]], Settings], power: str
) -> None:
    superuser, settings = spare_role
    superuser.execute(STRONG[power].format(role="jiyue_spare"))  # type: ignore[arg-type]  # one of ours
    database = Database(settings)

    with pytest.raises(Unavailable) as refused:
        database.check()
    with (
        pytest.raises(Unavailable),
        database.tenant_session(RIVER.tenant_id, reading=True) as session,
    ):
        session.scalars(select(Site)).all()

    assert refused.value.code == f"database_role_{power}"
    assert refused.value.facts == {"role": "jiyue_spare"}
    database.close()


@pytest.mark.parametrize("role", ["database_owner_url", "database_platform_url"])
def test_neither_owner_nor_platform_serves_tenants(postgresql_runtime: Runtime, role: str) -> None:
    settings = postgresql_runtime.settings
    database = Database(replace(settings, database_url=getattr(settings, role)))

    with pytest.raises(Unavailable):
        database.check()
    database.close()


def test_the_owner_does_not_serve_the_city_either(postgresql_runtime: Runtime) -> None:
    settings = postgresql_runtime.settings
    database = Database(replace(settings, database_platform_url=settings.database_owner_url))

    with pytest.raises(Unavailable):
        database.check()
    database.close()


def test_the_three_roles_as_they_are_made_may_serve(postgresql_runtime: Runtime) -> None:
    postgresql_runtime.database.check()


def test_the_worker_does_not_start_with_such_a_role(
    postgresql_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = postgresql_runtime.settings
    owner = replace(settings, database_url=settings.database_owner_url)
    monkeypatch.setattr("hosting.runtime.command_line.read_settings", lambda: owner)

    ended = CliRunner().invoke(worker)

    assert isinstance(ended.exception, Unavailable)
    assert ended.exception.exit_code == 3


def test_a_platform_session_says_why(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, logger="hosting.runtime.database"),
        runtime.platform_session(reason="an audit of hosts", reading=True),
    ):
        pass

    assert "an audit of hosts" in caplog.text
    for empty in ("", "  \n"):
        with pytest.raises(WallBreach), runtime.platform_session(reason=empty):
            pass


@pytest.mark.parametrize("tenant_id", [0, -1])
def test_what_stands_for_all_or_for_the_platform_is_no_tenant(
    runtime: Runtime, tenant_id: int
) -> None:
    with pytest.raises(WallBreach), runtime.tenant_session(tenant_id):
        pass


def test_a_refusal_can_be_told_as_json(postgresql_runtime: Runtime) -> None:
    settings = postgresql_runtime.settings
    database = Database(replace(settings, database_url=settings.database_owner_url))

    with pytest.raises(Unavailable) as refused:
        database.check()

    assert json.dumps(refused.value.facts) == '{"role": "jiyue_owner"}'
    database.close()
