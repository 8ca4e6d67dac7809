"""What was deleted cannot be read out of the database's files any more."""

from __future__ import annotations

import sqlite3

from hosting.runtime.runtime import Runtime
from parts.platform import Place

_WORD = b"deleted-and-yet-still-there"


def test_scrubbing_leaves_no_word_of_deleted_rows_in_the_files(
    runtime: Runtime, river: Place
) -> None:
    file = runtime.settings.home / "jiyue.sqlite3"
    with sqlite3.connect(file) as connection:
        # Some builds of SQLite overwrite what is deleted; the platform must not count on it.
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE kept (word TEXT)")
        connection.executemany("INSERT INTO kept VALUES (?)", [(_WORD.decode() * 9,)] * 2_000)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM kept")
    connection.close()
    assert any(_WORD in path.read_bytes() for path in file.parent.glob("jiyue.sqlite3*"))

    assert runtime.database.scrub()

    assert not any(_WORD in path.read_bytes() for path in file.parent.glob("jiyue.sqlite3*"))
