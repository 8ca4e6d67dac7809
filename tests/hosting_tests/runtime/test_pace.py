"""Bulk work on SQLite rests while somebody waits for a turn, and for nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from parts.platform import Place


@pytest.fixture
def person(runtime: Runtime) -> Iterator[Runtime]:
    """Another process's connections, as far as SQLite can tell."""
    other = Runtime.open(runtime.settings, ())
    yield other
    other.close()


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long bulk work was told to rest, each time."""
    told: list[float] = []
    sleep = time.sleep

    def rest(seconds: float) -> None:
        told.append(seconds)
        sleep(seconds)

    monkeypatch.setattr("hosting.runtime.pace.time.sleep", rest)
    return told


def write(runtime: Runtime, place: Place, count: int) -> None:
    with runtime.tenant_session(place.tenant_id) as session:
        session.scalars(select(Site)).one().layout = {"count": count}


def test_bulk_work_alone_never_rests(runtime: Runtime, river: Place, rests: list[float]) -> None:
    pace = Pace(runtime)

    for count in range(5):
        with pace.transaction():
            write(runtime, river, count)

    assert rests == []


def test_who_waits_has_a_turn_before_the_next_bulk_transaction(
    runtime: Runtime, person: Runtime, river: Place
) -> None:
    pace, order = Pace(runtime), []

    def save() -> None:
        with person.tenant_session(river.tenant_id) as session:
            session.scalars(select(Site)).one()
            order.append("person")

    waiting = threading.Thread(target=save)
    with pace.transaction(), runtime.tenant_session(river.tenant_id) as session:
        session.scalars(select(Site)).one().layout = {"count": 0}
        session.flush()
        waiting.start()
        until_somebody_waits(runtime)
        time.sleep(0.05)  # it holds the file so long that its rest is felt
    with pace.transaction(), runtime.tenant_session(river.tenant_id) as session:
        session.scalars(select(Site)).one()
        order.append("bulk")
    waiting.join(30)

    assert order == ["person", "bulk"]


def test_nobody_waits_once_everybody_had_a_turn(runtime: Runtime, river: Place) -> None:
    write(runtime, river, 0)

    assert not runtime.database.somebody_waits()


def until_somebody_waits(runtime: Runtime) -> None:
    end = time.monotonic() + 30
    while not runtime.database.somebody_waits():
        assert time.monotonic() < end, "nobody came"
        time.sleep(0.001)
