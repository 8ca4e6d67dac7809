"""Giving up a draft."""

from __future__ import annotations

from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.operations import delete_draft
from tenants.review.queries import is_on_record


def discard_draft(
    session: WalledSession, matter_id: int, *, expected_digest: str, by: Actor
) -> None:
    """Delete a draft; one that reviewers have had before them stays on record, at its end.

    Raises and records as `delete_draft`.
    """
    delete_draft(
        session,
        matter_id,
        expected_digest=expected_digest,
        is_on_record=is_on_record(session, matter_id),
        by=by,
    )
