"""Sending, taking and ending reposts: each in a session of one tenant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select

from hosting.directory.queries import main_site
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.ids import new_id
from hosting.runtime.jobs import BULK, PERSON
from hosting.runtime.language import N_, text
from hosting.runtime.session import WalledSession, insert_many
from hosting.security.actor import PLATFORM_ACTOR, Actor
from tenants.content.models import SUPERSEDED, Edition, Item, Matter
from tenants.content.operations import create_item, save_draft
from tenants.content.queries import content_of, edition, item
from tenants.content.writing import CleanFacts
from tenants.media.operations import store_assets
from tenants.reposts.events import RepostEnded, RepostSent, RepostTaken
from tenants.reposts.models import (
    CARRIED,
    DECLINED,
    ENDED,
    GONE,
    SHOWN,
    WAITING,
    Repost,
    RepostTaker,
    SentRepost,
)
from tenants.reposts.origins import Origin, attachments_of, line_of_content, stored_files
from tenants.reposts.queries import (
    column_for,
    copies_among,
    copy_of,
    receivers_of,
    sent_row,
    takers_of,
)
from tenants.review.models import (
    BY_REPOST,
    BY_REVIEW,
    URGENT,
    RepostAcceptance,
)
from tenants.review.operations.issue import Ground, make_public
from tenants.review.operations.withdraw import take_down
from tenants.review.queries import acceptance_for, line_of, live_issue
from tenants.review.rules import check_role
from tenants.sites.queries import column

SPREAD = "spread_repost"
"""The job that tells the tenants which carry an item that it changed."""


def send(session: WalledSession, item_id: int, *, to: Collection[int], by: Actor) -> list[int]:
    """Have other tenants carry a public item; ids of those that were not asked before.

    Whoever issues it here may. With an acceptance it is public there, else it is a draft. What is
    itself carried from elsewhere is sent by those who signed it. Records RepostSent.
    """
    sent = session.scalars(select(Item).where(Item.id == item(session, item_id).id)).one()
    if sent.live_edition_id is None:
        raise Conflict("not_public", N_("这篇稿件当前没有公开，公开后才能送转"))
    check_role(by, "issuer", line_of(session, edition(session, sent.live_edition_id), by))
    if copies_among(session, [item_id]):
        raise Conflict("is_repost", N_("这篇稿件转载自其他单位，请由来源单位送转"))
    receivers = sorted(set(to) - {session.tenant_id})
    if not receivers:
        raise Invalid("no_receivers", N_("请选择至少一个转载单位"))
    added = add_receivers(session, item_id, receivers, by=by)
    session.record(RepostSent(session.tenant_id, item_id, added), by=by)
    enqueue_spread(session, item_id)
    return added


def add_receivers(
    session: WalledSession, item_id: int, receivers: Collection[int], *, by: Actor | None = None
) -> list[int]:
    """Note who shall carry an item; ids of those that are new. `by` None: they have accepted it."""
    known = set(
        session.scalars(select(SentRepost.receiver_tenant_id).where(SentRepost.item_id == item_id))
    )
    new = sorted(set(receivers) - known)
    sent_by, name = (None, "") if by is None else (by.account_id, by.name)
    rows = [
        {
            "id": new_id(),
            "item_id": item_id,
            "receiver_tenant_id": each,
            "sent_by": sent_by,
            "sent_name": name,
        }
        for each in new
    ]
    insert_many(session, SentRepost, rows)
    return new


def enqueue_spread(session: WalledSession, item_id: int, *, lane: str = BULK) -> None:
    """Promise to tell those who carry an item: what comes down at once, the rest in fair turns."""
    session.enqueue(SPREAD, key=str(item_id), lane=lane, item_id=item_id)


def note_taker(session: WalledSession, known: RepostAcceptance, *, receiver_id: int) -> None:
    """Keep at the origin whether another tenant's acceptance is in force."""
    row = session.scalars(
        select(RepostTaker).where(
            RepostTaker.receiver_tenant_id == receiver_id, RepostTaker.acceptance_id == known.id
        )
    ).first()
    is_in_force = known.state == "issued"
    if row is None and is_in_force:
        session.add(
            RepostTaker(
                receiver_tenant_id=receiver_id,
                acceptance_id=known.id,
                column_id=known.origin_column_id,
            )
        )
    elif row is not None and not is_in_force:
        session.delete(row)


@dataclass(frozen=True)
class Spread:
    """Who is to look at an item, and how urgently."""

    receivers: list[int]
    lane: str


def note_receivers(session: WalledSession, item_id: int) -> Spread:
    """Who carries an item, those among them who have accepted what is published where it stands.

    What comes down people wait for; the rest takes its fair turn.
    """
    shown = item(session, item_id)
    issue = live_issue(session, shown)
    if issue is not None and issue.ground in (BY_REVIEW, URGENT):
        takers = takers_of(session, line_of_content(session, content_of(session, issue.edition_id)))
        if takers and not copies_among(session, [item_id]):
            add_receivers(session, item_id, takers)
            session.flush()
    return Spread(receivers_of(session, item_id), PERSON if issue is None else BULK)


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
    at_home = _item_of(session, copy)
    if accepted is not None:
        site_id = column(session, accepted.column_id).site_id
        if at_home is None or at_home.site_id == site_id:
            return Plan(site_id, accepted.column_id, accepted.id)
    if at_home is not None:
        return Plan(at_home.site_id, at_home.column_id, None)
    waits_in = column_for(session, origin.column_path, origin.column_type)
    return None if waits_in is None else Plan(waits_in.site_id, waits_in.id, None)


def _item_of(session: WalledSession, copy: Repost | None) -> Item | None:
    if copy is None or copy.item_id is None:
        return None
    return session.scalars(select(Item).where(Item.id == copy.item_id)).first()


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
    at_home = _item_of(session, copy)
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


def end_copy(session: WalledSession, origin: Origin) -> bool:
    """Take a copy down because its origin was withdrawn; whether there was anything to end.

    What is on its way of it, signed or not, ends as well. Records ItemWithdrawn, RepostEnded.
    """
    copy = copy_of(session, origin.tenant_id, origin.item_id)
    if copy is None or copy.item_id is None:
        return False
    gone = session.scalars(select(Matter).where(Matter.id == copy.item_id).with_for_update()).one()
    if gone.live_edition_id is None and gone.draft_edition_id is None:
        return False
    if copy.state == CARRIED:
        copy.state = ENDED
    if gone.draft_edition_id is not None:
        edition(session, gone.draft_edition_id).state = SUPERSEDED
        gone.draft_edition_id = None
    if gone.live_edition_id is not None:
        live = edition(session, gone.live_edition_id)
        take_down(session, gone, live, reason=_why(origin), by=PLATFORM_ACTOR)
    session.record(
        RepostEnded(session.tenant_id, gone.id, origin.tenant_id, origin.item_id, origin.reason),
        by=PLATFORM_ACTOR,
    )
    return True


def _why(origin: Origin) -> str:
    if not origin.reason:
        return text(N_("来源单位“{name}”已按期撤下"), name=origin.name)
    return text(N_("来源单位“{name}”已撤稿：{reason}"), name=origin.name, reason=origin.reason)


def mark_declined(session: WalledSession, item_id: int, *, is_deleted: bool = False) -> None:
    """Note that people here took a copy down or gave up its draft: it is not carried again."""
    copy = copies_among(session, [item_id]).get(item_id)
    if copy is None or copy.state != CARRIED:
        return
    shown = session.scalars(select(Matter).where(Matter.id == item_id)).one()
    if is_deleted and shown.published_at is not None:
        return
    copy.state = DECLINED
    if is_deleted:
        copy.item_id = None
    session.flush()


@dataclass(frozen=True)
class Told:
    """What an origin is told of a copy: how it stands, and where readers find or found it."""

    state: str
    host: str = ""
    path: str = ""

    def is_said_by(self, row: SentRepost) -> bool:
        """Whether the origin has been told so."""
        return (row.state, row.host, row.path) == (self.state, self.host, self.path)


def told_of(session: WalledSession, origin_tenant_id: int, origin_item_id: int) -> Told | None:
    """What the origin may know of the copy here; None where there is none."""
    copy = copy_of(session, origin_tenant_id, origin_item_id)
    if copy is None:
        return None
    shown = _item_of(session, copy)
    was_public = shown is not None and shown.published_at is not None
    if shown is None or not was_public:
        return Told({DECLINED: DECLINED, ENDED: GONE}.get(copy.state, WAITING))
    state = SHOWN if shown.live_edition_id is not None else _off(copy)
    return Told(state, main_site(session).main_host, shown.path)


def _off(copy: Repost) -> str:
    return {DECLINED: DECLINED, ENDED: GONE}.get(copy.state, WAITING)


def note_told(session: WalledSession, item_id: int, told: Told, *, receiver_id: int) -> None:
    """Keep at the origin what it was told."""
    row = sent_row(session, item_id, receiver_id)
    if row is not None:
        row.state, row.host, row.path = told.state, told.host, told.path
