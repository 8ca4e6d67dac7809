"""What waits for a person: at which stage, since when, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import BANNER, DRAFT, Edition, Matter
from tenants.content.queries import WITHOUT_TEXT
from tenants.content.rules import Reach, reach_of
from tenants.review.models import RETURN, Issue, Signature, Submission
from tenants.review.queries import dossiers, urgent_unreviewed
from tenants.review.rules import ROLE_OF_STAGE, STATE_OF_STAGE, Dossier


@dataclass(frozen=True)
class Waiting:
    """An edition on its way, with its signatures; `since` is when it came to where it stands."""

    matter: Matter
    dossier: Dossier
    since: datetime

    @property
    def edition(self) -> Edition:
        """What waits."""
        return self.dossier.edition

    def is_by(self, account_id: int) -> bool:
        """Whether a person had a hand in it, so that others must review it."""
        return account_id in self.edition.written_by

    def is_signed_by(self, account_id: int) -> bool:
        """Whether a person has signed an earlier stage of it."""
        return any(each.signed_by == account_id for each in self.dossier.approvals().values())


@dataclass(frozen=True)
class Returned:
    """A draft that a reviewer sent back, with the opinion."""

    matter: Matter
    edition: Edition
    signature: Signature


def stages_of(by: Actor) -> list[str]:
    """The stages that a person signs, in the order of the work."""
    return [stage for stage, role in ROLE_OF_STAGE.items() if role in by.roles]


def waiting_at(
    session: WalledSession, stage: str, by: Actor, *, limit: int = 100
) -> Sequence[Waiting]:
    """What waits at a stage in columns where the person signs it, the longest waiting first."""
    reach = reach_of(session, by, ROLE_OF_STAGE[stage])
    statement = _open((STATE_OF_STAGE[stage],), reach).order_by(Edition.written_at, Edition.id)
    found = _with_dossiers(session, statement.limit(limit))
    return sorted(found, key=lambda each: (each.since, each.edition.id))


def drafts_of(session: WalledSession, by: Actor, *, limit: int = 20) -> Sequence[Waiting]:
    """Drafts that a person began, the last written first."""
    statement = _open((DRAFT,), Reach(frozenset(), by.account_id)).order_by(
        Edition.written_at.desc(), Edition.id.desc()
    )
    return _with_dossiers(session, statement.limit(limit))


def reviews_due(session: WalledSession, by: Actor) -> Sequence[tuple[Issue, Edition]]:
    """Urgent issues whose reviews are still due, the soonest due first."""
    reach = reach_of(session, by)
    return [
        (issue, edition)
        for issue, edition in urgent_unreviewed(session)
        if reach.column_ids is None or edition.place_id in reach.column_ids
    ]


def counts_at(session: WalledSession, by: Actor) -> dict[str, int]:
    """How many editions wait at each stage that a person signs, where they sign it."""
    return {
        stage: session.scalar(
            select(func.count()).select_from(
                _open((STATE_OF_STAGE[stage],), reach_of(session, by, ROLE_OF_STAGE[stage]))
                .with_only_columns(Edition.id)
                .subquery()
            )
        )
        or 0
        for stage in stages_of(by)
    }


def _open(states: Sequence[str], reach: Reach) -> Select[Matter, Edition]:
    """Matters with the edition on their way in one of these states, within a reach."""
    statement = (
        select(Matter, Edition)
        .join(
            Edition,
            (Edition.tenant_id == Matter.tenant_id) & (Edition.id == Matter.draft_edition_id),
        )
        .where(Edition.state.in_(states))
        .options(*WITHOUT_TEXT)
    )
    return within(statement, reach)


def within(statement: Select[Matter, Edition], reach: Reach) -> Select[Matter, Edition]:
    """Of matters and editions those within a reach."""
    if reach.column_ids is None:
        return statement
    return statement.where(
        (Edition.column_id.in_(reach.column_ids) & (Matter.kind != BANNER))
        | (Matter.created_by == reach.created_by)
    )


def _with_dossiers(session: WalledSession, statement: Select[Matter, Edition]) -> list[Waiting]:
    rows = session.execute(statement).all()
    found = dossiers(session, [row[1] for row in rows])
    handed_in = _handed_in(session, [row[1].id for row in rows])
    return [
        Waiting(row[0], dossier, _since(dossier, handed_in.get(dossier.edition.id)))
        for row, dossier in zip(rows, found, strict=True)
    ]


def _handed_in(session: WalledSession, edition_ids: Sequence[int]) -> dict[int, datetime]:
    """When each edition was handed in last."""
    rows = session.execute(
        select(Submission.edition_id, func.max(Submission.submitted_at))
        .where(Submission.edition_id.in_(edition_ids))
        .group_by(Submission.edition_id)
    )
    return {row[0]: row[1] for row in rows}


def _since(dossier: Dossier, handed_in: datetime | None) -> datetime:
    """The last step of an edition: its last signature, else its submission, else its writing."""
    steps = [dossier.edition.written_at, *(each.signed_at for each in dossier.signatures)]
    return max([*steps, handed_in] if handed_in else steps)


def return_of(session: WalledSession, edition: Edition) -> Signature | None:
    """The signature that sent an edition back, while it is not changed since."""
    if edition.state != DRAFT:
        return None
    return session.scalars(
        select(Signature)
        .where(Signature.edition_id == edition.id, Signature.decision == RETURN)
        .order_by(Signature.signed_at.desc())
        .limit(1)
    ).first()


def returned_to(session: WalledSession, by: Actor, *, limit: int = 20) -> Sequence[Returned]:
    """Drafts of a person that were sent back and not yet changed, the last returned first."""
    rows = session.execute(
        select(Matter, Edition, Signature)
        .join(
            Edition,
            (Edition.tenant_id == Matter.tenant_id) & (Edition.id == Matter.draft_edition_id),
        )
        .join(
            Signature,
            (Signature.tenant_id == Edition.tenant_id) & (Signature.edition_id == Edition.id),
        )
        .where(
            Edition.state == DRAFT,
            Signature.decision == RETURN,
            Matter.created_by == by.account_id,
        )
        .options(*WITHOUT_TEXT)
        .order_by(Signature.signed_at)
    )
    last = {row[0].id: Returned(row[0], row[1], row[2]) for row in rows}
    return sorted(last.values(), key=lambda each: each.signature.signed_at, reverse=True)[:limit]
