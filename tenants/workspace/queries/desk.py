"""The first page of a tenant: what waits for this person, what has happened, what falls behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.directory.models import Site
from hosting.directory.queries import main_site, sites_of_tenant
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import Edition, Item, Matter
from tenants.content.rules import WRITERS
from tenants.receipts.models import WithdrawalReceipt
from tenants.reposts.models import Repost
from tenants.review.models import Issue
from tenants.sites.models import Column
from tenants.workspace.queries import waiting
from tenants.workspace.queries.columns import ColumnState, column_states, in_need
from tenants.workspace.queries.planned import Planned, columns_by_id, planned, planned_count
from tenants.workspace.queries.receipts import leftovers
from tenants.workspace.queries.reposts import incoming_to
from tenants.workspace.queries.steps import Step, recent_steps
from tenants.workspace.queries.translations import Behind, behind
from tenants.workspace.queries.waiting import Returned, Waiting

_SHOWN = 6
# Who signs afterwards what was issued urgently, and who has to see that it is signed.
_ANSWERABLE = ("first_reviewer", "second_reviewer", "issuer", "tenant_admin")
# Who withdraws, and who has to see that nothing is left.
_WITHDRAWING = ("issuer", "tenant_admin")


@dataclass(frozen=True)
class Queue:
    """What waits at one stage: all that is there by number, the longest waiting by name."""

    stage: str
    total: int
    longest: Sequence[Waiting]


@dataclass(frozen=True)
class Desk:
    """What the first page shows; empty parts are left out by whoever shows it."""

    site: Site
    columns: dict[int, Column]
    returned: Sequence[Returned]
    queues: Sequence[Queue]
    leftovers: Sequence[tuple[Item, WithdrawalReceipt, Edition]]
    due: Sequence[tuple[Issue, Edition]]
    reposts: Sequence[tuple[Repost, Item, Edition]]
    drafts: Sequence[Waiting]
    behind: Sequence[Behind]
    planned: Sequence[Planned]
    planned_count: int
    recent: Sequence[tuple[Step, Matter, Edition]]
    needy: Sequence[ColumnState]


def desk(session: WalledSession, by: Actor) -> Desk:
    """The desk of one person."""
    is_writer = bool(by.roles.intersection(WRITERS))
    answers_for_reviews = bool(by.roles.intersection(_ANSWERABLE))
    answers_for_withdrawals = bool(by.roles.intersection(_WITHDRAWING))
    sites = sites_of_tenant(session, session.tenant_id)
    states = [state for each in sites for state in column_states(session, each.id)]
    returned = waiting.returned_to(session, by, limit=_SHOWN) if is_writer else ()
    return Desk(
        site=main_site(session),
        columns={each.column.id: each.column for each in states},
        returned=returned,
        queues=_queues(session, by),
        leftovers=leftovers(session, by, limit=_SHOWN) if answers_for_withdrawals else (),
        due=waiting.reviews_due(session, by) if answers_for_reviews else (),
        reposts=incoming_to(session, by, limit=_SHOWN, waiting=True) if is_writer else (),
        drafts=_other_drafts(session, by, returned) if is_writer else (),
        behind=behind(session, by, limit=_SHOWN) if is_writer else (),
        planned=planned(session, by, limit=_SHOWN),
        planned_count=planned_count(session, by),
        recent=recent_steps(session, by),
        needy=in_need(states),
    )


def _other_drafts(session: WalledSession, by: Actor, returned: Sequence[Returned]) -> list[Waiting]:
    """A person's drafts less those that stand above as sent back."""
    shown = {each.edition.id for each in returned}
    drafts = waiting.drafts_of(session, by, limit=_SHOWN + len(shown))
    return [each for each in drafts if each.edition.id not in shown][:_SHOWN]


def _queues(session: WalledSession, by: Actor) -> list[Queue]:
    counts = waiting.counts_at(session, by)
    return [
        Queue(stage, total, waiting.waiting_at(session, stage, by)[:_SHOWN])
        for stage, total in counts.items()
    ]


@dataclass(frozen=True)
class StageQueue:
    """All that waits at one stage; `counts` of every stage that the person signs."""

    stage: str
    counts: dict[str, int]
    waiting: Sequence[Waiting]
    columns: dict[int, Column]


def queue_at(session: WalledSession, stage: str, by: Actor) -> StageQueue:
    """The queue of a stage, or of the first that the person signs when they don't sign that one."""
    counts = waiting.counts_at(session, by)
    shown = stage if stage in counts else next(iter(counts))
    found = waiting.waiting_at(session, shown, by)
    return StageQueue(shown, counts, found, columns_by_id(session))
