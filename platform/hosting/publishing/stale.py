"""Saying what changed: the only way to make a page be rendered again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from hosting.publishing.models import StaleMark
from hosting.runtime.clock import now
from hosting.runtime.jobs import BULK, PERSON
from hosting.runtime.session import WalledSession, insert_many

PUBLISH_SITE = "publish_site"
PUBLISH_FOLLOWING = "publish_following"
PACK_SITE = "pack_site"

FOLLOWING = "following"
"""The lane of marks of pages that follow, whatever lane made them stale."""

FOLLOW_SECONDS = 30
"""How long pages that follow wait for more of the same: with rendering well within a minute."""

PACK_SECONDS = 20
"""How long late copies of pages wait for more of the same."""

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
    _mark(session, site_id, subjects, lane)
    session.enqueue(PUBLISH_SITE, key=str(site_id), lane=lane, site_id=site_id)


def put_off(session: WalledSession, site_id: int, keys: Sequence[str], lane: str) -> None:
    """Mark pages that follow, in the transaction that forgets the marks which meant them.

    `lane` is the one whose work they follow. Enqueues the one job that makes them all, due soon.
    """
    _mark(session, site_id, [(KEY, key) for key in keys], FOLLOWING)
    due_at = now() + timedelta(seconds=FOLLOW_SECONDS)
    session.enqueue(PUBLISH_FOLLOWING, key=str(site_id), lane=lane, run_at=due_at, site_id=site_id)


def promise_packing(
    session: WalledSession,
    site_id: int,
    *,
    seconds: int = PACK_SECONDS,
    tenant_id: int | None = None,
) -> None:
    """Have late copies made; a platform session names the tenant.

    Commands do not wait for it: until then readers get the prompt copy.
    """
    due_at = now() + timedelta(seconds=seconds)
    session.enqueue(
        PACK_SITE,
        key=str(site_id),
        lane=BULK,
        run_at=due_at,
        tenant_id=tenant_id,
        site_id=site_id,
    )


def _mark(
    session: WalledSession, site_id: int, subjects: Sequence[tuple[str, str]], lane: str
) -> None:
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
