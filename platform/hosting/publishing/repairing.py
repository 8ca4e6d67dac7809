"""Bringing addresses of a tree back to what the rows say."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial

from hosting.publishing.blobs import BlobDamaged, BlobMissing
from hosting.publishing.changesets import Entry
from hosting.publishing.manifest.chain import as_it_stands
from hosting.publishing.press import Press, in_one_go
from hosting.publishing.stale import changed
from hosting.publishing.standing import (
    IN_LIMIT,
    Standing,
    delete_pages,
    forget_names,
    slices,
    standing_by_path,
    write_pages,
)
from hosting.runtime.jobs import PERSON

log = logging.getLogger(__name__)


def restore(
    press: Press,
    paths: Sequence[str],
    *,
    tree: int,
    standing: Mapping[str, Standing] | None = None,
) -> list[str]:
    """Write again what belongs at these addresses, from the blobs; remove what does not.

    What belongs there is told by `standing`, or else by the rows.
    Returns the keys of pages whose blob is lost: they are forgotten and marked stale, so that they
    are rendered and written as if they were new.
    """
    lost: list[Entry] = []
    for some in slices(paths, IN_LIMIT):
        belongs = standing if standing is not None else _by_rows(press, some)
        entries = [entry_of(path, belongs.get(path)) for path in some]
        readable = [entry for entry in entries if not entry.is_write or _is_kept(press, entry)]
        lost += [entry for entry in entries if entry not in readable]
        press.put_in_tree(tree, readable)
    keys = [entry.key for entry in lost]
    if lost:
        again = [
            partial(forget_names, pages=[entry.page for entry in lost]),
            partial(delete_pages, site_id=press.site_id, keys=keys),
            partial(changed, site_id=press.site_id, names=(), keys=keys),
        ]
        press.write([partial(in_one_go, steps=again)], lane=PERSON)
    return keys


def restore_rows(press: Press, paths: Sequence[str], standing: Mapping[str, Standing]) -> None:
    """Make the rows of these addresses say what was signed, and have their pages rendered again.

    Rendering tells anew what they depend on; who forged a row may have forged that too.
    """
    for some in slices(paths, IN_LIMIT // 2):
        belongs = [standing[path] for path in some if path in standing]
        rows = _by_rows(press, some)
        keys = sorted({each.key for each in (*belongs, *rows.values())})
        entries = [entry_of(each.path, each) for each in belongs]
        steps = [
            partial(delete_pages, site_id=press.site_id, keys=keys),
            partial(write_pages, site_id=press.site_id, entries=entries),
            partial(changed, site_id=press.site_id, names=(), keys=keys),
        ]
        press.write([partial(in_one_go, steps=steps)], lane=PERSON)


def _by_rows(press: Press, paths: Sequence[str]) -> Mapping[str, Standing]:
    with press.reading() as session:
        return standing_by_path(session, press.site_id, paths)


def entry_of(path: str, here: Standing | None) -> Entry:
    """What to do to an address so that it is as it should be, whatever is there now."""
    if here is None:
        return Entry(path, None, None, "", 0, 0, 0)
    return as_it_stands(here)


def _is_kept(press: Press, entry: Entry) -> bool:
    assert entry.new is not None
    try:
        press.store.read(press.tenant_id, entry.new)
    except BlobMissing:
        return False
    except BlobDamaged:
        log.exception("blob %s of tenant %s is damaged", entry.new, press.tenant_id)
        # A put leaves alone what is there: the damaged one must not stay.
        press.store.delete(press.tenant_id, entry.new)
        return False
    return True
