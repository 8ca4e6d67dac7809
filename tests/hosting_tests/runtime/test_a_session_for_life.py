"""A session stays what it was opened as: its tenant, its connection, its thread, its rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import make_transient_to_detached

from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WallBreach, WalledSession
from parts.platform import HILL, RIVER
from parts.walled import column_of
from tenants.sites.models import Column


def foreign_row(runtime: Runtime) -> Column:
    """The other tenant's row, as a platform session left it."""
    with runtime.platform_session(reason="test", reading=True) as session:
        return session.scalars(select(Column).where(Column.tenant_id == HILL.tenant_id)).one()


def names(session: WalledSession) -> list[str]:
    return list(session.scalars(select(Column.name)))


@pytest.mark.parametrize(
    ("what", "to"),
    [("tenant_id", HILL.tenant_id), ("bound_tenant_id", 102), ("told_tenant", -1), ("sees_all", 1)],
)
def test_a_session_is_bound_once(columns: Runtime, what: str, to: int) -> None:
    with columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        with pytest.raises(AttributeError):
            setattr(session, what, to)
        assert names(session) == ["river"]


def test_a_reading_session_stays_one(columns: Runtime) -> None:
    with (
        columns.tenant_session(RIVER.tenant_id, reading=True) as session,
        pytest.raises(AttributeError),
    ):
        session.reading = False  # type: ignore[misc]  # what must not be


def test_another_connection_is_not_taken(columns: Runtime) -> None:
    platform = columns.database.platform_engine.execution_options()
    with columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        session.bind = platform
        assert names(session) == ["river"]
        with pytest.raises(WallBreach):
            session.scalars(select(Column.name), bind_arguments={"bind": platform})


def test_sessions_within_each_other_see_each_their_own(columns: Runtime) -> None:
    with columns.tenant_session(RIVER.tenant_id, reading=True) as outer:
        assert names(outer) == ["river"]
        with columns.tenant_session(HILL.tenant_id, reading=True) as inner:
            assert names(inner) == ["hill"]
            with columns.tenant_session(None, reading=True) as nobody:
                assert names(nobody) == []
            assert names(outer) == ["river"]
            assert names(inner) == ["hill"]
        assert names(outer) == ["river"]


def test_a_row_stays_in_its_session(columns: Runtime) -> None:
    with (
        columns.platform_session(reason="test", reading=True) as city,
        columns.tenant_session(RIVER.tenant_id, reading=True) as session,
    ):
        own = city.scalars(select(Column).where(Column.tenant_id == RIVER.tenant_id)).one()
        with pytest.raises(InvalidRequestError):
            session.add(own)


@pytest.mark.parametrize(
    "use",
    [
        names,
        lambda session: session.get(Column, (RIVER.tenant_id, RIVER.site_id + 5)),
        lambda session: (session.add(column_of(RIVER, id=9, path="/b/")), session.flush()),
        lambda session: session.connection(),
    ],
    ids=["a statement", "a row by its key", "a flush", "a connection"],
)
def test_a_session_is_not_handed_to_another_thread(
    columns: Runtime, use: Callable[[WalledSession], Any]
) -> None:
    with columns.tenant_session(RIVER.tenant_id) as session, ThreadPoolExecutor(1) as pool:
        with pytest.raises(WallBreach):
            pool.submit(use, session).result()
        session.rollback()
        assert names(session) == ["river"]


BRINGING_IN: dict[str, Callable[[WalledSession, Column], Any]] = {
    "add": lambda session, row: session.add(row),
    "add all": lambda session, row: session.add_all([row]),
    "merge": lambda session, row: (session.merge(row), session.flush()),
    "merge without a look": lambda session, row: session.merge(row, load=False),
    "delete": lambda session, row: session.delete(row),
    "made detached": lambda session, row: session.add(_detached()),
    "refresh": lambda session, row: session.refresh(row),
}


def _detached() -> Column:
    row = column_of(HILL, tenant_id=HILL.tenant_id)
    make_transient_to_detached(row)
    return row


@pytest.mark.parametrize("way", BRINGING_IN)
def test_a_foreign_row_is_not_brought_in(columns: Runtime, way: str) -> None:
    foreign = foreign_row(columns)

    with (
        pytest.raises((WallBreach, InvalidRequestError)),
        columns.tenant_session(RIVER.tenant_id) as session,
    ):
        BRINGING_IN[way](session, foreign)

    with columns.tenant_session(HILL.tenant_id, reading=True) as session:
        assert names(session) == ["hill"]


def test_a_row_of_ones_own_comes_back_in(columns: Runtime) -> None:
    with columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        own = session.scalars(select(Column)).one()
    own.name = "renamed"

    with columns.tenant_session(RIVER.tenant_id) as session:
        session.add(own)
    with columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        assert names(session) == ["renamed"]


@pytest.mark.parametrize(
    "method", ["bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"]
)
def test_the_old_bulk_methods_are_not_there(columns: Runtime, method: str) -> None:
    with (
        columns.tenant_session(RIVER.tenant_id) as session,
        pytest.raises(WallBreach),
    ):
        getattr(session, method)(Column, [])
