"""Several processes that write to SQLite at once lose no update, as the driver's default does."""

from __future__ import annotations

import multiprocessing
import threading
import time
from pathlib import Path

from sqlalchemy import select

from hosting.directory.models import Site
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.platform import Place

WRITERS, ROUNDS = 4, 50


def _count_up(home: Path, tenant_id: int) -> None:
    runtime = Runtime.open(Settings(home=home), ())
    for _ in range(ROUNDS):
        with runtime.tenant_session(tenant_id) as session:
            site = session.scalars(select(Site)).one()
            site.layout = {"count": site.layout.get("count", 0) + 1}
    runtime.close()


def test_four_processes_lose_no_update(runtime: Runtime, river: Place) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_count_up, args=(runtime.settings.home, river.tenant_id))
        for _ in range(WRITERS)
    ]
    for each in writers:
        each.start()
    for each in writers:
        each.join(120)

    assert [each.exitcode for each in writers] == [0] * WRITERS
    with runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalars(select(Site)).one().layout == {"count": WRITERS * ROUNDS}


def test_who_never_stops_writing_lets_others_in_between(runtime: Runtime, river: Place) -> None:
    bulk, person = (Runtime.open(runtime.settings, ()) for _ in range(2))
    began, done = threading.Event(), threading.Event()
    turns = []

    def write_on() -> None:
        while not done.is_set():
            with bulk.tenant_session(river.tenant_id) as session:
                turns.append(session.scalars(select(Site)).one().id)
                began.set()
                time.sleep(0.03)
            time.sleep(0.003)

    writing = threading.Thread(target=write_on)
    writing.start()
    assert began.wait(30)
    for round_ in range(ROUNDS):
        time.sleep(0.01)
        with person.tenant_session(river.tenant_id) as session:
            session.scalars(select(Site)).one().layout = {"count": round_}
    done.set()
    writing.join(30)
    bulk.close()
    person.close()

    assert len(turns) < 3 * ROUNDS
