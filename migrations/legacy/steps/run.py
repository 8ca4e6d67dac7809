"""run: bring everything in that is to be brought in, as drafts; nothing becomes public.

Interrupted anywhere and run again, it ends the same: files are known by their bytes, items by
their old address, columns by their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hosting.directory.queries import main_site
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.language import N_, text
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from migrations.legacy.decisions import Decision
from migrations.legacy.drafts import Surroundings, article_item, file_item
from migrations.legacy.models import LegacyAddress, LegacyRun
from migrations.legacy.operations.bringing import (
    BroughtFile,
    Names,
    begin_run,
    bring_files,
    bring_items,
    ensure_columns,
    finish_run,
    fitting,
    lead_on,
    refuse_file,
    settle_unknown,
)
from migrations.legacy.queries import addresses_of, run_by_id, run_of
from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Progress, Site, silent
from migrations.legacy.reading.views import View
from migrations.legacy.rewriting import links_of
from migrations.legacy.sources.opening import open_source
from migrations.legacy.steps.intake import Intake
from migrations.legacy.steps.plan import digest_of_site
from tenants.content.importing import ImportedItem
from tenants.media.operations import store_assets
from tenants.sites.models import Column

_OTHER_CONTENT = N_("老网站其他内容")
# Files of one transaction: their rows are small, their bytes are read before.
_FILES_AT_ONCE = 20


@dataclass
class Move:
    """A move under way: where it goes, what was read, and what is known of addresses so far."""

    runtime: Runtime
    tenant_id: int
    run: LegacyRun
    site: Site
    by: Actor
    progress: Progress
    rows: dict[str, LegacyAddress] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    assets: dict[str, int] = field(default_factory=dict)
    columns: dict[Names, Column] = field(default_factory=dict)

    def decided(self, *decisions: Decision) -> list[LegacyAddress]:
        return [row for row in self.rows.values() if row.decision in decisions]


def run_move(
    runtime: Runtime,
    tenant_id: int,
    name: str,
    *,
    keep_unknown: bool | None,
    by: Actor,
    progress: Progress = silent,
) -> Move:
    """Bring a planned site in. Conflict where addresses are undecided or the source has changed."""
    with runtime.tenant_session(tenant_id) as session:
        run = run_of(session, name)
        begin_run(session, run)
        settle_unknown(session, run, keep=keep_unknown, by=by)
    move = Move(runtime, tenant_id, run, read_again(runtime, run, progress), by, progress)
    _look_up(move)
    _columns(move)
    _files(move)
    _items(move)
    with runtime.tenant_session(tenant_id) as session:
        kept = run_by_id(session, run.id)
        lead_on(session, kept, move.columns)
        finish_run(session, kept, by=by)
    return move


def read_again(runtime: Runtime, run: LegacyRun, progress: Progress) -> Site:
    """The old site as it was planned; Conflict where it has changed since."""
    source = open_source(run.source, host=run.host or None)
    site = read_site(source, runtime.settings.zone, progress)
    if digest_of_site(site) != run.digest:
        raise Conflict(
            "source_changed", N_("老网站来源在计划之后有变化，请先重新运行 plan"), name=run.name
        )
    return site


def _look_up(move: Move) -> None:
    with move.runtime.tenant_session(move.tenant_id, reading=True) as session:
        move.rows = {row.address: row for row in addresses_of(session, move.run.id)}
    for row in move.decided(Decision.PAGE, Decision.ATTACHMENT, Decision.ASSET):
        if row.target:
            move.targets[row.address] = row.target
        if row.asset_id is not None:
            move.assets[row.address] = row.asset_id


def column_of(row: LegacyAddress) -> Names:
    """Where an item of this address belongs."""
    return fitting(row.facts.get("column") or ()) or (text(_OTHER_CONTENT),)


def _brings_item(row: LegacyAddress) -> bool:
    listed = row.decision == Decision.ATTACHMENT and bool(row.facts.get("listed"))
    return row.decision == Decision.PAGE or listed


def _columns(move: Move) -> None:
    wanted = {column_of(row) for row in move.rows.values() if _brings_item(row)}
    with move.runtime.tenant_session(move.tenant_id) as session:
        run, site = run_by_id(session, move.run.id), main_site(session)
        move.columns = ensure_columns(session, site, run, wanted, by=move.by)


def _files(move: Move) -> None:
    """Check and keep the bytes of files, then their rows; what no door lets in is left out."""
    waiting = [
        row.address
        for row in move.decided(Decision.ATTACHMENT, Decision.ASSET)
        if row.asset_id is None
    ]
    intake = Intake(move.runtime, move.tenant_id)
    for start in range(0, len(waiting), _FILES_AT_ONCE):
        move.progress("files", start, len(waiting))
        part, refused = [], []
        for address in waiting[start : start + _FILES_AT_ONCE]:
            try:
                part.append(BroughtFile(address, intake.take(address, move.site.source)))
            except Invalid as reason:
                refused.append((address, reason.code))
        with move.runtime.tenant_session(move.tenant_id) as session:
            run = run_by_id(session, move.run.id)
            move.targets |= bring_files(session, run, part, by=move.by)
            for address, code in refused:
                refuse_file(session, run, address, reason=code)
    _look_up(move)


def _items(move: Move) -> None:
    """Items in waves: what an article links to comes before it, so that its links are right.

    Articles that link to each other in a circle come twice: the second time with right links.
    """
    pages = {row.address: row for row in move.decided(Decision.PAGE)}
    links = {address: _links(move, address) & pages.keys() for address in pages}
    waiting, again = set(pages), []
    while waiting:
        ready = sorted(one for one in waiting if links[one] <= move.targets.keys())
        if not ready:
            ready = again = sorted(waiting)
        _bring(move, ready)
        waiting -= set(ready)
    _bring(move, again)
    listed = [row.address for row in move.decided(Decision.ATTACHMENT) if _brings_item(row)]
    _bring(move, [one for one in listed if one in move.assets])


def _links(move: Move, address: str) -> set[str]:
    return links_of(move.site, View(move.site, move.site.pages[address]))


def _bring(move: Move, addresses: Sequence[str]) -> None:
    pace, done = Pace(move.runtime), 0
    while done < len(addresses):
        intake = Intake(move.runtime, move.tenant_id)
        part = addresses[done : done + pace.size]
        items = [_item(move, move.rows[address], intake) for address in part]
        dated = [one for one in items if one.facts.facts.original_date is not None]
        undated = [one for one in items if one.facts.facts.original_date is None]
        with pace.transaction(), move.runtime.tenant_session(move.tenant_id) as session:
            run = run_by_id(session, move.run.id)
            store_assets(session, intake.inlined, by=move.by)
            move.targets |= bring_items(session, run, dated, batch=run.batch, by=move.by)
            move.targets |= bring_items(session, run, undated, batch=run.undated_batch, by=move.by)
        done += len(part)
        move.progress("items", done, len(addresses))


def _item(move: Move, row: LegacyAddress, intake: Intake) -> ImportedItem:
    external_id = f"legacy:{move.run.name}:{row.address}"
    column_id = move.columns[column_of(row)].id
    if row.decision == Decision.ATTACHMENT:
        asset_id = move.assets[row.address]
        return file_item(
            row.address, row.facts, external_id, column_id=column_id, asset_id=asset_id
        )
    around = Surroundings(move.targets, move.assets, intake.inline)
    page = move.site.pages[row.address]
    return article_item(move.site, page, external_id, column_id=column_id, around=around)
