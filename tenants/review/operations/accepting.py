"""Standing acceptances: what another tenant publishes is carried here, signed by two people.

An acceptance decides what goes before readers, so one person proposes it and another, who may
issue in the column where it goes, signs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Forbidden, Invalid, NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.rules import check_writer
from tenants.review.events import (
    RepostAcceptanceEnded,
    RepostAcceptanceIssued,
    RepostAcceptanceProposed,
)
from tenants.review.models import ENDED, ISSUED, PROPOSED, RepostAcceptance
from tenants.review.rules import check_role
from tenants.sites.models import OPEN
from tenants.sites.queries import column, lineages


@dataclass(frozen=True)
class AcceptanceFacts:
    """From whom (and there from which column; None: any) into which column here.

    The names are those of the other tenant and its column, for whoever reads the rule later.
    """

    origin_tenant_id: int
    column_id: int
    origin_column_id: int | None = None
    origin_column_name: str = ""


def propose_acceptance(
    session: WalledSession, *, facts: AcceptanceFacts, by: Actor
) -> RepostAcceptance:
    """Propose an acceptance; whoever writes in its column may, or whoever issues there.

    Conflict where the same is proposed or in force already. Records RepostAcceptanceProposed.
    """
    if "issuer" in by.roles:
        _check_issuer(session, facts.column_id, by)
    else:
        check_writer(session, by, (facts.column_id,))
    origin = session.scalars(select(Tenant).where(Tenant.id == facts.origin_tenant_id)).first()
    if origin is None or origin.state == "closed" or origin.id == session.tenant_id:
        raise Invalid("wrong_origin", N_("请选择平台上的另一个单位作为来源"))
    if column(session, facts.column_id).state != OPEN:
        raise Conflict("column_not_open", N_("转载到的栏目尚未公开，请另选栏目"))
    _refuse_twin(session, facts)
    made = RepostAcceptance(
        origin_tenant_id=origin.id,
        origin_column_id=facts.origin_column_id,
        origin_name=origin.name,
        origin_column_name=facts.origin_column_name,
        column_id=facts.column_id,
        proposed_by=by.account_id,
        proposed_name=by.name,
    )
    made.digest = acceptance_digest(made)
    session.add(made)
    session.flush()
    session.record(
        RepostAcceptanceProposed(session.tenant_id, made.id, origin.id, made.digest), by=by
    )
    return made


def issue_acceptance(
    session: WalledSession, acceptance_id: int, *, digest: str, by: Actor
) -> RepostAcceptance:
    """Sign what another person proposed; from now on it is carried.

    `digest` is what the person saw. Records RepostAcceptanceIssued.
    """
    signed = acceptance(session, acceptance_id, locked=True)
    _check_issuer(session, signed.column_id, by)
    if signed.state != PROPOSED:
        raise Conflict("acceptance_not_open", N_("这条转载规则不在待签发状态"))
    if signed.proposed_by == by.account_id:
        raise Forbidden("own_proposal", N_("转载规则须由提出人之外的人签发"))
    if not signed.digest == digest == acceptance_digest(signed):
        raise Conflict("changed_since_seen", N_("转载规则已有变化，请重新核对"))
    signed.state = ISSUED
    signed.issued_by, signed.issued_name, signed.issued_at = by.account_id, by.name, now()
    session.record(
        RepostAcceptanceIssued(
            session.tenant_id, signed.id, signed.origin_tenant_id, signed.digest
        ),
        by=by,
    )
    return signed


def end_acceptance(
    session: WalledSession, acceptance_id: int, *, reason: str, by: Actor
) -> RepostAcceptance:
    """End an acceptance, or refuse a proposed one: what comes after is a draft here.

    What was carried under it stays public. Records RepostAcceptanceEnded.
    """
    ended = acceptance(session, acceptance_id, locked=True)
    _check_issuer(session, ended.column_id, by)
    if not reason.strip():
        raise Invalid("reason_missing", N_("请写明理由"))
    if ended.state == ENDED:
        raise Conflict("acceptance_ended", N_("这条转载规则已经终止"))
    ended.state, ended.ended_at = ENDED, now()
    ended.ended_name, ended.end_reason = by.name, reason.strip()
    session.record(
        RepostAcceptanceEnded(
            session.tenant_id, ended.id, ended.origin_tenant_id, ended.end_reason
        ),
        by=by,
    )
    return ended


def acceptance(
    session: WalledSession, acceptance_id: int, *, locked: bool = False
) -> RepostAcceptance:
    """One acceptance; NotFound for a missing one and a foreign one alike."""
    statement = select(RepostAcceptance).where(RepostAcceptance.id == acceptance_id)
    found = session.scalars(statement.with_for_update() if locked else statement).first()
    if found is None:
        raise NotFound("no_such_acceptance", N_("没有找到这条转载规则"))
    return found


def is_in_force(accepted: RepostAcceptance) -> bool:
    """Whether two people stand for it, and nobody has ended it."""
    signers = {accepted.proposed_by, accepted.issued_by} - {None}
    return accepted.state == ISSUED and len(signers) == 2


def acceptance_digest(accepted: RepostAcceptance) -> str:
    """The digest of what the two people sign, "sha256:<hex>"."""
    said = {
        "origin_tenant_id": accepted.origin_tenant_id,
        "origin_column_id": accepted.origin_column_id,
        "column_id": accepted.column_id,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _check_issuer(session: WalledSession, column_id: int, by: Actor) -> None:
    line = lineages(session).get(column_id, (column_id,)) if by.columns else ()
    check_role(by, "issuer", line)


def _refuse_twin(session: WalledSession, facts: AcceptanceFacts) -> None:
    twin = session.scalar(
        select(RepostAcceptance.id).where(
            RepostAcceptance.origin_tenant_id == facts.origin_tenant_id,
            RepostAcceptance.origin_column_id.is_not_distinct_from(facts.origin_column_id),
            RepostAcceptance.state != ENDED,
        )
    )
    if twin is not None:
        raise Conflict("accepted_already", N_("同一来源栏目已有转载规则，请先终止原来的规则"))
