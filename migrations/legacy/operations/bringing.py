"""Bringing an old site in: columns, files and items as drafts, by the operations editors use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from hosting.directory.models import Site
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from migrations.legacy.decisions import Decision
from migrations.legacy.events import LegacySiteBrought
from migrations.legacy.models import OPEN_STATES, RUN, LegacyAddress, LegacyRun
from migrations.legacy.queries import addresses_named, addresses_of, targets_of
from tenants.content.importing import ImportedItem, import_items
from tenants.content.models import Item
from tenants.media.operations import StoredFile, store_assets
from tenants.sites.models import MAXIMUM_DEPTH, PLANNED, Column
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.queries import columns_of
from tenants.sites.rules import ColumnFacts
from tenants.sites.slugs import propose_slug

Names = tuple[str, ...]
_LONGEST_NAME = 40
# Paths that are never a column's; see tenants.sites.rules.
_RESERVED = frozenset({"art", "m", "assets", "feeds", "sitemap"})


def settle_unknown(session: WalledSession, run: LegacyRun, *, keep: bool | None, by: Actor) -> None:
    """Decide on what nobody decided: keep it as pages, or drop it; None refuses (Conflict)."""
    unknown = addresses_of(session, run.id, decisions=[Decision.UNKNOWN])
    if unknown and keep is None:
        raise Conflict(
            "undecided",
            N_("还有 {count} 个地址没有决定（如 {address}），请逐一决定，或用 --unknown 指明"),
            count=len(unknown),
            address=unknown[0].address,
        )
    for row in unknown:
        row.decision = Decision.PAGE if keep else Decision.GONE
        row.reason = "unknown_kept" if keep else "unknown_dropped"
        row.decided_by, row.decided_name = by.account_id, by.name


def fitting(names: Sequence[str]) -> Names:
    """A column's names as they can stand here: not too deep, not too long, none empty."""
    kept = [name.strip()[:_LONGEST_NAME] for name in names if name.strip()]
    return tuple(kept[-MAXIMUM_DEPTH:])


def ensure_columns(
    session: WalledSession, site: Site, run: LegacyRun, wanted: Iterable[Names], *, by: Actor
) -> dict[Names, Column]:
    """Make the columns that are missing; all that the site then has, by names from the top.

    What the tenant has under the same names is used as it is, and so is the only column of a name
    that stood at the top of the old site. The run notes what it made; readers see it from the
    cut-over on.
    """
    wanted = list(wanted)
    tree = _tree(session, site.id, wanted)
    paths = {names[:depth] for names in wanted for depth in range(1, len(names) + 1)}
    missing = sorted(paths - tree.keys())
    made: list[int] = []
    for parent in sorted({names[:-1] for names in missing if names[:-1] in {(), *tree}}):
        above = tree.get(parent)
        plans = _plans(parent, missing, _taken(above, tree))
        new = create_columns(session, site, plans, by=by, parent=above, state=PLANNED)
        made += [one.id for one in new]
    if made:
        before = run.facts.get("columns_made", [])
        run.facts = {**run.facts, "columns_made": [*before, *map(str, made)]}
    return _tree(session, site.id, wanted)


def _plans(parent: Names, missing: Sequence[Names], taken: set[str]) -> list[ColumnPlan]:
    """Plans for the missing columns right below, each with those below it."""
    plans = []
    for names in missing:
        if names[:-1] == parent:
            slug = propose_slug(names[-1], taken)
            taken.add(slug)
            below = tuple(_plans(names, missing, set()))
            plans.append(ColumnPlan(ColumnFacts(names[-1], slug), below))
    return plans


def _taken(parent: Column | None, tree: Mapping[Names, Column]) -> set[str]:
    parent_id = parent.id if parent else None
    used = {column.slug for column in tree.values() if column.parent_id == parent_id}
    return used if parent else used | _RESERVED


def _tree(session: WalledSession, site_id: int, wanted: Iterable[Names]) -> dict[Names, Column]:
    """The site's columns by their names from the top, and by the wanted names; of twins the first.

    通知公告 of the old top is 政务动态/通知公告 here, where that is the only one of the name.
    """
    names: dict[int, Names] = {}
    tree: dict[Names, Column] = {}
    for column in columns_of(session, site_id):
        above = names[column.parent_id] if column.parent_id is not None else ()
        names[column.id] = (*above, column.name)
        tree.setdefault(names[column.id], column)
    known = dict(tree)
    for top in sorted({one[:1] for one in wanted} - tree.keys()):
        namesakes = [one for one in known if one[-1:] == top]
        if len(namesakes) == 1:
            depth = len(namesakes[0])
            below = (one for one in known if one[:depth] == namesakes[0])
            tree |= {(*top, *one[depth:]): known[one] for one in below}
    return tree


@dataclass(frozen=True)
class BroughtFile:
    """A file of the old site whose bytes are in the blob store already."""

    address: str
    file: StoredFile


def bring_files(
    session: WalledSession, run: LegacyRun, files: Sequence[BroughtFile], *, by: Actor
) -> dict[str, str]:
    """Take files in and note where they are now: new path by old address."""
    stored = store_assets(session, [one.file for one in files], by=by)
    rows = addresses_named(session, run.id, [one.address for one in files])
    for one in files:
        asset = stored[(one.file.digest, one.file.name)]
        row = rows[one.address]
        row.asset_id, row.target = asset.id, asset.path
    return {address: row.target for address, row in rows.items()}


def refuse_file(session: WalledSession, run: LegacyRun, address: str, *, reason: str) -> None:
    """Leave a file out that no door of the platform lets in."""
    row = addresses_named(session, run.id, [address])[address]
    row.decision, row.reason = Decision.DROP, f"refused:{reason}"
    row.target = ""


def bring_items(
    session: WalledSession,
    run: LegacyRun,
    items: Sequence[ImportedItem],
    *,
    batch: str,
    by: Actor,
) -> dict[str, str]:
    """Take items in as drafts and note where they will stand: new path by old address.

    The same again changes nothing. The old address is the item's own.
    """
    import_items(session, run.site_id, items, run=batch, by=by)
    ids = [item.external_id for item in items]
    made = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(Item.external_id, Item.id, Item.path).where(Item.external_id.in_(ids))
        )
    }
    rows = addresses_named(session, run.id, [item.old_address for item in items])
    for item in items:
        row = rows[item.old_address]
        row.item_id, path = made[item.external_id]
        if row.decision == Decision.PAGE:
            row.target = path
    return {address: row.target for address, row in rows.items() if row.target}


def lead_on(session: WalledSession, run: LegacyRun, columns: Mapping[Names, Column]) -> None:
    """Note where redirects lead now; what was not brought in is stood for by the home page."""
    targets = targets_of(session, run.id)
    rows = addresses_of(session, run.id, decisions=[Decision.REDIRECT])
    rows = sorted(rows, key=lambda row: row.destination.startswith("address:"))
    for row in rows:
        row.target = targets[row.address] = _destination(row.destination, columns, targets)


def _destination(
    destination: str, columns: Mapping[Names, Column], targets: Mapping[str, str]
) -> str:
    kind, _, named = destination.partition(":")
    if kind == "path":
        return named
    if kind == "address":
        return targets.get(named, "/")
    names = fitting(named.split("/")) if kind == "column" else ()
    while names and names not in columns:
        names = names[:-1]
    return columns[names].path if names else "/"


def begin_run(session: WalledSession, run: LegacyRun) -> None:
    """Conflict unless the move is in a state from which it can be run (again)."""
    if run.state not in OPEN_STATES:
        raise Conflict(
            "not_open", N_("“{name}”的状态是 {state}，不能再运行"), name=run.name, state=run.state
        )
    run.changed_at = now()
    session.execute(update(LegacyAddress).where(LegacyAddress.run_id == run.id).values(outcome=""))


def finish_run(session: WalledSession, run: LegacyRun, *, by: Actor) -> None:
    """Call a move run. Records LegacySiteBrought."""
    rows = addresses_of(session, run.id)
    items = sum(1 for row in rows if row.item_id is not None)
    assets = sum(1 for row in rows if row.asset_id is not None)
    run.state, run.changed_at = RUN, now()
    session.record(LegacySiteBrought(session.tenant_id, run.id, items, assets), by=by)
