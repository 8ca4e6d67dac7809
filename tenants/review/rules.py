"""Who may sign what, in one place (先审查后公开、一事一审: founding notice 三(四))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.runtime.errors import Conflict, Forbidden
from hosting.runtime.language import N_
from hosting.security.actor import Actor
from tenants.content.models import FIRST_REVIEW, ISSUE, SECOND_REVIEW, Edition
from tenants.review.models import APPROVE, FINAL, FIRST, SECOND, STAGES, SecrecyReview, Signature

ROLE_OF_STAGE = {FIRST: "first_reviewer", SECOND: "second_reviewer", FINAL: "issuer"}
STATE_OF_STAGE = {FIRST: FIRST_REVIEW, SECOND: SECOND_REVIEW, FINAL: ISSUE}
STAGE_OF_STATE = {state: stage for stage, state in STATE_OF_STAGE.items()}
NEXT_STATE = {FIRST: SECOND_REVIEW, SECOND: ISSUE}

CLEARED, REFUSED = "cleared", "refused"


@dataclass(frozen=True)
class Dossier:
    """An edition with all that was signed of it, oldest first."""

    edition: Edition
    signatures: Sequence[Signature]
    secrecy: Sequence[SecrecyReview]

    def approvals(self) -> dict[str, Signature]:
        """The approval of each stage that covers the edition as it stands."""
        return {
            each.stage: each
            for each in self.signatures
            if each.decision == APPROVE and each.digest == self.edition.digest
        }

    def cleared(self) -> SecrecyReview | None:
        """The last secrecy review of the edition as it stands, where it cleared it."""
        last = next(
            (each for each in reversed(self.secrecy) if each.digest == self.edition.digest), None
        )
        return last if last is not None and last.outcome == CLEARED else None


def check_role(by: Actor, role: str, column_path: tuple[int, ...]) -> None:
    """Raise Forbidden for a person who does not hold the role in this column.

    `column_path` are the ids from the top of the tree to the column.
    """
    by.require(role)
    if not by.holds(role, column_path=column_path):
        raise Forbidden("column_not_yours", N_("这个栏目的稿件不由您审核"))


def check_reviewer(
    dossier: Dossier, by: Actor, *, role: str, column_path: tuple[int, ...] = ()
) -> None:
    """As `check_role`, and nobody reviews what they had a hand in writing (Forbidden)."""
    check_role(by, role, column_path)
    if by.account_id in dossier.edition.written_by:
        raise Forbidden("own_work", N_("不能审核自己撰写或修改过的稿件，请由他人审核"))


def check_signer(
    dossier: Dossier, stage: str, by: Actor, *, column_path: tuple[int, ...] = ()
) -> None:
    """As `check_reviewer`, and nobody signs two stages of one edition."""
    check_reviewer(dossier, by, role=ROLE_OF_STAGE[stage], column_path=column_path)
    for other, signature in dossier.approvals().items():
        if other != stage and signature.signed_by == by.account_id:
            raise Forbidden("signed_already", N_("同一人不能签署同一稿件的两级审核，请由他人签署"))


def check_seen(edition: Edition, digest: str) -> None:
    """Raise Conflict where what the person saw is not what stands there."""
    if edition.digest != digest:
        raise Conflict("changed_since_seen", N_("稿件内容已有变化，请重新审阅后再签署"))


def why_not_public(dossier: Dossier, *, stages: Sequence[str] = STAGES) -> str | None:
    """Why the edition must not be issued by review, as a code; None when nothing stands against it.

    Asked again when it is issued, also by the timetable: no path goes around it.
    """
    approvals = dossier.approvals()
    if missing := [stage for stage in stages if stage not in approvals]:
        return f"unsigned_{missing[0]}"
    signers = [approvals[stage].signed_by for stage in stages]
    if len(set(signers)) != len(signers):
        return "one_person_two_stages"
    if set(signers) & set(dossier.edition.written_by):
        return "own_work"
    if dossier.cleared() is None:
        return "secrecy_review_missing"
    return None
