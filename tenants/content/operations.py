"""Writing items: by a person, one by one. `importing.py` has the batch form."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.events import DraftDeleted, EditionSaved, ItemCreated, RunDeleted
from tenants.content.facts import EditionFacts
from tenants.content.models import (
    DRAFT,
    ColumnMatter,
    Edition,
    EditionAsset,
    EditionColumn,
    EditionTranslation,
    Item,
    Matter,
    item_path,
)
from tenants.content.queries import column_has_items, edition, item, matter
from tenants.content.rules import check_author, check_writer
from tenants.content.translations import check_original
from tenants.content.versions import begin_next, check_seen, retire
from tenants.content.writing import (
    CleanFacts,
    Draft,
    clean_facts,
    draft_editions,
    write_editions,
)
from tenants.sites.models import PLANNED
from tenants.sites.operations.changing import close_column, forget_column
from tenants.sites.queries import column

_SLICE = 400


def create_item(
    session: WalledSession, site_id: int, *, facts: EditionFacts | CleanFacts, by: Actor
) -> tuple[Item, Edition]:
    """Begin a draft. The text is sanitised; Invalid lists all that is wrong.

    Forbidden in a column that the person does not write in. Records ItemCreated.
    """
    cleaned = clean_facts(facts)
    facts = cleaned.facts
    check_writer(session, by, facts.column_ids)
    check_original(session, site_id, facts.translation_of_id)
    (draft,) = draft_editions(session, site_id, [cleaned], by=by)
    item_id, made_at = new_id(), now()
    made = Item(
        id=item_id,
        site_id=site_id,
        column_id=facts.column_id,
        path=item_path(item_id, made_at),
        draft_edition_id=draft.row["id"],
        created_at=made_at,
        created_by=by.account_id,
    )
    session.add(made)
    draft.row.update(item_id=item_id, number=1)
    write_editions(session, [draft])
    session.record(ItemCreated(session.tenant_id, item_id, draft.row["id"], draft.digest), by=by)
    return made, edition(session, draft.row["id"])


def save_draft(
    session: WalledSession,
    item_id: int,
    *,
    facts: EditionFacts | CleanFacts,
    expected_digest: str | None,
    by: Actor,
) -> Edition:
    """Save an item's draft, or begin one beside the live edition, which stays public meanwhile.

    `expected_digest` is that of the edition the writer saw (None: not checked); Conflict when
    somebody saved in between. An edition that waits in review or is scheduled goes back to draft
    as a new edition: the signatures stay with the old one. Saving what is there changes nothing.
    Forbidden where the person writes neither there where it stands nor there where it goes.
    Records EditionSaved.
    """
    cleaned = clean_facts(facts)
    facts = cleaned.facts
    written = item(session, item_id)
    check_writer(session, by, (written.column_id, *facts.column_ids), created_by=written.created_by)
    check_original(session, written.site_id, facts.translation_of_id, item_id=item_id)
    (draft,) = draft_editions(session, written.site_id, [cleaned], by=by)
    open_edition = edition(session, written.draft_edition_id) if written.draft_edition_id else None
    check_seen(session, written, open_edition, expected_digest)
    if open_edition is not None and open_edition.digest == draft.digest:
        return open_edition
    sent_back = open_edition is not None and open_edition.state != DRAFT
    _replace_draft(session, written, open_edition, draft, by)
    session.record(
        EditionSaved(session.tenant_id, item_id, draft.row["id"], draft.digest, sent_back), by=by
    )
    return edition(session, draft.row["id"])


def _replace_draft(
    session: WalledSession, written: Item, old: Edition | None, draft: Draft, by: Actor
) -> None:
    """Write the next edition of an item; who wrote the one it replaces has written it too."""
    number, writers = begin_next(session, written, old, by=by)
    draft.row.update(item_id=written.id, number=number, written_by=writers)
    write_editions(session, [draft])
    written.draft_edition_id = draft.row["id"]
    if written.live_edition_id is None:
        written.column_id = draft.row["column_id"]


def delete_draft(
    session: WalledSession, matter_id: int, *, expected_digest: str, is_on_record: bool, by: Actor
) -> None:
    """Delete the open edition, and the matter with it where it never was public.

    What was handed in once (`is_on_record`) is kept with what was signed of it, and only ends. A
    column that was planned for it goes too. Conflict when it is in review (return it first) or
    was saved meanwhile. Records DraftDeleted.
    """
    written = matter(session, matter_id)
    check_author(session, written, written.column_id, by)
    if written.draft_edition_id is None:
        raise Conflict("no_draft", N_("这篇稿件没有草稿"))
    draft = edition(session, written.draft_edition_id)
    if draft.digest != expected_digest:
        raise Conflict("saved_meanwhile", N_("他人刚刚保存了这篇稿件，请核对最新内容后再操作"))
    if draft.state != DRAFT:
        raise Conflict("in_review", N_("稿件正在审核，退回后才能删除"))
    session.record(DraftDeleted(session.tenant_id, matter_id, draft.id, draft.digest), by=by)
    written.draft_edition_id = None
    is_new, column_id = written.published_at is None, written.column_id
    is_planned = isinstance(written, ColumnMatter) and column(session, column_id).state == PLANNED
    if is_new and not is_on_record:
        _delete_matters(session, [matter_id])
    else:
        retire(draft)
    if is_planned:
        end = close_column if is_on_record else forget_column
        end(session, column_id, in_use=column_has_items(session, column_id), by=by)


def delete_run(session: WalledSession, run: str, *, by: Actor) -> int:
    """Delete all items of a run that never were public; how many. Records RunDeleted.

    What was public stays; it is withdrawn, not deleted.
    """
    ids = session.scalars(select(Item.id).where(Item.run == run, Item.published_at.is_(None))).all()
    for start in range(0, len(ids), _SLICE):
        _delete_matters(session, ids[start : start + _SLICE])
    if ids:
        session.record(RunDeleted(session.tenant_id, run, len(ids)), by=by)
    return len(ids)


def _delete_matters(session: WalledSession, item_ids: Sequence[int]) -> None:
    """Delete matters with all their editions; nothing refers to what never was public."""
    editions = select(Edition.id).where(Edition.item_id.in_(item_ids))
    session.flush()
    for model in (EditionAsset, EditionColumn, EditionTranslation):
        session.execute(delete(model).where(model.edition_id.in_(editions)))
    session.execute(delete(Edition).where(Edition.item_id.in_(item_ids)))
    session.execute(delete(Matter).where(Matter.id.in_(item_ids)))
