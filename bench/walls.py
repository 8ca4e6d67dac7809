"""What the three walls cost: the console's list of items among 1,000 tenants, with and without.

Without: a role that bypasses row-level security, sessions of bare SQLAlchemy, and the tenant's
condition written by hand into each statement beforehand. Both answer the same; one looks after it.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, cast

from sqlalchemy import Engine, Executable, Table, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from bench.cluster import Cluster, cluster, programs
from bench.stage import text
from hosting.directory.models import Site, Tenant
from hosting.ops.installation import install
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession, insert_many
from hosting.runtime.settings import Settings
from tenants.content.models import Edition, Item
from tenants.content.queries import ItemFilter, item_count
from tenants.sites.models import Column
from tenants.workspace.presenters.items import ItemLine, item_lines
from tenants.workspace.queries.items import columns_in_order, item_list

_TENANTS, _COLUMNS, _ITEMS = 1_000, 12, 100
_ASKED, _ROUNDS, _BATCH = 40, 600, 20
_STRONG = "jiyue_bench"
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)

Lines = list[tuple[int, list[ItemLine]]]


def run() -> Iterator[str]:
    """Times of both, and the ratio of the paired rounds."""
    found = programs()
    if found is None:
        yield "left out: needs PostgreSQL"
        return
    with cluster(found) as server, tempfile.TemporaryDirectory() as folder:
        runtime = _filled(server, Path(folder))
        without = create_engine(
            server.url(_STRONG), connect_args={"prepare_threshold": None}, pool_pre_ping=True
        )
        yield from _compared(runtime, without)
        without.dispose()
        runtime.close()


def _compared(runtime: Runtime, without: Engine) -> Iterator[str]:
    chance = random.Random(7)
    asked = chance.sample(range(1, _TENANTS + 1), _ASKED)
    by_hand = {tenant_id: _by_hand(runtime, tenant_id) for tenant_id in asked}
    pairs = []
    for number in range(_ROUNDS):
        tenant_id = asked[number % _ASKED]
        ways: list[Callable[[], float]] = [
            lambda t=tenant_id: _timed(runtime.tenant_session(t, reading=True)),  # type: ignore[misc]  # bound now
            lambda t=tenant_id: _timed(_BareSession(without, by_hand[t])),  # type: ignore[misc]  # bound now
        ]
        # Who is asked first changes from round to round.
        first = number // _ASKED % 2
        times = {first: ways[first](), 1 - first: ways[1 - first]()}
        pairs.append((times[0], times[1]))
    pairs = pairs[2 * _ASKED :]
    with_walls, bare = (median(times) * 1000 for times in zip(*pairs, strict=True))
    yield f"with the walls: median {with_walls:.2f} ms a page"
    yield f"without them: median {bare:.2f} ms a page"
    ratio = median(each[0] / each[1] for each in pairs)
    yield f"ratio with : without, median of {len(pairs)} pairs = {ratio:.2f} (at most 1.15)"


def _timed(opened: AbstractContextManager[Session]) -> float:
    began = time.perf_counter()
    with opened as session:
        _pages(cast("WalledSession", session))
    return time.perf_counter() - began


def _pages(session: WalledSession) -> Lines:
    """The list as it opens, and narrowed by state, column and words: query, counts, presenter."""
    columns = columns_in_order(session)
    lines: Lines = []
    for narrowed in (
        ItemFilter(),
        ItemFilter(
            state="draft",
            words="通知",
            column_ids=tuple(each.id for each in columns[: _COLUMNS // 2]),
        ),
    ):
        found = item_list(session, narrowed, offset=0, limit=30, sort="written", descending=True)
        lines.append((item_count(session, narrowed), item_lines(found, columns)))
    return lines


class _BareSession(Session):
    """SQLAlchemy's own session, which runs statements with the tenant written in by hand.

    For the bench alone: it knows nothing of tenants and asks nothing.
    """

    def __init__(self, engine: Engine, by_hand: Sequence[Executable]) -> None:
        super().__init__(engine, expire_on_commit=False)
        self._by_hand = iter(by_hand)

    def _execute_internal(  # type: ignore[override]  # SQLAlchemy overloads it by its results
        self, _statement: Executable, *arguments: Any, **facts: Any
    ) -> Any:
        # A copy, as new to SQLAlchemy as a statement that was just built.
        fresh = cast("Any", next(self._by_hand))._generate()
        return super()._execute_internal(fresh, *arguments, **facts)


def _by_hand(runtime: Runtime, tenant_id: int) -> list[Executable]:
    """The page's statements, in their order, each with the tenant's condition written in."""
    seen: list[Executable] = []
    with runtime.tenant_session(tenant_id, reading=True) as session:
        plain = session._execute_internal

        def noting(statement: Executable, *arguments: Any, **facts: Any) -> Any:
            seen.append(statement)
            return plain(statement, *arguments, **facts)

        session._execute_internal = noting  # type: ignore[method-assign]  # for the bench
        _pages(session)
    return [_confined(each, tenant_id) for each in seen]


def _confined(statement: Executable, tenant_id: int) -> Executable:
    def confine(select: Any) -> None:
        for source in select.get_final_froms():
            for table in visitors.iterate(source):
                if isinstance(table, Table) and "tenant_id" in table.c:
                    select._where_criteria += (table.c.tenant_id == tenant_id,)

    return cast(
        "Executable", visitors.cloned_traverse(cast("Any", statement), {}, {"select": confine})
    )


@dataclass(frozen=True)
class _Place:
    """A tenant of the bench, its ids made from its number."""

    number: int

    @property
    def first(self) -> int:
        """Where its ids begin."""
        return self.number * 100_000

    def rows(self) -> Iterator[tuple[type[Any], dict[str, Any]]]:
        """All its rows: tenant, site, columns, items and editions."""
        code = f"t{self.number}"
        site = {"tenant_id": self.number, "site_id": self.first}
        own = {"tenant_id": self.number, "id": self.first, "theme": "county"}
        yield (
            Tenant,
            {"id": self.number, "code": code, "name": code, "kind": "county", "state": "open"},
        )
        yield Site, {**own, "name": code, "main_host": f"{code}.localhost"}
        for each in range(_COLUMNS):
            facts = {"name": f"栏目{each}", "slug": f"c{each}", "path": f"/c{each}/"}
            yield Column, {**site, "id": self.first + each, "position": each, **facts}
        for each in range(_ITEMS):
            yield from self._item(site, each)

    def _item(
        self, site: dict[str, Any], number: int
    ) -> Iterator[tuple[type[Any], dict[str, Any]]]:
        item_id = self.first + 1_000 + number
        seed = self.number * _ITEMS + number
        at = _BEGAN + timedelta(minutes=seed)
        column_id = self.first + number % _COLUMNS
        is_draft = number % 3 == 0
        named = {"id": item_id, "column_id": column_id, "path": f"/art/{item_id}.html"}
        standing = {"draft_edition_id" if is_draft else "live_edition_id": item_id}
        yield Item, {**site, **named, **standing, "created_by": 1, "created_at": at}
        yield (
            Edition,
            {
                "tenant_id": self.number,
                "id": item_id,
                "item_id": item_id,
                "column_id": column_id,
                "state": "draft" if is_draft else "published",
                "title": f"关于{text(seed, 16)}的{'通知' if number % 2 else '公告'}",
                "body_text": text(seed, 400),
                "written_by": [1],
                "written_at": at,
            },
        )


def _filled(server: Cluster, folder: Path) -> Runtime:
    """The platform on PostgreSQL with all its tenants, and the role that sees past the walls."""
    settings = Settings(
        home=folder / "home",
        database_url=server.url("jiyue_tenant"),
        database_owner_url=server.url("jiyue_owner"),
        database_platform_url=server.url("jiyue_platform"),
    )
    install(settings)
    runtime = Runtime.open(settings)
    for start in range(1, _TENANTS + 1, _BATCH):
        with runtime.platform_session(reason="benchmark") as session:
            rows = [row for number in range(start, start + _BATCH) for row in _Place(number).rows()]
            for kind in (Tenant, Site, Column, Item, Edition):
                insert_many(session, kind, [facts for of, facts in rows if of is kind])
    server.run(f"CREATE ROLE {_STRONG} LOGIN BYPASSRLS")
    server.run(f"GRANT CONNECT ON DATABASE jiyue TO {_STRONG}")
    server.run(f"GRANT USAGE ON SCHEMA public TO {_STRONG}")
    server.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {_STRONG}")
    server.run("VACUUM ANALYZE")
    return runtime
