"""Carrying across tenants: two sessions, each bound to one tenant, and never one that sees both.

Whatever happened at the origin, the receiver's job reads how it stands there now and makes the copy
follow. So it is right when it runs twice, late, or after what came later.
"""

from __future__ import annotations

from dataclasses import replace

from hosting.publishing.blobs import open_store
from hosting.runtime.errors import Conflict
from hosting.runtime.language import N_
from hosting.runtime.pace import Pace
from hosting.runtime.worker import Work
from tenants.content.writing import clean_facts
from tenants.reposts.operations.ending import end_copy
from tenants.reposts.operations.sending import SPREAD, note_receivers, note_taker
from tenants.reposts.operations.taking import plan_copy, take
from tenants.reposts.operations.telling import note_told, told_of
from tenants.reposts.origins import Origin, is_still_signed, read_origin
from tenants.reposts.queries import sent_row
from tenants.review.operations.accepting import acceptance

CARRY, REPORT = "carry_repost", "report_repost"
TELL_ORIGIN = "tell_origin_of_acceptance"

__all__ = ["CARRY", "REPORT", "SPREAD", "TELL_ORIGIN"]


def spread_repost(work: Work, *, item_id: int) -> None:
    """At the origin: have each tenant that carries an item look at it."""
    with work.session() as session:
        spread = note_receivers(session, item_id)
    key, pace = f"{work.tenant_id}:{item_id}", Pace(work.runtime)
    for each in spread.receivers:
        with pace.transaction(), work.runtime.tenant_session(each) as session:
            session.enqueue(
                CARRY,
                key=key,
                lane=spread.lane,
                origin_tenant_id=work.tenant_id,
                origin_item_id=item_id,
            )


def carry_repost(work: Work, *, origin_tenant_id: int, origin_item_id: int) -> None:
    """At a receiver: make the copy say what the origin has signed, or end with it; then tell it."""
    with work.runtime.tenant_session(origin_tenant_id, reading=True) as session:
        origin = read_origin(
            session, origin_item_id, receiver_id=work.tenant_id, settings=work.runtime.settings
        )
    if origin is None:
        return
    if origin.content is None:
        with work.session() as session:
            end_copy(session, origin)
    else:
        _take(work, origin)
    report_repost(work, origin_tenant_id=origin_tenant_id, origin_item_id=origin_item_id)


def _take(work: Work, origin: Origin) -> None:
    with work.session(reading=True) as session:
        plan = plan_copy(session, origin)
    if plan is None:
        return
    assert origin.facts is not None
    said = clean_facts(replace(origin.facts, column_id=plan.column_id))
    _copy_files(work, origin)
    with work.session() as session:
        if plan_copy(session, origin) != plan:
            raise Conflict("changed_meanwhile", N_("转载的去向刚刚有变化，将重新办理"))
        # Asked where nobody else writes on SQLite; elsewhere what is withdrawn in this instant is
        # taken down by the job that its withdrawal has promised.
        with work.runtime.tenant_session(origin.tenant_id, reading=True) as there:
            is_signed = is_still_signed(there, origin)
        if is_signed:
            take(session, origin, plan=plan, said=said)


def _copy_files(work: Work, origin: Origin) -> None:
    """Put the bytes into the receiver's own store: what is deleted at the origin stays here."""
    store = open_store(work.runtime.settings)
    for file in origin.files:
        if not store.exists(work.tenant_id, file.digest):
            store.put(work.tenant_id, store.read(origin.tenant_id, file.digest))


def report_repost(work: Work, *, origin_tenant_id: int, origin_item_id: int) -> None:
    """Tell the origin how its copy stands, and where readers find it; nothing else."""
    with work.session(reading=True) as session:
        told = told_of(session, origin_tenant_id, origin_item_id)
    with work.runtime.tenant_session(origin_tenant_id, reading=True) as session:
        row = sent_row(session, origin_item_id, work.tenant_id)
    if told is None or row is None or told.is_said_by(row):
        return
    with work.runtime.tenant_session(origin_tenant_id) as there:
        kept = sent_row(there, origin_item_id, work.tenant_id, locked=True)
        # Read once more where no other report is written: the last one to write says what is so.
        with work.session(reading=True) as session:
            told = told_of(session, origin_tenant_id, origin_item_id)
        if kept is not None and told is not None:
            note_told(kept, told)


def tell_origin(work: Work, *, acceptance_id: int) -> None:
    """Tell a tenant that what it publishes is carried here from now on, or no longer."""
    with work.session(reading=True) as session:
        known = acceptance(session, acceptance_id)
    with work.runtime.tenant_session(known.origin_tenant_id) as session:
        note_taker(session, known, receiver_id=work.tenant_id)
