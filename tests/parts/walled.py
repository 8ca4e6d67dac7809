"""Rows behind the wall: each tenant has one column, called as the tenant's code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from hosting.runtime.runtime import Runtime
from parts.platform import HILL, RIVER, Place
from tenants.sites.models import Column


def column_of(place: Place, **facts: Any) -> Column:
    """A tenant's column, not yet in a session."""
    facts = {"id": place.site_id + 5, "name": place.code, "slug": "a", "path": "/a/"} | facts
    return Column(site_id=place.site_id, **facts)


@pytest.fixture
def columns(each_runtime: Runtime) -> Runtime:
    """Both tenants' columns, on each database."""
    return _with_columns(each_runtime)


@pytest.fixture
def postgresql_columns(postgresql_runtime: Runtime) -> Runtime:
    """Both tenants' columns, on PostgreSQL."""
    return _with_columns(postgresql_runtime)


def _with_columns(runtime: Runtime) -> Runtime:
    for place in (RIVER, HILL):
        with runtime.tenant_session(place.tenant_id) as session:
            session.add(column_of(place))
    return runtime


@contextmanager
def raw_connection(url: str, tenant_id: int | None = None) -> Iterator[psycopg.Connection[Any]]:
    """Raw SQL as one of the platform's roles, as what got past the session runs it; rolled back."""
    address = make_url(url)
    connection = psycopg.connect(
        host=str(address.query["host"]), user=address.username, dbname=address.database
    )
    try:
        if tenant_id is not None:
            tell(connection, tenant_id)
        yield connection
    finally:
        connection.close()


def tell(connection: psycopg.Connection[Any], tenant_id: int, *, for_good: bool = False) -> None:
    """Say whose transaction this is, as a session does; `for_good`: as none ever should."""
    connection.execute("SELECT set_config('app.tenant_id', %s, %s)", [str(tenant_id), not for_good])
