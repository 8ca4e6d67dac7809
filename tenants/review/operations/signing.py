"""Handing in, signing, returning: item by item, never in bulk (一事一审)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict, Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from tenants.content.models import DRAFT, FIRST_REVIEW, PUBLISHED, SCHEDULED, Edition
from tenants.content.queries import content_of, edition, matter
from tenants.content.rules import check_author
from tenants.review.events import (
    EditionSigned,
    EditionSubmitted,
    IssueScheduled,
    SecrecyReviewed,
)
from tenants.review.models import (
    APPROVE,
    FINAL,
    FIRST,
    RETURN,
    SECOND,
    URGENT,
    Issue,
    SecrecyReview,
    Signature,
    Submission,
)
from tenants.review.operations.issue import Ground, make_public
from tenants.review.operations.promises import promise_to_issue
from tenants.review.queries import dossier, line_of
from tenants.review.rules import (
    CLEARED,
    NEXT_STATE,
    REFUSED,
    STATE_OF_STAGE,
    Dossier,
    check_reviewer,
    check_role,
    check_seen,
    check_signer,
    why_not_public,
)

_REVIEW_AFTER_URGENT = timedelta(hours=24)
_SECRECY_ROLES = ("first_reviewer", "second_reviewer")


def submit(session: WalledSession, edition_id: int, *, digest: str, by: Actor) -> Edition:
    """Hand a draft in for the first review; whoever may write it may. Records EditionSubmitted."""
    handed = edition(session, edition_id)
    check_author(session, matter(session, handed.item_id), handed.column_id, by)
    check_seen(handed, digest)
    if handed.state != DRAFT:
        raise Conflict("not_a_draft", N_("只有草稿可以提交审核"))
    if _says_nothing(session, handed):
        raise Invalid("empty_item", N_("正文和附件不能都为空，请补充后再提交"))
    _check_withdrawal_ahead(handed)
    handed.state = FIRST_REVIEW
    session.add(
        Submission(
            item_id=handed.item_id,
            edition_id=handed.id,
            digest=digest,
            submitted_by=by.account_id,
            submitted_name=by.name,
        )
    )
    session.record(
        EditionSubmitted(session.tenant_id, handed.item_id, handed.id, handed.digest), by=by
    )
    return handed


def _check_withdrawal_ahead(handed: Edition) -> None:
    """Raise Invalid where it would have to come down before it goes out."""
    if handed.withdraw_at is not None and handed.withdraw_at <= now():
        problem = Problem("withdraw_at", "withdrawal_past", N_("请改为将来的时间，或留空"))
        message = N_("定时撤稿的时间已过，请退回修改")
        raise Invalid("withdrawal_past", message, problems=[problem])


def _says_nothing(session: WalledSession, handed: Edition) -> bool:
    if not handed.is_of_item or handed.body_text:
        return False
    return not content_of(session, handed.id).attachments


def sign(
    session: WalledSession,
    edition_id: int,
    *,
    stage: str,
    decision: str,
    digest: str,
    opinion: str = "",
    by: Actor,
) -> Edition:
    """Approve or return one stage of one edition; `digest` is that of what the person saw.

    The approval of the final stage issues it, or schedules it where it names a later time. A
    return needs an opinion and makes it a draft again. Records EditionSigned.
    """
    signed = dossier(session, edition_id)
    check_seen(signed.edition, digest)
    if decision not in (APPROVE, RETURN):
        raise Invalid("wrong_decision", N_("审核意见只能是同意或退回"))
    if decision == RETURN and not opinion.strip():
        raise Invalid("opinion_missing", N_("退回时请写明意见，便于作者修改"))
    is_after_urgent = _is_reviewed_afterwards(session, signed, stage)
    if signed.edition.state != STATE_OF_STAGE.get(stage) and not is_after_urgent:
        raise Conflict("wrong_stage", N_("稿件不在这一审核环节，请刷新后查看"))
    check_signer(signed, stage, by, column_path=line_of(session, signed.edition, by))
    _add_signature(session, signed.edition, stage, decision, opinion, by)
    if is_after_urgent:
        _close_urgent(session, edition_id)
    elif decision == RETURN:
        signed.edition.state = DRAFT
    elif stage == FINAL:
        _issue_or_schedule(session, signed.edition, by)
    else:
        signed.edition.state = NEXT_STATE[stage]
    return signed.edition


def record_secrecy_review(
    session: WalledSession,
    edition_id: int,
    *,
    outcome: str,
    basis: str,
    digest: str,
    opinion: str = "",
    by: Actor,
) -> SecrecyReview:
    """Record the secrecy review of one edition: outcome "cleared" or "refused", and on what basis.

    By a reviewer who did not write it. Records SecrecyReviewed.
    """
    reviewed = dossier(session, edition_id)
    check_seen(reviewed.edition, digest)
    if outcome not in (CLEARED, REFUSED) or not basis.strip():
        raise Invalid("wrong_secrecy_review", N_("请选择保密审查结论并写明依据"))
    if not reviewed.edition.is_open:
        raise Conflict("not_open", N_("这个版本已不在流程中"))
    role = next((each for each in _SECRECY_ROLES if each in by.roles), _SECRECY_ROLES[0])
    check_reviewer(reviewed, by, role=role, column_path=line_of(session, reviewed.edition, by))
    review = SecrecyReview(
        item_id=reviewed.edition.item_id,
        edition_id=edition_id,
        digest=digest,
        outcome=outcome,
        basis=basis.strip(),
        opinion=opinion.strip(),
        signed_by=by.account_id,
        signed_name=by.name,
    )
    session.add(review)
    session.record(
        SecrecyReviewed(session.tenant_id, reviewed.edition.item_id, edition_id, outcome, digest),
        by=by,
    )
    return review


def issue_urgently(
    session: WalledSession, edition_id: int, *, digest: str, reason: str, by: Actor
) -> Issue:
    """Issue before the first two reviews, for a reason; they are due within 24 hours after it.

    Needs the secrecy review and an issuer who did not write it.
    """
    urgent = dossier(session, edition_id)
    check_seen(urgent.edition, digest)
    check_reviewer(urgent, by, role="issuer", column_path=line_of(session, urgent.edition, by))
    if not reason.strip():
        raise Invalid("reason_missing", N_("紧急发布须写明理由"))
    _check_withdrawal_ahead(urgent.edition)
    _add_signature(session, urgent.edition, FINAL, APPROVE, reason, by)
    ground = Ground(URGENT, reason.strip(), review_due_at=now() + _REVIEW_AFTER_URGENT)
    make_public(session, [urgent.edition], ground=ground, by=by)
    return session.scalars(select(Issue).where(Issue.edition_id == edition_id)).one()


def unschedule(session: WalledSession, edition_id: int, *, opinion: str, by: Actor) -> Edition:
    """Return a scheduled edition to its writers before its time."""
    waiting = edition(session, edition_id)
    check_role(by, "issuer", line_of(session, waiting, by))
    if waiting.state != SCHEDULED:
        raise Conflict("not_scheduled", N_("这篇稿件不在定时发布中"))
    _add_signature(session, waiting, FINAL, RETURN, opinion, by)
    waiting.state, waiting.hindrance = DRAFT, None
    return waiting


def _issue_or_schedule(session: WalledSession, signed: Edition, by: Actor) -> None:
    session.flush()
    _check_withdrawal_ahead(signed)
    if (why := why_not_public(dossier(session, signed.id))) is not None:
        raise Conflict(
            why, N_("还不能审发：请先完成保密审查和前两级审核"), edition_id=str(signed.id)
        )
    if signed.publish_at is None or signed.publish_at <= now():
        make_public(session, [signed], ground=Ground(), by=by)
        return
    signed.state = SCHEDULED
    promise_to_issue(session, signed)
    session.record(
        IssueScheduled(session.tenant_id, signed.item_id, signed.id, signed.publish_at.isoformat()),
        by=by,
    )


def _add_signature(
    session: WalledSession, signed: Edition, stage: str, decision: str, opinion: str, by: Actor
) -> None:
    session.add(
        Signature(
            item_id=signed.item_id,
            edition_id=signed.id,
            stage=stage,
            decision=decision,
            digest=signed.digest,
            opinion=opinion.strip(),
            signed_by=by.account_id,
            signed_name=by.name,
        )
    )
    session.flush()
    session.record(
        EditionSigned(session.tenant_id, signed.item_id, signed.id, stage, decision, signed.digest),
        by=by,
    )


def _is_reviewed_afterwards(session: WalledSession, signed: Dossier, stage: str) -> bool:
    if signed.edition.state != PUBLISHED or stage not in (FIRST, SECOND):
        return False
    due = session.scalar(
        select(Issue.review_due_at).where(
            Issue.edition_id == signed.edition.id, Issue.ground == URGENT
        )
    )
    return due is not None and stage not in signed.approvals()


def _close_urgent(session: WalledSession, edition_id: int) -> None:
    """When both missing reviews approve, nothing is due any more."""
    if why_not_public(dossier(session, edition_id)) is None:
        issue = session.scalars(select(Issue).where(Issue.edition_id == edition_id)).one()
        issue.review_due_at = None


def open_edition_of(session: WalledSession, item_id: int) -> Edition:
    """The edition of an item that is on its way; Conflict where there is none."""
    draft_id = matter(session, item_id).draft_edition_id
    if draft_id is None:
        raise Conflict("no_draft", N_("这篇稿件没有在办的版本"))
    return edition(session, draft_id)
