"""The session and its walls: one tenant for life, or the platform with a reason (law 1).

Three walls stand around tenant rows because each alone is known to leak. This is the first; the
schema's composite keys and the database's own wall (`schema.py`) are the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Executable,
    Table,
    event,
    false,
    insert,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import (
    ORMExecuteState,
    QueryContext,
    Session,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import AliasedReturnsRows
from sqlalchemy.sql.visitors import ExternallyTraversible

from hosting.runtime.events import Event, Subscriber
from hosting.runtime.jobs import enqueue
from hosting.runtime.records import PLATFORM_ID, Base, TenantRecord

ACTOR = "actor"
"""Key of `session.info` under which an edge names who acts; immediate subscribers read it."""

EVERY_TENANT = -1
"""What the database is told when a platform session sees all."""


class WallBreach(Exception):
    """Code tried to reach around the tenant wall: a defect of ours, never a user's mistake."""


class WalledSession(Session):
    """A session bound to one tenant when it is opened, or to none, or (with a reason) to all.

    `reading` sessions refuse to write. Events and jobs are recorded in its transaction.
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
        self._tenant_id = tenant_id
        self.sees_all = sees_all
        self.reading = reading
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
    def told_tenant(self) -> int | None:
        """What the database's own wall is told."""
        return EVERY_TENANT if self.sees_all else self._tenant_id

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
    stamped = [_stamp(session, model, dict(row)) for row in rows]
    if stamped:
        session.flush()
        session.execute(insert(model), stamped, execution_options={"stamped": True})


def ensure_rows(
    session: WalledSession, model: type[Base], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Insert those rows whose key is not there yet; how counters come to be without a race."""
    stamped = [_stamp(session, model, dict(row)) for row in rows]
    if stamped:
        session.flush()
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(model).on_conflict_do_nothing()
        session.execute(statement, stamped, execution_options={"stamped": True})


def _stamp(session: WalledSession, model: type[Base], row: dict[str, Any]) -> dict[str, Any]:
    if not issubclass(model, TenantRecord) or session.sees_all:
        return row
    if row.setdefault("tenant_id", session.tenant_id) != session.tenant_id:
        raise WallBreach(f"a row of {model.__name__} belongs to another tenant")
    return row


@event.listens_for(WalledSession, "do_orm_execute")
def _fence_statement(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, WalledSession)
    if session.reading and not state.is_select:
        raise WallBreach("a reading session does not write")
    if session.sees_all:
        return
    _refuse_what_leaks(state)
    tenant_id = session.bound_tenant_id
    if state.is_insert:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantRecord,
            (lambda cls: cls.tenant_id == tenant_id)
            if tenant_id is not None
            else (lambda cls: false()),
            include_aliases=True,
        )
    )


def _refuse_what_leaks(state: ORMExecuteState) -> None:
    """Refuse the forms of statement that loader criteria do not reach."""
    if not state.is_orm_statement:
        raise WallBreach("only statements on mapped classes may run in a tenant's session")
    if isinstance(state.statement, FromStatement):
        raise WallBreach("a statement of its own is not fenced")
    _refuse_bare_tables(state.statement)
    if state.is_insert and not state.execution_options.get("stamped"):
        raise WallBreach("bulk inserts go through insert_many()")
    if state.is_update:
        if isinstance(state.parameters, list | tuple):
            raise WallBreach("bulk updates by primary key are not fenced")
        values = getattr(state.statement, "_values", None) or {}
        if any(getattr(key, "key", key) == "tenant_id" for key in values):
            raise WallBreach("tenant_id is never changed")


def _refuse_bare_tables(statement: Executable) -> None:
    """Refuse a statement that takes a tenant's table in beside mapped classes, however deep.

    What belongs to a mapped class is marked so by SQLAlchemy; the table alone is not, and no
    criterion is added to it. Costs some 20 microseconds a statement.
    """
    met: set[str] = set()
    read: set[str] = set()
    fenced: set[str] = set()
    beneath: set[str] = set()
    for element in visitors.iterate(cast("ExternallyTraversible", statement)):
        source = element.table if isinstance(element, Column) else element
        table = source.element if isinstance(source, AliasedReturnsRows) else source
        if not isinstance(table, Table) or "tenant_id" not in table.c:
            continue
        name = str(cast("Any", source).name)
        if "parententity" in element._annotations:  # noqa: SLF001 - there is no other mark
            fenced.add(name)
            beneath.add(table.name)
        else:
            (read if isinstance(element, Column) else met).add(name)
    # The table beneath an alias or a mapped column is met bare as well; its columns are not read.
    if unfenced := (read - fenced) | (met - fenced - beneath):
        raise WallBreach(f"the bare table {min(unfenced)} is not fenced")


@event.listens_for(WalledSession, "before_flush")
def _check_pending(session: WalledSession, _context: UOWTransaction, _instances: Any) -> None:
    pending = [*session.new, *session.dirty, *session.deleted]
    if session.reading and any(session.is_modified(each) for each in pending):
        raise WallBreach("a reading session does not write")
    if session.sees_all:
        return
    for each in session.new:
        if isinstance(each, TenantRecord) and each.__dict__.get("tenant_id") is None:
            each.tenant_id = session.tenant_id
    for each in pending:
        if isinstance(each, TenantRecord) and each.tenant_id != session.bound_tenant_id:
            raise WallBreach(f"a row of {type(each).__name__} belongs to another tenant")


def _check_loaded(target: TenantRecord, context: QueryContext | None) -> None:
    session = None if context is None else context.session
    if not isinstance(session, WalledSession) or session.sees_all:
        return
    if target.__dict__.get("tenant_id", session.bound_tenant_id) != session.bound_tenant_id:
        raise WallBreach(f"a row of {type(target).__name__} belongs to another tenant")


event.listen(TenantRecord, "load", _check_loaded, propagate=True)


@event.listens_for(WalledSession, "after_begin")
def _tell_database(session: WalledSession, _transaction: Any, connection: Connection) -> None:
    told = session.told_tenant
    if connection.dialect.name == "sqlite":
        connection.info["tenant"][0] = told
    else:
        value = "" if told is None else str(told)
        connection.execute(text("SELECT set_config('app.tenant_id', :told, true)"), {"told": value})
