"""Engines and sessions. Edges open sessions here; nothing else does.

SQLite runs in WAL mode with BEGIN IMMEDIATE for writers: the driver's default loses updates
silently when several processes write.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from psycopg import OperationalError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from hosting.runtime.events import Event, Subscription, event_name
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.roles import check_role
from hosting.runtime.session import WallBreach, WalledSession
from hosting.runtime.settings import Settings
from hosting.runtime.sqlite_locks import Relay, WaitingRoom

log = logging.getLogger(__name__)

_TURN_SECONDS = 30
# How often a process asks whether another has done writing: less than who writes one thing after
# another needs between two transactions (a read and some Python, 1 ms at least).
_ASK_SECONDS = 0.0005
_PATIENT = "PRAGMA busy_timeout=30000"
# The driver gives the interpreter up at each row. Beside a thread that renders, it would have it
# back only after Python's 5 ms, and hold the file for 100 ms over what it reads in one.
_SWITCH_SECONDS = 0.0002


_writing = threading.local()


def write_began() -> float:
    """When this thread's last write transaction began, its turn once come (monotonic seconds)."""
    return float(getattr(_writing, "began", 0.0))


class Database:
    """The tenant role's engine and the platform role's; on SQLite one engine serves both.

    Opening connects to nothing. Safe to share between threads, not across a fork.
    """

    def __init__(self, settings: Settings, subscriptions: Sequence[Subscription] = ()) -> None:
        self.engine = _walled_engine(database_url(settings), sees_all=False)
        platform_url = settings.database_platform_url
        self.platform_engine = (
            _walled_engine(platform_url, sees_all=True) if platform_url else self.engine
        )
        self.after_commit: Callable[[], None] = lambda: None
        self.relay = Relay(database_url(settings))
        self._room = WaitingRoom.of_url(database_url(settings))
        self._immediate = tuple(s for s in subscriptions if s.immediate)
        self._later = frozenset(event_name(s.event) for s in subscriptions if not s.immediate)

    @contextmanager
    def tenant_session(
        self, tenant_id: int | None, *, reading: bool = False
    ) -> Iterator[WalledSession]:
        """A session of one tenant: commits when the block returns, rolls back when it raises.

        An id that stands for the platform or for all tenants is a WallBreach.
        """
        if tenant_id is not None and tenant_id <= PLATFORM_ID:
            raise WallBreach("a tenant's session needs a tenant")
        with self._session(self.engine, tenant_id=tenant_id, reading=reading) as session:
            yield session

    @contextmanager
    def platform_session(self, *, reason: str, reading: bool = False) -> Iterator[WalledSession]:
        """A session that sees all tenants; the reason is logged, and none is a WallBreach."""
        if not reason.strip():
            raise WallBreach("a platform session needs a reason")
        log.info("platform session: %s", reason)
        with self._session(self.platform_engine, sees_all=True, reading=reading) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine, *, reading: bool, **scope: Any) -> Iterator[WalledSession]:
        bind = engine.execution_options(jiyue_reading=reading)
        session = WalledSession(
            bind, reading=reading, immediate=[self._run_immediate], later=self._later, **scope
        )
        try:
            yield session
            if not reading:
                session.commit()
        finally:
            session.close()
        if session.info.pop("ring", False):
            self.after_commit()

    def _run_immediate(self, session: WalledSession, happened: Event) -> None:
        for subscription in self._immediate:
            if isinstance(happened, subscription.event):
                subscription.handler(session, happened)

    def somebody_waits(self) -> bool:
        """Whether anybody waits for a turn to write; never on PostgreSQL, where writers pass."""
        return self._room is not None and not self._room.is_empty()

    def check(self) -> None:
        """Connect as both roles; raises Unavailable where one could walk around the walls."""
        for engine in {self.engine, self.platform_engine}:
            engine.connect().close()

    def scrub(self) -> bool:
        """Leave nothing in SQLite's files of rows that were deleted; False while others read.

        Writes the file anew, so nobody can write meanwhile. PostgreSQL's own vacuum does its part.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        pooled = self.engine.raw_connection()
        try:
            file = pooled.driver_connection
            assert isinstance(file, sqlite3.Connection)
            file.execute("VACUUM")
            (is_busy, _, _) = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise
        finally:
            pooled.close()
        return not is_busy

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
        self.platform_engine.dispose()


def database_url(settings: Settings) -> str:
    """The tenant role's address; SQLite in HOME where none is set."""
    return settings.database_url or f"sqlite:///{settings.home.absolute() / 'jiyue.sqlite3'}"


def _walled_engine(url: str, *, sees_all: bool) -> Engine:
    """An engine of one of the two roles that serve, each of which is looked at as it connects."""
    engine = open_engine(url)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", check_role(sees_all=sees_all))
    return engine


def open_engine(url: str) -> Engine:
    """An engine with the rules that hold everywhere on the platform."""
    rules: dict[str, Any] = {
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True),
        # Errors go to the log; what a tenant wrote, and a password's hash, must not go with them.
        "hide_parameters": True,
    }
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": 30}, **rules)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _Turns(WaitingRoom.of_url(url)).begin)
        event.listen(engine, "checkin", _forget_tenant)
        sys.setswitchinterval(_SWITCH_SECONDS)
        return engine
    # PgBouncer in transaction mode cannot keep prepared statements.
    engine = create_engine(url, connect_args={"prepare_threshold": None}, **rules)
    event.listen(engine, "checkout", _forget_all)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(_PATIENT)
    cursor.execute("PRAGMA cache_size=-16384")
    cursor.close()
    told: list[int | None] = [None]
    entry.info["tenant"] = told
    connection.create_function("app_tenant", 0, lambda: told[0])


class _Turns:
    """Who writes to SQLite waits for a turn: threads in a row, processes by asking often.

    SQLite itself asks at pauses that grow to 100 ms (sqlite3_busy_timeout), longer than a bulk
    writer rests between two transactions, so a person would miss one rest after another.
    Who waits is in the waiting room, and bulk work rests while anybody is.
    """

    def __init__(self, room: WaitingRoom | None) -> None:
        self._lock = threading.Lock()
        self._room = room

    def begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("jiyue_reading", False):
            connection.exec_driver_sql("BEGIN")
            return
        with _asking_once(connection) as file:
            if not self._begins_at_once(connection, file):
                with nullcontext() if self._room is None else self._room.inside():
                    self._wait(connection, file)
            if not file.in_transaction:
                # Fails as it did before, with the error that the edges know.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        _writing.began = time.monotonic()

    def _begins_at_once(self, connection: Connection, file: sqlite3.Connection) -> bool:
        return self._is_first(connection, patience=0) and not _is_taken(file)

    def _wait(self, connection: Connection, file: sqlite3.Connection) -> None:
        until = time.monotonic() + _TURN_SECONDS
        self._is_first(connection, patience=_TURN_SECONDS)
        while _is_taken(file) and time.monotonic() < until:
            time.sleep(_ASK_SECONDS)

    def _is_first(self, connection: Connection, *, patience: float) -> bool:
        """Whether it is this thread's turn within the process."""
        if "turn" not in connection.info and self._lock.acquire(timeout=patience):
            connection.info["turn"] = self._lock
        return "turn" in connection.info


@contextmanager
def _asking_once(connection: Connection) -> Iterator[sqlite3.Connection]:
    """The driver's connection, saying at once that another is writing."""
    file = connection.connection.driver_connection
    assert isinstance(file, sqlite3.Connection)
    file.execute("PRAGMA busy_timeout=0")
    try:
        yield file
    finally:
        file.execute(_PATIENT)


def _is_taken(file: sqlite3.Connection) -> bool:
    """Whether another is writing; where nobody is and nothing is wrong, the transaction begins."""
    try:
        file.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def _forget_all(connection: Any, _entry: ConnectionPoolEntry, _handed_out: object) -> None:
    """Nothing that a session left on its connection meets the next one, of another tenant.

    Settings, cursors, temporary tables, prepared statements and locks outlive a transaction. That
    it answers says as well that the connection still lives; else the pool makes another.
    """
    try:
        connection.autocommit = True
        connection.execute("DISCARD ALL")
        connection.autocommit = False
    except OperationalError as error:
        raise DisconnectionError from error


def _forget_tenant(_connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info["tenant"][0] = None
    turn = entry.info.pop("turn", None)
    if turn is not None:
        turn.release()
