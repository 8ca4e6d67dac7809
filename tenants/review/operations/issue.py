"""The one function that makes anything public, whatever door it came through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from hosting.runtime.clock import local, now
from hosting.runtime.errors import Conflict
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession, ensure_rows, insert_many
from hosting.security.actor import Actor
from tenants.content.models import ISSUE, PUBLISHED, SCHEDULED, SUPERSEDED, Edition, Matter
from tenants.content.queries import Content, contents_of
from tenants.review.events import IssueRefused, ItemsIssued
from tenants.review.models import (
    BY_ORDER,
    BY_REPOST,
    BY_REVIEW,
    URGENT,
    Issue,
    Register,
    RepostAcceptance,
)
from tenants.review.operations.accepting import acceptance_digest, is_in_force
from tenants.review.operations.columns import carry_out_on_columns
from tenants.review.operations.promises import promise_the_end
from tenants.review.operations.slots import Wanted, place_in_lists
from tenants.review.queries import dossiers, register_year
from tenants.review.rules import Dossier, why_not_public
from tenants.sites.queries import not_open


@dataclass(frozen=True)
class Ground:
    """On what ground editions become public.

    By review nothing more is needed; urgent needs a reason and a due date for the reviews; by
    order needs the issued order's register entry and each edition's serial and signed digest; a
    repost the acceptance, the digest that the origin signed, and the digest of what is carried.
    """

    kind: str = BY_REVIEW
    reason: str = ""
    review_due_at: datetime | None = None
    order_id: int | None = None
    year: int = 0
    number: int = 0
    lines: dict[int, tuple[int, str]] = field(default_factory=dict)
    acceptance: RepostAcceptance | None = None
    origin_digest: str = ""


def make_public(
    session: WalledSession,
    editions: Sequence[Edition],
    *,
    ground: Ground,
    by: Actor,
    leave_out: bool = False,
) -> None:
    """Issue editions: all, or (Conflict) none.

    With `leave_out` those that may be issued, and the others are recorded as IssueRefused.

    Each edition is read again and must be what was signed, on a ground that holds now. It takes
    its places in lists and the next number of the register, replaces the edition that was live,
    and readers see it when the event ItemsIssued has been worked off.
    """
    contents = _issuable(session, editions, ground, by=by, leave_out=leave_out)
    editions = [content.edition for content in contents.values()]
    if not editions:
        return
    matters = _matters_of(session, editions)
    issued_at = now()
    for each in matters.values():
        each.published_at = each.published_at or issued_at
    carry_out_on_columns(session, editions, by=by)
    slots = place_in_lists(session, _wanted(contents, matters))
    year, number = (ground.year, ground.number) if ground.order_id else take_number(session)
    issues = [_issue(each, ground, year, number, issued_at, by) for each in editions]
    replaced = _replace_live(session, editions, matters)
    insert_many(session, Issue, issues)
    told: list[list[object]] = [
        [each.item_id, each.id, each.item_id in replaced] for each in editions
    ]
    session.record(ItemsIssued(session.tenant_id, ground.kind, year, number, told, slots), by=by)
    promise_the_end(session, editions)


def _issuable(
    session: WalledSession,
    editions: Sequence[Edition],
    ground: Ground,
    *,
    by: Actor,
    leave_out: bool,
) -> dict[int, Content]:
    """What may be issued, read again, by edition id; Conflict unless the rest may be left out."""
    contents = contents_of(session, editions)
    refused = _refused(session, editions, contents, ground)
    if refused and not leave_out:
        raise _not_issuable(*refused[0])
    for edition, why in refused:
        session.record(IssueRefused(session.tenant_id, edition.item_id, edition.id, why), by=by)
        del contents[edition.id]
    return contents


def _refused(
    session: WalledSession,
    editions: Sequence[Edition],
    contents: dict[int, Content],
    ground: Ground,
) -> list[tuple[Edition, str]]:
    """Editions that must not become public on this ground, each with why."""
    signed = (
        # An order is its own signature, an acceptance stands for those of the origin.
        [Dossier(edition, (), ()) for edition in editions]
        if ground.kind in (BY_ORDER, BY_REPOST)
        else dossiers(session, editions)
    )
    hidden = not_open(session, _columns_of(contents.values()))
    asked = [
        (dossier.edition, why_not(contents[dossier.edition.id], dossier, ground, hidden))
        for dossier in signed
    ]
    return [(edition, why) for edition, why in asked if why is not None]


def _columns_of(contents: Iterable[Content]) -> set[int]:
    """Columns in which items would stand."""
    found = (each for each in contents if each.edition.is_of_item)
    return {c for each in found for c in (each.edition.column_id, *each.extra_column_ids)}


def _not_issuable(edition: Edition, why: str) -> Conflict:
    if why == "column_not_open":
        return Conflict(why, N_("“{title}”所在的栏目尚未公开，请先审发栏目"), title=edition.title)
    return Conflict(
        "not_issuable",
        N_("“{title}”不具备发布条件（{why}），未发布"),
        title=edition.title,
        why=why,
    )


def why_not(
    content: Content, dossier: Dossier, ground: Ground, hidden: AbstractSet[int] = frozenset()
) -> str | None:
    """Why an edition must not become public on this ground, as a code; None when it may.

    `hidden` are columns that readers don't see.
    """
    edition = dossier.edition
    if content.digest() != edition.digest:
        return "altered"
    if not hidden.isdisjoint(_columns_of([content])):
        return "column_not_open"
    if ground.kind == BY_REVIEW:
        if edition.state not in (ISSUE, SCHEDULED):
            return "not_in_final_review"
        return why_not_public(dossier)
    if not edition.is_open:
        return "not_open"
    return _WHY_NOT[ground.kind](content, dossier, ground)


def _not_urgent(_content: Content, dossier: Dossier, ground: Ground) -> str | None:
    if not ground.reason or ground.review_due_at is None:
        return "reason_missing"
    return None if dossier.cleared() is not None else "secrecy_review_missing"


def _unordered(content: Content, _dossier: Dossier, ground: Ground) -> str | None:
    edition = content.edition
    signed = ground.lines.get(edition.id) if ground.order_id else None
    return None if signed is not None and signed[1] == edition.digest else "not_in_order"


def _unaccepted(content: Content, _dossier: Dossier, ground: Ground) -> str | None:
    """A repost goes where the acceptance says, as it was taken from what the origin signed."""
    accepted, edition = ground.acceptance, content.edition
    if accepted is None or not is_in_force(accepted) or not ground.origin_digest:
        return "not_accepted"
    if accepted.digest != acceptance_digest(accepted):
        return "acceptance_altered"
    if _columns_of([content]) != {accepted.column_id}:
        return "elsewhere_than_accepted"
    return None if ground.lines.get(edition.id, (0, ""))[1] == edition.digest else "not_as_taken"


_WHY_NOT = {URGENT: _not_urgent, BY_ORDER: _unordered, BY_REPOST: _unaccepted}


def list_date(edition: Edition, published_at: datetime) -> date:
    """The date by which lists show and sort: the original one where there is one."""
    return edition.original_date or local(published_at).date()


def _matters_of(session: WalledSession, editions: Sequence[Edition]) -> dict[int, Matter]:
    ids = [each.item_id for each in editions]
    return {
        each.id: each
        for each in session.scalars(select(Matter).where(Matter.id.in_(ids)).with_for_update())
    }


def _wanted(contents: dict[int, Content], matters: dict[int, Matter]) -> Wanted:
    wanted: Wanted = {}
    for content in contents.values():
        edition = content.edition
        if not edition.is_of_item:
            continue
        published_at = matters[edition.item_id].published_at
        assert published_at is not None
        shown = frozenset((edition.column_id, *content.extra_column_ids))
        wanted[edition.item_id] = (list_date(edition, published_at), shown)
    return wanted


def _replace_live(
    session: WalledSession, editions: Sequence[Edition], matters: dict[int, Matter]
) -> set[int]:
    """Put editions in the place of those that were live; ids of the matters that had one."""
    old_ids = [i.live_edition_id for i in matters.values() if i.live_edition_id is not None]
    replaced = set()
    if old_ids:
        for old in session.scalars(select(Edition).where(Edition.id.in_(old_ids))):
            old.state = SUPERSEDED
            replaced.add(old.item_id)
    for edition in editions:
        edition.state = PUBLISHED
        matter = matters[edition.item_id]
        matter.live_edition_id = edition.id
        matter.column_id = edition.column_id
        if matter.draft_edition_id == edition.id:
            matter.draft_edition_id = None
    return replaced


def take_number(session: WalledSession) -> tuple[int, int]:
    """The next number of the tenant's register: (year, number), without gaps.

    Locks the register until the transaction ends, so a number is only used up when it commits.
    """
    year = register_year()
    ensure_rows(session, Register, [{"id": new_id(), "year": year, "last_number": 0}])
    register = session.scalars(
        select(Register)
        .where(Register.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    register.last_number += 1
    return year, register.last_number


def _issue(
    edition: Edition, ground: Ground, year: int, number: int, issued_at: datetime, by: Actor
) -> dict[str, object]:
    serial, _ = ground.lines.get(edition.id, (0, ""))
    return {
        "id": new_id(),
        "item_id": edition.item_id,
        "edition_id": edition.id,
        "digest": edition.digest,
        "ground": ground.kind,
        "order_id": ground.order_id,
        "acceptance_id": ground.acceptance.id if ground.acceptance is not None else None,
        "origin_digest": ground.origin_digest or None,
        "year": year,
        "number": number,
        "serial": serial,
        "issued_by": by.account_id,
        "issued_name": by.name,
        "issued_at": issued_at,
        "reason": ground.reason,
        "review_due_at": ground.review_due_at,
    }
