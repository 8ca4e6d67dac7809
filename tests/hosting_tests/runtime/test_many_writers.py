"""Several processes that write to SQLite at once lose no update, as the driver's default does."""

from __future__ import annotations

import multiprocessing
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
