"""What has been done, as lines of a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hosting.console.language import say
from hosting.runtime.language import N_
from tenants.content.models import Edition
from tenants.review.models import (
    APPROVE,
    BY_ORDER,
    BY_REPOST,
    URGENT,
    Expiry,
    Issue,
    SecrecyReview,
    Signature,
    Submission,
    Withdrawal,
)
from tenants.review.rules import CLEARED
from tenants.workspace.presenters.states import STAGES
from tenants.workspace.queries.steps import Step


@dataclass(frozen=True)
class StepLine:
    """One line of a timeline; `tone` and `icon` as the shell's badge takes them."""

    title: str
    at: datetime
    who: str
    tone: str
    icon: str
    text: str = ""
    digest: str = ""


def step_line(step: Step) -> StepLine:
    """A step in words."""
    row = step.row
    if isinstance(row, Edition):
        title = say(N_("保存第 {number} 版"), number=row.number)
        return StepLine(title, step.at, step.who, "neutral", "draft", digest=row.digest)
    if isinstance(row, Submission):
        return StepLine(say(N_("已提交审核")), step.at, step.who, "info", "send", digest=row.digest)
    if isinstance(row, Signature):
        return _signed(step, row)
    if isinstance(row, SecrecyReview):
        return _cleared(step, row)
    if isinstance(row, Issue):
        return _issued(step, row)
    return _ended(step, row)


def _signed(step: Step, row: Signature) -> StepLine:
    stage = say(STAGES[row.stage])
    if row.decision == APPROVE:
        title, tone, icon = say(N_("{stage}同意"), stage=stage), "good", "done"
    else:
        title, tone, icon = say(N_("{stage}退回"), stage=stage), "bad", "return"
    return StepLine(title, step.at, step.who, tone, icon, row.opinion, row.digest)


def _cleared(step: Step, row: SecrecyReview) -> StepLine:
    is_cleared = row.outcome == CLEARED
    title = say(N_("保密审查：可以公开") if is_cleared else N_("保密审查：不得公开"))
    text = "\n".join(part for part in (row.basis, row.opinion) if part)
    tone, icon = ("good", "shield") if is_cleared else ("bad", "shield")
    return StepLine(title, step.at, step.who, tone, icon, text, row.digest)


_GROUNDS: Mapping[str, str] = {
    URGENT: N_("紧急发布，登记号 {number}"),
    BY_ORDER: N_("按迁移令发布，登记号 {number}"),
    BY_REPOST: N_("按长期转载规则公开，登记号 {number}"),
}


def _issued(step: Step, row: Issue) -> StepLine:
    words = _GROUNDS.get(row.ground, N_("审发并发布，登记号 {number}"))
    title = say(words, number=register_number(row))
    return StepLine(title, step.at, step.who, "good", "published", row.reason, row.digest)


def _ended(step: Step, row: Withdrawal | Expiry) -> StepLine:
    """What happened by itself names nobody who did it, but on whose word it did."""
    if isinstance(row, Withdrawal) and row.due_at is None:
        title = say(N_("已撤稿"))
        return StepLine(title, step.at, step.who, "neutral", "withdraw", row.reason)
    word = say(N_("依据 {who} 签发的时间"), who=step.who)
    if isinstance(row, Withdrawal):
        return StepLine(say(N_("到时自动撤稿")), step.at, "", "neutral", "withdraw", word)
    title = say(N_("有效期至 {day}，自动标明失效"), day=row.valid_until.isoformat())
    return StepLine(title, step.at, "", "neutral", "archive", word)


def register_number(issue: Issue) -> str:
    """The number of the register (登记号), with the serial where an order issued many."""
    number = f"{issue.year}-{issue.number:05d}"
    return f"{number}-{issue.serial}" if issue.serial else number
