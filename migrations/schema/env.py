"""Alembic's environment: runs the line on the connection that the platform hands over.

The platform's own transaction surrounds it: a revision is done whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection, DateTime, text

from hosting.runtime.records import Base, Instant

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

# Two processes that start at once must not both migrate; the number means nothing.
LINE_LOCK = 20_261_123


def render_plainly(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write column types as SQLAlchemy's own, so that a revision knows nothing of ours."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def same_type(_context: Any, _inspected: Any, _column: Any, found: Any, wanted: Any) -> bool | None:
    """Instants are stored as plain date and time on SQLite; the rest Alembic compares itself."""
    if isinstance(wanted, Instant) and isinstance(found, DateTime):
        return False
    return None


def wait_in_line(connection: Connection) -> None:
    """On PostgreSQL: one migration at a time, and none that waits long for a table in use."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LINE_LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '4s'"))


def run() -> None:
    """Run the revisions that the database does not have yet."""
    connection: Connection = context.config.attributes["connection"]
    wait_in_line(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_plainly,
        compare_type=same_type,
        compare_server_default=True,
        include_object=context.config.attributes.get("include_object"),
        version_table_pk=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
