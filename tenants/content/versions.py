"""One edition after another: what is common to the next edition of whatever is reviewed."""

from __future__ import annotations

from sqlalchemy import func, select

from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.events import EditionSaved, ItemCreated
from tenants.content.models import DRAFT, SUPERSEDED, Edition, Matter
from tenants.content.queries import edition


def check_seen(
    session: WalledSession, written: Matter, open_edition: Edition | None, expected: str | None
) -> None:
    """Raise Conflict where the edition that a writer began with is no longer the newest."""
    seen = open_edition
    if seen is None and written.live_edition_id is not None:
        seen = edition(session, written.live_edition_id)
    if seen is not None and expected is not None and seen.digest != expected:
        raise Conflict("saved_meanwhile", N_("他人刚刚保存了这篇稿件，请核对最新内容后再保存"))


def begin_next(
    session: WalledSession, written: Matter, old: Edition | None, *, by: Actor
) -> tuple[int, list[int]]:
    """Retire the edition on its way (`old`); number and writers of the one that replaces it.

    Who wrote the one that is replaced has written the next one too.
    """
    last = session.scalar(select(func.max(Edition.number)).where(Edition.item_id == written.id))
    writers = [] if old is None else old.written_by
    if old is not None:
        retire(old)
    return (last or 0) + 1, list(dict.fromkeys([*writers, by.account_id]))


def add_first(session: WalledSession, made: Matter, draft: Edition, *, by: Actor) -> Edition:
    """Keep a new matter with its first edition. Records ItemCreated."""
    draft.item_id, draft.number = made.id, 1
    made.draft_edition_id = draft.id
    session.add_all([made, draft])
    session.flush()
    session.record(ItemCreated(session.tenant_id, made.id, draft.id, draft.digest), by=by)
    return draft


def add_next(
    session: WalledSession, known: Matter, draft: Edition, expected: str | None, *, by: Actor
) -> Edition:
    """Keep the next edition of a matter, or answer the open one where it says the same.

    Raises as `check_seen`. Records EditionSaved.
    """
    open_edition = edition(session, known.draft_edition_id) if known.draft_edition_id else None
    check_seen(session, known, open_edition, expected)
    if open_edition is not None and open_edition.digest == draft.digest:
        return open_edition
    sent_back = open_edition is not None and open_edition.state != DRAFT
    draft.item_id = known.id
    draft.number, draft.written_by = begin_next(session, known, open_edition, by=by)
    session.add(draft)
    session.flush()
    known.draft_edition_id = draft.id
    session.record(
        EditionSaved(session.tenant_id, known.id, draft.id, draft.digest, sent_back), by=by
    )
    return draft


def retire(old: Edition) -> None:
    """Keep a replaced edition: what was signed stays readable, and every save is a version."""
    old.state = SUPERSEDED
