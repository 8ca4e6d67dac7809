"""A file of items in: checked whole first, then taken in short transactions that can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from hosting.publishing.blobs import open_store
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from hosting.security.uploads import check
from tenants.content.facts import Attachment
from tenants.content.importing import ImportedItem, import_items
from tenants.content.writing import clean_facts
from tenants.exchange.lines import ImportLine, LineCheck, check_file, read_lines, refused
from tenants.media.operations import StoredFile, store_assets
from tenants.review.operations.listing import HISTORY_CLOSED, date_problem, history_until

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
    is_ordered: bool = False,
) -> ImportReport:
    """Take a file's items in as drafts. Run twice, or again after a crash: the same result.

    Invalid lists all problems of all lines, of their attachments too and, where an order is to make
    them public (`is_ordered`), of their dates; then nothing is taken. Texts are cleaned and files
    stored outside the transactions.
    """
    files = _Files(runtime, tenant_id)
    checks: list[LineCheck] = [files.problems_of]
    if is_ordered:
        checks.append(_dates(runtime, tenant_id))
    report = ImportReport(lines=check_file(path, column_id, *checks))
    pace = Pace(runtime)
    lines, done = read_lines(path, column_id), 0
    while part := _prepared(files, islice(lines, pace.size)):
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            brought = [file for each in part for _, file in each.files]
            stored = store_assets(session, brought, by=by)
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


def _prepared(files: _Files, lines: Iterator[ImportLine]) -> list[_Prepared]:
    return [
        _Prepared(
            line,
            ImportedItem(line.external_id, clean_facts(line.facts), line.old_address, line.where),
            tuple((name, files.stored(file)) for name, file in line.attachments),
        )
        for line in lines
    ]


class _Files:
    """The attachments of a file, each checked and stored once: before any item is taken."""

    def __init__(self, runtime: Runtime, tenant_id: int) -> None:
        self._limits = runtime.settings
        self._blobs = open_store(runtime.settings)
        self._tenant_id = tenant_id
        self._stored: dict[Path, StoredFile] = {}

    def problems_of(self, line: ImportLine) -> Iterator[Problem]:
        """Attachments of a line that may not be kept."""
        for place, (_, file) in enumerate(line.attachments):
            try:
                self.stored(file)
            except Invalid as refusal:
                where = f"{line.where} attachments[{place}]"
                yield Problem(where, refusal.code, refusal.message, refusal.facts)

    def stored(self, path: Path) -> StoredFile:
        """The file as it is kept; raises as `uploads.check`."""
        if path not in self._stored:
            with path.open("rb") as stream:
                upload = check(path.name, stream, limits=self._limits)
            self._stored[path] = StoredFile(
                self._blobs.put(self._tenant_id, upload.data),
                upload.name,
                upload.content_type,
                len(upload.data),
                upload.width,
                upload.height,
            )
        return self._stored[path]


def _dates(runtime: Runtime, tenant_id: int) -> LineCheck:
    """The check of dates under an order; raises Invalid where no history may be brought in."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        until = history_until(session)
    if until is None:
        raise refused([HISTORY_CLOSED])

    def problems(line: ImportLine) -> list[Problem]:
        wrong = date_problem(line.facts.original_date, until, f"{line.where} date")
        return [] if wrong is None else [wrong]

    return problems
