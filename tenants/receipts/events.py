"""What happens after a withdrawal, as the audit trail tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class WithdrawalCheckAsked(Event):
    """A person asked that it be looked again for what is left of a withdrawn item."""

    label: ClassVar[str] = N_("要求重新核查撤稿")
    item_id: int
    withdrawal_id: int


@dataclass(frozen=True)
class WithdrawalChecked(Event):
    """Every place of a withdrawn item was asked for; `digest` is that of the whole receipt.

    `finding` is clean, left or superseded; `asked` so many places, in `left` of them something is
    left.
    """

    label: ClassVar[str] = N_("撤稿核查")
    item_id: int
    withdrawal_id: int
    receipt_id: int
    finding: str
    asked: int
    left: int
    digest: str
