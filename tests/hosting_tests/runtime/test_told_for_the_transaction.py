"""The database is told whose transaction it is for that transaction alone.

A pooled connection is wiped as well, but a pooler between us and the database is none of ours: it
gives the connection to another as soon as the transaction has ended.
"""

from __future__ import annotations

import pytest

from hosting.runtime.runtime import Runtime
from parts.platform import RIVER

pytestmark = pytest.mark.postgresql

NAMES = "SELECT name FROM column_node"


def test_what_a_session_says_holds_no_longer_than_its_transaction(
    postgresql_columns: Runtime,
) -> None:
    with postgresql_columns.tenant_session(RIVER.tenant_id, reading=True) as session:
        backend = session.connection().connection.driver_connection
        assert backend is not None
        seen = backend.execute(NAMES).fetchall()
        backend.commit()
        afterwards = backend.execute(NAMES).fetchall()

    assert seen == [("river",)]
    assert afterwards == []
