"""At a receiver: making the copy say what the origin has signed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.content.models import Edition
from tenants.content.operations import create_item, save_draft
from tenants.content.writing import CleanFacts
from tenants.media.operations import store_assets
from tenants.reposts.events import RepostTaken
from tenants.reposts.models import CARRIED, DECLINED, Repost
from tenants.reposts.origins import Origin, attachments_of, stored_files
from tenants.reposts.queries import column_for, copy_of, item_of_copy
from tenants.review.models import BY_REPOST, RepostAcceptance
from tenants.review.operations.issue import Ground, make_public
from tenants.review.queries import acceptance_for
from tenants.sites.queries import column


@dataclass(frozen=True)
class Plan:
    """Where a copy goes, and under which acceptance it is public there (None: it is a draft)."""

    site_id: int
    column_id: int
    acceptance_id: int | None


def plan_copy(session: WalledSession, origin: Origin) -> Plan | None:
    """What is to be done here with an item as its origin has signed it; None: nothing.

    Nothing where it was declined, or says already what was signed.
    """
    copy = copy_of(session, origin.tenant_id, origin.item_id)
    if copy is not None and copy.state == DECLINED:
        return None
    if copy is not None and copy.state == CARRIED and copy.origin_digest == origin.digest:
        return None
    accepted = acceptance_for(session, origin.tenant_id, origin.line)
    at_home = item_of_copy(session, copy)
    if accepted is not None:
        site_id = column(session, accepted.column_id).site_id
        if at_home is None or at_home.site_id == site_id:
            return Plan(site_id, accepted.column_id, accepted.id)
    if at_home is not None:
        return Plan(at_home.site_id, at_home.column_id, None)
    waits_in = column_for(session, origin.column_path, origin.column_type)
    return None if waits_in is None else Plan(waits_in.site_id, waits_in.id, None)


def take(session: WalledSession, origin: Origin, *, plan: Plan, said: CleanFacts) -> Repost:
    """Write the next edition of a copy: public under the plan's acceptance, else a draft.

    `said` are the facts but for files, whose bytes are in the store. What somebody here was
    writing of the item becomes a version of it. Records RepostTaken.
    """
    stored = store_assets(session, stored_files(origin.files), by=PLATFORM_ACTOR)
    facts = replace(
        said.facts, column_id=plan.column_id, attachments=attachments_of(origin, stored)
    )
    copy = copy_of(session, origin.tenant_id, origin.item_id)
    written = _write(session, copy, plan, replace(said, facts=facts))
    copy = _keep(session, copy, origin, written)
    session.record(
        RepostTaken(
            session.tenant_id,
            written.item_id,
            written.id,
            origin.tenant_id,
            origin.item_id,
            origin.digest,
            plan.acceptance_id,
        ),
        by=PLATFORM_ACTOR,
    )
    accepted = acceptance_for(session, origin.tenant_id, origin.line)
    if plan.acceptance_id is not None and accepted is not None:
        _make_public(session, written, accepted, origin)
    return copy


def _write(session: WalledSession, copy: Repost | None, plan: Plan, said: CleanFacts) -> Edition:
    at_home = item_of_copy(session, copy)
    if at_home is None:
        _, written = create_item(session, plan.site_id, facts=said, by=PLATFORM_ACTOR)
        return written
    return save_draft(session, at_home.id, facts=said, expected_digest=None, by=PLATFORM_ACTOR)


def _keep(session: WalledSession, copy: Repost | None, origin: Origin, written: Edition) -> Repost:
    if copy is None:
        copy = Repost(origin_tenant_id=origin.tenant_id, origin_item_id=origin.item_id)
        session.add(copy)
    copy.item_id, copy.edition_id = written.item_id, written.id
    copy.origin_edition_id, copy.origin_digest = origin.edition_id, origin.digest
    copy.origin_name, copy.state = origin.name, CARRIED
    session.flush()
    return copy


def _make_public(
    session: WalledSession, written: Edition, accepted: RepostAcceptance, origin: Origin
) -> None:
    """Through the one function that makes public, in the name of whoever signed the acceptance."""
    assert accepted.issued_by is not None
    ground = Ground(
        BY_REPOST,
        lines={written.id: (0, written.digest)},
        acceptance=accepted,
        origin_digest=origin.digest,
    )
    issuer = Actor(accepted.issued_by, accepted.issued_name)
    make_public(session, [written], ground=ground, by=issuer, leave_out=True)
