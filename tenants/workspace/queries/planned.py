"""What will happen of itself, and when: what goes out, what comes down, whose validity ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import OPEN_STATES, PUBLISHED, SCHEDULED, Edition, Matter
from tenants.content.queries import WITHOUT_TEXT
from tenants.content.rules import Reach, reach_of
from tenants.review.due import ACTS, EXPIRE, ISSUE, WITHDRAW, Due, is_expired, time_of
from tenants.review.queries import dossiers
from tenants.review.rules import Dossier
from tenants.sites.models import Column
from tenants.workspace.queries.items import columns_in_order
from tenants.workspace.queries.waiting import within

_TIMES: Mapping[str, InstrumentedAttribute[Any]] = {
    ISSUE: Edition.publish_at,
    WITHDRAW: Edition.withdraw_at,
    EXPIRE: Edition.valid_until,
}


@dataclass(frozen=True)
class Planned:
    """One thing that an edition names a time for; `signed` is what has been signed of it."""

    due: Due
    matter: Matter
    signed: Dossier

    @property
    def edition(self) -> Edition:
        """Of what it will be done."""
        return self.signed.edition


def planned(
    session: WalledSession, by: Actor, *, offset: int = 0, limit: int = 20
) -> Sequence[Planned]:
    """What is planned within a person's reach, the soonest first.

    Editions on their way stand there whether or not they will keep their time; what has passed its
    time and is not done stands first.
    """
    reach, most = reach_of(session, by), offset + limit
    found: list[tuple[Due, Matter, Edition]] = []
    for act in ACTS:
        rows = session.execute(_statement(act, reach).order_by(_TIMES[act], Edition.id).limit(most))
        found += [(Due(time_of(act, row[1]), act, row[1].id), row[0], row[1]) for row in rows]
    shown = sorted(found, key=lambda each: each[0].turn)[offset:most]
    signed = dossiers(session, [edition for _, _, edition in shown])
    return [Planned(each[0], each[1], dossier) for each, dossier in zip(shown, signed, strict=True)]


def planned_count(session: WalledSession, by: Actor) -> int:
    """How many things are planned within a person's reach."""
    reach = reach_of(session, by)
    counted = (_statement(act, reach).with_only_columns(Edition.id).subquery() for act in ACTS)
    return sum(session.scalar(select(func.count()).select_from(each)) or 0 for each in counted)


def columns_by_id(session: WalledSession) -> dict[int, Column]:
    """The columns of all the tenant's sites."""
    return {each.id: each for each in columns_in_order(session)}


def _statement(act: str, reach: Reach) -> Select[Matter, Edition]:
    statement = (
        select(Matter, Edition)
        .join(Edition, (Edition.tenant_id == Matter.tenant_id) & (Edition.item_id == Matter.id))
        .where(_TIMES[act].is_not(None))
        .options(*WITHOUT_TEXT)
    )
    if act == ISSUE:
        is_open = Edition.state.in_(OPEN_STATES), Edition.id == Matter.draft_edition_id
        return within(statement.where(*is_open), reach)
    statement = statement.where(Edition.state.in_((SCHEDULED, PUBLISHED)))
    return within(statement.where(~is_expired()) if act == EXPIRE else statement, reach)
