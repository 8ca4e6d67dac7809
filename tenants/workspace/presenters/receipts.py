"""The receipt of a withdrawal as its page and the item's show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hosting.console.language import say
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from tenants.receipts.judging import LEFT, SILENT, STAYS, TAKEN, UNANSWERED
from tenants.receipts.models import CLEAN, SUPERSEDED
from tenants.receipts.models import LEFT as SOMETHING_LEFT
from tenants.receipts.presenters import finding_words, place_words
from tenants.receipts.queries import WithdrawalProof
from tenants.receipts.sealing import CHECKING, UNCHECKED, is_whole
from tenants.workspace.presenters.states import Badge
from tenants.workspace.queries.receipts import ReceiptState

_TONES: Mapping[str, tuple[str, str]] = {
    CHECKING: ("info", "running"),
    UNCHECKED: ("neutral", "question"),
    CLEAN: ("good", "shield"),
    SOMETHING_LEFT: ("bad", "failed"),
    SUPERSEDED: ("neutral", "superseded"),
}
_VERDICT_TONES: Mapping[str, tuple[str, str]] = {
    LEFT: ("bad", "failed"),
    UNANSWERED: ("warn", "question"),
    TAKEN: ("good", "done"),
    STAYS: ("neutral", "link"),
    SILENT: ("good", "done"),
}
_ORDER = tuple(_VERDICT_TONES)
"""What needs somebody stands first."""

_STALE = N_("网页可能仍在等待更新，请稍后重新核查；仍有残留的，请联系运维人员核对网页文件。")
_SILENT = N_("部分位置没有应答，不能确认已无残留，请在恢复后重新核查。")


@dataclass(frozen=True)
class ReceiptBadge:
    """What an item's page says of its withdrawal: in a word, since when, how much is left."""

    badge: Badge
    at: datetime | None
    leftovers: int


@dataclass(frozen=True)
class PlaceLine:
    """One place of a receipt."""

    kind: str
    address: str
    status: str
    verdict: Badge
    why: str


@dataclass(frozen=True)
class ReceiptView:
    """A receipt's page; `advice` are sentences that say what to do about what is left."""

    item_id: int
    title: str
    address: str
    reason: str
    withdrawn_at: datetime
    withdrawn_name: str
    finding: ReceiptBadge
    is_being_checked: bool
    is_whole: bool
    digest: str
    asked: int
    asked_name: str
    lines: Sequence[PlaceLine]
    summary: Sequence[tuple[Badge, int]]
    advice: Sequence[str]
    earlier: Sequence[tuple[ReceiptBadge, str]]
    may_ask: bool


def receipt_badge(proof: WithdrawalProof) -> ReceiptBadge:
    """What is known of a withdrawal, in a word."""
    receipt = proof.receipt
    state = CHECKING if proof.check else UNCHECKED
    at = proof.check.asked_at if proof.check else None
    if receipt is not None:
        state, at = receipt.state, receipt.checked_at
    badge = Badge(finding_words(state), *_TONES[state])
    return ReceiptBadge(badge, at, receipt.leftovers if receipt else 0)


def receipt_view(state: ReceiptState, runtime: Runtime) -> ReceiptView:
    """A receipt in words."""
    proof, receipt = state.proof, state.proof.receipt
    places = receipt.places if receipt else []
    verdicts = Counter(place["verdict"] for place in places)
    return ReceiptView(
        item_id=state.item.id,
        title=state.edition.title,
        address=runtime.settings.address(state.site.main_host, state.item.path),
        reason=proof.withdrawal.reason,
        withdrawn_at=proof.withdrawal.withdrawn_at,
        withdrawn_name=proof.withdrawal.withdrawn_name,
        finding=receipt_badge(proof),
        is_being_checked=proof.is_being_checked,
        is_whole=receipt is None or is_whole(receipt),
        digest=receipt.digest if receipt else "",
        asked=len(places),
        asked_name=proof.check.asked_name if proof.check else "",
        lines=_lines(places, runtime),
        summary=[
            (_verdict(each, places, runtime), verdicts[each]) for each in _ORDER if verdicts[each]
        ],
        advice=[
            sentence
            for verdict, sentence in ((LEFT, _STALE), (UNANSWERED, _SILENT))
            if verdicts[verdict]
        ],
        earlier=[
            (receipt_badge(each), each.check.asked_name if each.check else "")
            for each in state.earlier
        ],
        may_ask=state.may_ask,
    )


def _verdict(verdict: str, places: Sequence[Mapping[str, Any]], runtime: Runtime) -> Badge:
    place = next(each for each in places if each["verdict"] == verdict)
    return _line(place, runtime).verdict


def _lines(places: Sequence[Mapping[str, Any]], runtime: Runtime) -> list[PlaceLine]:
    in_order = sorted(places, key=lambda place: _ORDER.index(place["verdict"]))
    return [_line(place, runtime) for place in in_order]


def _line(place: Mapping[str, Any], runtime: Runtime) -> PlaceLine:
    words = place_words(runtime, place)
    status = place.get("status")
    return PlaceLine(
        kind=words.kind,
        address=words.address,
        status="" if status is None else str(status),
        verdict=Badge(words.verdict, *_VERDICT_TONES[place["verdict"]]),
        why=say(words.why, by=words.by) if words.why else "",
    )
