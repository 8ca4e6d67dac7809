"""Saying what changed: the only way to make a page be rendered again."""

from __future__ import annotations

from collections.abc import Iterable

from hosting.publishing.models import StaleMark
from hosting.runtime.clock import now
from hosting.runtime.jobs import PERSON
from hosting.runtime.session import WalledSession, insert_many

PUBLISH_SITE = "publish_site"
KEY, NAME = "key", "name"


def changed(
    session: WalledSession,
    site_id: int,
    names: Iterable[str],
    keys: Iterable[str] = (),
    lane: str = PERSON,
) -> None:
    """Mark stale, in the caller's transaction, all pages that used one of `names`, and `keys`.

    Costs as many rows as there are names and keys, however many pages depend on them. New pages
    are known by nobody yet and must be named in `keys`. Enqueues the site's publishing job.
    """
    subjects = [(NAME, name) for name in dict.fromkeys(names)]
    subjects += [(KEY, key) for key in dict.fromkeys(keys)]
    if not subjects:
        return
    marked_at = now()
    insert_many(
        session,
        StaleMark,
        [
            {
                "site_id": site_id,
                "kind": kind,
                "subject": subject,
                "lane": lane,
                "marked_at": marked_at,
            }
            for kind, subject in subjects
        ],
    )
    session.enqueue(PUBLISH_SITE, key=str(site_id), lane=lane, site_id=site_id)
