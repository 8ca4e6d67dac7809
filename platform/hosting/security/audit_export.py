"""Taking rows of the trail out of the platform, for whoever watches over the others.

That it was done is itself a row, with what was asked for and how many rows there were.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from hosting.security.audit import AuditEntry
from hosting.security.audit_queries import AuditFilter
from hosting.security.events import AuditExported
from hosting.security.spreadsheets import csv_lines

_BATCH = 500
FORMS = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
"""What rows can be exported as, with the media type."""

_COLUMNS = (
    "id",
    "for_tenant_id",
    "sequence",
    "happened_at",
    "account_id",
    "account_name",
    "address",
    "action",
    "object_kind",
    "object_id",
    "object_digest",
    "result",
    "facts",
    "previous_hash",
    "hash",
)


@dataclass(frozen=True)
class AuditExport:
    """Rows that were asked for; none that is written later belongs to them."""

    narrowed: AuditFilter
    last_id: int
    entries: int


def begin_export(
    session: WalledSession, narrowed: AuditFilter, *, form: str, by: Actor
) -> AuditExport:
    """Fix which rows are meant, and say in the trail who takes them. Records AuditExported."""
    asked = select(func.count(AuditEntry.id), func.max(AuditEntry.id))
    entries, last_id = session.execute(asked.where(*narrowed.conditions())).one()
    session.record(AuditExported(PLATFORM_ID, form, entries, narrowed.facts()), by=by)
    return AuditExport(narrowed, last_id or 0, entries)


def export_lines(runtime: Runtime, wanted: AuditExport, *, form: str) -> Iterator[str]:
    """The rows, the oldest first, as lines of CSV or JSON; reads them a few at a time."""
    rows = _rows(runtime, wanted)
    if form == "csv":
        yield from csv_lines(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows))
        return
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _rows(runtime: Runtime, wanted: AuditExport) -> Iterator[dict[str, Any]]:
    after = 0
    while True:
        with runtime.platform_session(reason="audit export", reading=True) as session:
            found = session.scalars(
                select(AuditEntry)
                .where(*wanted.narrowed.conditions())
                .where(AuditEntry.id > after, AuditEntry.id <= wanted.last_id)
                .order_by(AuditEntry.id)
                .limit(_BATCH)
            ).all()
        yield from (_plain(each) for each in found)
        if len(found) < _BATCH:
            return
        after = found[-1].id


def _plain(row: AuditEntry) -> dict[str, Any]:
    """A row as JSON has it: ids as text, the instant in ISO 8601."""
    return {
        **{name: getattr(row, name) for name in _COLUMNS},
        "id": str(row.id),
        "for_tenant_id": str(row.for_tenant_id),
        "account_id": str(row.account_id),
        "happened_at": row.happened_at.isoformat(),
    }
