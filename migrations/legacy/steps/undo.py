"""undo: take back exactly one move, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR, Actor
from migrations.legacy.models import CUT_OVER, OPEN_STATES, UNDONE
from migrations.legacy.operations.ending import (
    public_items,
    take_back_columns,
    take_back_drafts,
    take_back_public,
    take_back_redirects,
)
from migrations.legacy.operations.marking import mark_undone, require_state
from migrations.legacy.queries import run_by_id, run_of
from migrations.legacy.reading.sites import Progress, silent


@dataclass(frozen=True)
class Undone:
    """What was taken back."""

    deleted: int
    withdrawn: int
    redirects: int
    columns: int


def undo_move(
    runtime: Runtime, tenant_id: int, name: str, *, by: Actor, progress: Progress = silent
) -> Undone:
    """Withdraw what is public, delete what never was, end redirects, close columns it made.

    Files stay in the tenant's library: other items may show them by now. Interrupted and taken
    again, it goes on. Withdrawing needs an issuer: Invalid without a person, else
    Forbidden.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run = run_of(session, name)
        require_state(run, *OPEN_STATES, CUT_OVER, UNDONE)
        public = sorted(public_items(session, run))
    if public and by is PLATFORM_ACTOR:
        raise Invalid("by_missing", N_("撤回已公开的内容须写明操作人（--by）"))
    reason = text(N_("撤销老网站迁移“{name}”"), name=name)
    for number, item_id in enumerate(public):
        progress("withdraw", number, len(public))
        with runtime.tenant_session(tenant_id) as session:
            take_back_public(session, item_id, reason=reason, by=by)
    with runtime.tenant_session(tenant_id) as session:
        kept = run_by_id(session, run.id)
        deleted = take_back_drafts(session, kept, by=by)
        redirects = take_back_redirects(session, kept)
        columns = take_back_columns(session, kept, by=by)
        mark_undone(session, kept, deleted=deleted, withdrawn=len(public), by=by)
    drain(runtime)
    return Undone(deleted, len(public), redirects, columns)
