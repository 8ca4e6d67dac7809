"""The batch form of writing: many items in, as drafts, no query per item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update

from hosting.runtime.clock import now
from hosting.runtime.ids import new_id
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import Actor
from tenants.content.events import ItemsImported
from tenants.content.models import OPEN_STATES, SUPERSEDED, Edition, Item, item_path
from tenants.content.queries import newest_edition_id
from tenants.content.translations import check_original
from tenants.content.writing import CleanFacts, Draft, draft_editions, write_editions


@dataclass(frozen=True)
class ImportedItem:
    """One item of a batch; `external_id` is its key in the source, `where` names it in reports."""

    external_id: str
    facts: CleanFacts
    old_address: str = ""
    where: str = ""


@dataclass
class ImportOutcome:
    """What became of a batch: (item id, edition id) of each, in the batch's order."""

    created: list[tuple[int, int]] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)
    unchanged: list[tuple[int, int]] = field(default_factory=list)


def import_items(
    session: WalledSession, site_id: int, rows: Sequence[ImportedItem], *, run: str, by: Actor
) -> ImportOutcome:
    """Take items in as drafts; Invalid lists all problems of the batch, and then none is taken.

    The same key and digest again: unchanged. Another digest: a new draft edition. At most a few
    hundred rows a call, so that a transaction stays short. Records ItemsImported.
    """
    drafts = draft_editions(
        session, site_id, [row.facts for row in rows], by=by, names=[row.where for row in rows]
    )
    known = _known_items(session, [row.external_id for row in rows])
    _check_originals(session, site_id, rows, known)
    outcome, new_items, to_write = ImportOutcome(), [], []
    for row, draft in zip(rows, drafts, strict=True):
        found = known.get(row.external_id)
        if found is None:
            new_items.append(_new_item(row, draft, site_id, run, by))
            to_write.append(draft)
            outcome.created.append((draft.row["item_id"], draft.row["id"]))
        elif found.digest == draft.digest:
            outcome.unchanged.append((found.item_id, found.edition_id))
        else:
            _next_edition(session, found, draft)
            to_write.append(draft)
            outcome.changed.append((found.item_id, draft.row["id"]))
    insert_many(session, Item, new_items)
    write_editions(session, to_write)
    if to_write:
        session.record(
            ItemsImported(session.tenant_id, run, len(outcome.created), len(outcome.changed)), by=by
        )
    return outcome


def _check_originals(
    session: WalledSession,
    site_id: int,
    rows: Sequence[ImportedItem],
    known: Mapping[str, _Known],
) -> None:
    """As of an item that a person writes; translations are few, so one by one."""
    for row in rows:
        found = known.get(row.external_id)
        check_original(
            session,
            site_id,
            row.facts.facts.translation_of_id,
            item_id=found.item_id if found else None,
        )


@dataclass(frozen=True)
class _Known:
    item_id: int
    edition_id: int
    digest: str
    number: int


def _known_items(session: WalledSession, external_ids: Sequence[str]) -> dict[str, _Known]:
    last = (
        select(func.max(Edition.number))
        .where(Edition.item_id == Item.id)
        .correlate(Item)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Item.external_id, Item.id, Edition.id, Edition.digest, last)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == newest_edition_id()))
        .where(Item.external_id.in_(external_ids))
    )
    return {row[0]: _Known(row[1], row[2], row[3], row[4]) for row in rows}


def _new_item(row: ImportedItem, draft: Draft, site_id: int, run: str, by: Actor) -> dict[str, Any]:
    item_id, made_at = new_id(), now()
    draft.row.update(item_id=item_id, number=1)
    return {
        "id": item_id,
        "site_id": site_id,
        "column_id": draft.row["column_id"],
        "path": item_path(item_id, made_at),
        "draft_edition_id": draft.row["id"],
        "external_id": row.external_id,
        "old_address": row.old_address,
        "run": run,
        "created_at": made_at,
        "created_by": by.account_id,
    }


def _next_edition(session: WalledSession, found: _Known, draft: Draft) -> None:
    draft.row.update(item_id=found.item_id, number=found.number + 1)
    session.execute(
        update(Edition)
        .where(Edition.id == found.edition_id, Edition.state.in_(OPEN_STATES))
        .values(state=SUPERSEDED)
    )
    session.execute(
        update(Item).where(Item.id == found.item_id).values(draft_edition_id=draft.row["id"])
    )
