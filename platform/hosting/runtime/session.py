"""The session and its walls: one tenant for life, or the platform with a reason (law 1).

Three walls stand around tenant rows because each alone is known to leak. This is the first; the
schema's composite keys and the database's own wall (`schema.py`) are the others.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, event, false, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    ORMExecuteState,
    QueryContext,
    Session,
    UOWTransaction,
    with_loader_criteria,
)

from hosting.runtime.events import Event, Subscriber
from hosting.runtime.jobs import enqueue
from hosting.runtime.records import PLATFORM_ID, Base, LedgerRecord, TenantRecord
from hosting.runtime.statements import WallBreach, refuse_what_leaks, stamped

__all__ = ["ACTOR", "EVERY_TENANT", "WallBreach", "WalledSession", "ensure_rows", "insert_many"]

ACTOR = "actor"
"""Key of `session.info` under which an edge names who acts; immediate subscribers read it."""

EVERY_TENANT = -1
"""What the database is told when a platform session sees all."""


class WalledSession(Session):
    """A session bound to one tenant when it is opened, or to none, or (with a reason) to all.

    It stays so, on the connection and in the thread that it was opened for. `reading` sessions
    refuse to write. Events and jobs are recorded in its transaction.
    """

    def __init__(
        self,
        bind: Engine,
        *,
        tenant_id: int | None = None,
        sees_all: bool = False,
        reading: bool = False,
        immediate: Sequence[Subscriber] = (),
        later: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(bind, expire_on_commit=False, autoflush=True)
        self._engine = bind
        self._thread = threading.get_ident()
        self._tenant_id = tenant_id
        self._sees_all = sees_all
        self._reading = reading
        self._immediate = immediate
        self._later = later

    @property
    def tenant_id(self) -> int:
        """The tenant this session is bound to; a WallBreach where it is bound to none."""
        if self._tenant_id is None:
            raise WallBreach("this session belongs to no tenant")
        return self._tenant_id

    @property
    def bound_tenant_id(self) -> int | None:
        """The tenant, or None for a session of the platform or of nobody."""
        return self._tenant_id

    @property
    def sees_all(self) -> bool:
        """Whether it is a platform session."""
        return self._sees_all

    @property
    def reading(self) -> bool:
        """Whether it refuses to write."""
        return self._reading

    @property
    def told_tenant(self) -> int | None:
        """What the database's own wall is told."""
        return EVERY_TENANT if self.sees_all else self._tenant_id

    def get_bind(self, *_arguments: Any, bind: Any = None, **_facts: Any) -> Engine:
        """Its own engine, whatever else it is told to use."""
        if bind is not None and bind is not self._engine:
            raise WallBreach("a session stays on the connection that it was opened for")
        return self._engine

    def bulk_save_objects(self, *_arguments: Any, **_facts: Any) -> None:
        """Refused: no event sees what the old bulk methods write."""
        raise WallBreach("bulk inserts go through insert_many()")

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects

    def stay_in_thread(self) -> None:
        """Raise WallBreach where the session was handed to another thread."""
        if threading.get_ident() != self._thread:
            raise WallBreach("a session stays in the thread that it was opened in")

    def record(self, happened: Event, *, by: object = None) -> None:
        """Record an event: immediate subscribers run now, the others from the outbox.

        `by` is who did it, where that is another than the person the edge has named.
        """
        named = self.info.get(ACTOR)
        self.info[ACTOR] = named if by is None else by
        for subscriber in self._immediate:
            subscriber(self, happened)
        self.info[ACTOR] = named
        if happened.name in self._later:
            self.add(happened.outbox_row())
            self.info["ring"] = True

    def enqueue(
        self,
        kind: str,
        *,
        key: str | None = None,
        lane: str = "person",
        run_at: datetime | None = None,
        tenant_id: int | None = None,
        **ids: Any,
    ) -> None:
        """Put a job into the ledger in this transaction.

        A waiting job of the same tenant, kind and key takes this one in: the earlier time and the
        quicker lane win. `tenant_id` is for platform sessions; a tenant session uses its own.
        """
        owner = self._tenant_id if self._tenant_id is not None else tenant_id
        enqueue(
            self.connection(),
            kind=kind,
            tenant_id=PLATFORM_ID if owner is None else owner,
            key=key,
            lane=lane,
            run_at=run_at,
            payload=ids,
        )
        self.info["ring"] = True


def insert_many(
    session: WalledSession, model: type[Base], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Insert many rows at once, stamped with the session's tenant and checked against it.

    The only bulk insert there is. `id` and other Python-side defaults are filled in; nothing is
    returned. Pending objects of the session are flushed first.
    """
    checked = [_stamp(session, model, dict(row)) for row in rows]
    if checked:
        session.flush()
        session.execute(insert(model), checked, execution_options=stamped())


def ensure_rows(
    session: WalledSession, model: type[Base], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Insert those rows whose key is not there yet; how counters come to be without a race."""
    checked = [_stamp(session, model, dict(row)) for row in rows]
    if checked:
        session.flush()
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(model).on_conflict_do_nothing()
        session.execute(statement, checked, execution_options=stamped())


def _stamp(session: WalledSession, model: type[Base], row: dict[str, Any]) -> dict[str, Any]:
    if session.sees_all:
        return row
    if issubclass(model, TenantRecord):
        row.setdefault("tenant_id", session.tenant_id)
    if not _is_own(session, model, row):
        raise WallBreach(f"a row of {model.__name__} belongs to another tenant")
    return row


def _is_own(session: WalledSession, model: type[object], facts: Mapping[str, Any]) -> bool:
    """Whether a row with these facts is the session's tenant's, or the platform's if of nobody."""
    if issubclass(model, TenantRecord):
        return facts.get("tenant_id") in {None, session.bound_tenant_id}
    if issubclass(model, LedgerRecord):
        return (facts.get("for_tenant_id") or PLATFORM_ID) == (
            session.bound_tenant_id or PLATFORM_ID
        )
    return True


@event.listens_for(WalledSession, "do_orm_execute")
def _fence_statement(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, WalledSession)
    session.stay_in_thread()
    if session.reading and not state.is_select:
        raise WallBreach("a reading session does not write")
    if session.sees_all:
        return
    fenced = state.statement
    if not state.is_insert:
        fenced = fenced.options(*_criteria(session.bound_tenant_id))
    refuse_what_leaks(state, fenced)
    state.statement = fenced


@lru_cache(maxsize=10_000)
def _criteria(tenant_id: int | None) -> tuple[LoaderCriteriaOption, ...]:
    """What is added to every statement of a tenant's session, or of nobody's."""
    return (
        with_loader_criteria(
            TenantRecord,
            (lambda cls: cls.tenant_id == tenant_id)
            if tenant_id is not None
            else (lambda cls: false()),
            include_aliases=True,
        ),
        *_ledger_criteria(tenant_id),
    )


def _ledger_criteria(tenant_id: int | None) -> Iterator[LoaderCriteriaOption]:
    """Own rows of the ledgers; for nobody the platform's, but for what is read before entering."""
    owner = PLATFORM_ID if tenant_id is None else tenant_id
    kinds: list[type[LedgerRecord]] = [LedgerRecord]
    if tenant_id is None:
        kinds = [each for each in LedgerRecord.__subclasses__() if not each.nobody_reads_all]
    for kind in kinds:
        yield with_loader_criteria(
            kind, lambda cls: cls.for_tenant_id == owner, include_aliases=True
        )


@event.listens_for(WalledSession, "before_flush")
def _check_pending(session: WalledSession, _context: UOWTransaction, _instances: Any) -> None:
    pending = [*session.new, *session.dirty, *session.deleted]
    if session.reading and any(session.is_modified(each) for each in pending):
        raise WallBreach("a reading session does not write")
    session.stay_in_thread()
    if session.sees_all:
        return
    for each in session.new:
        if isinstance(each, TenantRecord) and each.__dict__.get("tenant_id") is None:
            each.tenant_id = session.tenant_id
    for each in pending:
        _refuse_foreign(session, each)


@event.listens_for(WalledSession, "before_attach")
def _check_attached(session: WalledSession, instance: object) -> None:
    """A foreign row that another session loaded comes in by no add, merge or delete."""
    if not session.sees_all:
        _refuse_foreign(session, instance)


def _refuse_foreign(session: WalledSession, instance: object) -> None:
    model = type(instance)
    places: list[Mapping[str, Any]] = [instance.__dict__]
    if isinstance(instance, TenantRecord) and (key := inspect(instance).key) is not None:
        places.append({"tenant_id": key[1][0]})
    if not all(_is_own(session, model, facts) for facts in places):
        raise WallBreach(f"a row of {model.__name__} belongs to another tenant")


def _check_loaded(target: TenantRecord, context: QueryContext | None) -> None:
    session = None if context is None else context.session
    if not isinstance(session, WalledSession) or session.sees_all:
        return
    if target.__dict__.get("tenant_id", session.bound_tenant_id) != session.bound_tenant_id:
        raise WallBreach(f"a row of {type(target).__name__} belongs to another tenant")


event.listen(TenantRecord, "load", _check_loaded, propagate=True)


@event.listens_for(WalledSession, "after_begin")
def _tell_database(session: WalledSession, _transaction: Any, connection: Connection) -> None:
    session.stay_in_thread()
    told = session.told_tenant
    if connection.dialect.name == "sqlite":
        connection.info["tenant"][0] = told
    else:
        value = "" if told is None else str(told)
        # One way to the server for this and the transaction's beginning, and none through the
        # layers that compile statements: it is said at every transaction.
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        with driver.pipeline(), driver.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [value])
