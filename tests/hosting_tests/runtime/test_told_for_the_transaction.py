"""The database is told whose transaction it is for that transaction alone.

A pooled connection is wiped as well, but a pooler between us and the database is none of ours: it
gives the connection to another as soon as the transaction has ended.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event

from hosting.runtime.runtime import Runtime
from parts.platform import RIVER
from parts.walled import raw_connection

pytestmark = pytest.mark.postgresql


def said_to_the_database(engine: Engine) -> list[tuple[str, dict[str, str]]]:
    """Statements and their values, as they are sent from here on."""
    sent: list[tuple[str, dict[str, str]]] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, *_rest: sent.append((statement, values)),
    )
    return sent


def test_what_a_session_says_holds_no_longer_than_its_transaction(
    postgresql_columns: Runtime,
) -> None:
    sent = said_to_the_database(postgresql_columns.database.engine)
    with postgresql_columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        session.connection()
    (statement, values) = sent[0]

    with raw_connection(postgresql_columns.settings.database_url) as connection:
        connection.execute(statement, values)  # type: ignore[call-overload]  # text, as it was sent
        seen = connection.execute("SELECT name FROM column_node").fetchall()
        connection.commit()
        afterwards = connection.execute("SELECT name FROM column_node").fetchall()

    assert seen == [("river",)]
    assert afterwards == []
