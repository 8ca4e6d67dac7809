"""Deletion's jobs."""

from __future__ import annotations

from hosting.runtime.worker import Work
from provisioning.deletion.operations import go_on
from provisioning.deletion.queries import unfinished
from provisioning.deletion.running import carry_out


def delete_tenant(work: Work, *, deletion_id: int) -> None:
    """Delete a tenant, or what is left of it."""
    carry_out(work.runtime, deletion_id)


def resume_deletions(work: Work) -> None:
    """Take up deletions whose job was lost or set aside."""
    with work.session() as session:
        for deletion_id in unfinished(session):
            go_on(session, deletion_id)
