"""Finishing what a publisher began before it died."""

from __future__ import annotations

import logging
from functools import partial

from hosting.publishing import changesets
from hosting.publishing.blobs import BlobDamaged, BlobMissing
from hosting.publishing.lock import locks_folder, rebuild_lock, site_lock
from hosting.publishing.manifest.chain import signed_of
from hosting.publishing.manifest.statement import CHANGES
from hosting.publishing.models import ChangeSet
from hosting.publishing.press import Press
from hosting.publishing.rebuild import discard_leftovers
from hosting.publishing.repairing import entry_of, restore
from hosting.publishing.stale import changed
from hosting.publishing.standing import page_steps, standing_by_path
from hosting.publishing.switching import finish_rows, finish_switch
from hosting.publishing.tree import discard
from hosting.runtime.errors import Conflict
from hosting.runtime.jobs import PERSON

log = logging.getLogger(__name__)


def finish_interrupted(press: Press) -> None:
    """Bring every recorded change set to its end, then clear what was left aside.

    The marks are still there, so all its pages are rendered again afterwards.
    """
    with press.reading() as session:
        unfinished = list(changesets.open_change_sets(session, press.site_id))
        tree = changesets.current_tree(session, press.site_id)
    for change_set in unfinished:
        log.warning("finishing change set %s of site %s", change_set.number, press.site_id)
        if not _is_ours(press, change_set):
            _refuse(press, change_set)
        elif change_set.is_switch:
            finish_switch(press, change_set)
        else:
            _finish(press, change_set)
    finish_rows(press)
    press.folder.prepare(press.files, unfinished[-1].tree if unfinished else tree)
    discard(press.files, press.folder.staging)
    with site_lock(locks_folder(press.home), rebuild_lock(press.site_id)) as rebuilding:
        if rebuilding is not None:
            discard_leftovers(press)


def _is_ours(press: Press, change_set: ChangeSet) -> bool:
    """Whether the signer made this link, and nothing after it.

    Else somebody wrote it into the database, or opened one again that was done long ago.
    """
    signed = signed_of(change_set)
    head = press.signer.head(press.tenant_id, press.site_id)
    if signed is None:
        return not head.number
    if head.digest == signed.statement.digest:
        return True
    try:
        press.signer.confirm(signed)
    except Conflict:
        return False
    return signed.statement.number > head.number


def _refuse(press: Press, change_set: ChangeSet) -> None:
    """Do nothing of what it says; have its pages rendered again from what was signed."""
    log.error("change set %s of site %s is not ours", change_set.number, press.site_id)
    keys = [entry.key for entry in changesets.entries_of(change_set)]
    again = partial(changed, site_id=press.site_id, names=(), keys=keys)
    press.write([again, press.closing(change_set, changesets.ABANDONED)], lane=PERSON)


def _finish(press: Press, change_set: ChangeSet) -> None:
    entries = changesets.entries_of(change_set)
    try:
        press.put_in_tree(change_set.tree, entries)
    except (BlobMissing, BlobDamaged):
        log.exception("a blob of change set %s is lost", change_set.number)
        _take_back(press, change_set)
        return
    press.note_for_rows(entries)
    press.write([*page_steps(press.site_id, entries), press.closing(change_set)], lane=PERSON)


def _take_back(press: Press, change_set: ChangeSet) -> None:
    """Go back to what the rows say, by a link of its own, and have the pages rendered again."""
    entries = changesets.entries_of(change_set)
    restore(press, [entry.path for entry in entries], tree=change_set.tree)
    with press.reading() as session:
        standing = standing_by_path(session, press.site_id, [entry.path for entry in entries])
    back = [entry_of(path, standing.get(path)) for path in {entry.path: None for entry in entries}]
    taken_back = press.record(
        CHANGES,
        change_set.tree,
        back,
        partial(changed, site_id=press.site_id, names=(), keys=[e.key for e in entries]),
        press.closing(change_set, changesets.ABANDONED),
    )
    press.write([press.closing(taken_back)], lane=PERSON)
