"""A file of items in: checked whole first, then taken in short transactions that can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from hosting.publishing.blobs import BlobStore, open_store
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from hosting.security.uploads import check
from tenants.content.facts import Attachment
from tenants.content.importing import ImportedItem, import_items
from tenants.content.writing import clean_facts
from tenants.exchange.lines import ImportLine, check_file, read_lines
from tenants.media.operations import StoredFile, store_assets

Progress = Callable[[int, int], None]
"""Told how many of how many lines are done."""


@dataclass
class ImportReport:
    """What became of the lines: they add up to `lines`."""

    lines: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def import_file(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    path: Path,
    *,
    column_id: int,
    run: str,
    by: Actor,
    progress: Progress,
) -> ImportReport:
    """Take a file's items in as drafts. Run twice, or again after a crash: the same result.

    Invalid lists all problems of all lines, and then nothing is taken. Texts are cleaned and files
    stored outside the transactions.
    """
    report = ImportReport(lines=check_file(path, column_id))
    pace, blobs = Pace(runtime), open_store(runtime.settings)
    lines, done = read_lines(path, column_id), 0
    while part := _prepared(runtime, tenant_id, blobs, islice(lines, pace.size)):
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            files = [file for each in part for _, file in each.files]
            stored = store_assets(session, files, by=by)
            rows = [
                each.row([stored[(f.digest, f.name)].id for _, f in each.files]) for each in part
            ]
            outcome = import_items(session, site_id, rows, run=run, by=by)
        report.created += len(outcome.created)
        report.changed += len(outcome.changed)
        report.unchanged += len(outcome.unchanged)
        done += len(part)
        progress(done, report.lines)
    return report


@dataclass(frozen=True)
class _Prepared:
    line: ImportLine
    item: ImportedItem
    files: tuple[tuple[str, StoredFile], ...]

    def row(self, asset_ids: list[int]) -> ImportedItem:
        """The item with its attachments."""
        if not asset_ids:
            return self.item
        attachments = tuple(
            Attachment(asset_id, name)
            for asset_id, (name, _) in zip(asset_ids, self.files, strict=True)
        )
        facts = self.item.facts
        return replace(
            self.item, facts=replace(facts, facts=replace(facts.facts, attachments=attachments))
        )


def _prepared(
    runtime: Runtime, tenant_id: int, blobs: BlobStore, lines: Iterator[ImportLine]
) -> list[_Prepared]:
    return [
        _Prepared(
            line,
            ImportedItem(line.external_id, clean_facts(line.facts), line.old_address, line.where),
            tuple(
                (name, _stored(runtime, tenant_id, blobs, file)) for name, file in line.attachments
            ),
        )
        for line in lines
    ]


def _stored(runtime: Runtime, tenant_id: int, blobs: BlobStore, path: Path) -> StoredFile:
    with path.open("rb") as stream:
        upload = check(path.name, stream, limits=runtime.settings)
    digest = blobs.put(tenant_id, upload.data)
    return StoredFile(
        digest, upload.name, upload.content_type, len(upload.data), upload.width, upload.height
    )
