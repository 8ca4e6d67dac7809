"""A receipt as it is handed out, and its digest: what the audit trail keeps of it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tenants.content.models import Item
from tenants.receipts.models import WithdrawalReceipt
from tenants.receipts.queries import WithdrawalProof

CHECKING, UNCHECKED = "checking", "unchecked"
"""What is told of a withdrawal without a receipt: one is on its way, or nobody ever asked."""

_IDS = ("check_id", "item_id", "withdrawal_id")


def receipt_facts(receipt: WithdrawalReceipt) -> dict[str, Any]:
    """All that a receipt says, as it is handed out; ids are texts (JSON numbers are too short)."""
    return {
        **{name: str(getattr(receipt, name)) for name in _IDS},
        "state": receipt.state,
        "withdrawn_at": _instant(receipt.withdrawn_at),
        "checked_at": _instant(receipt.checked_at),
        "places": receipt.places,
        "left": receipt.leftovers,
    }


def receipt_digest(receipt: WithdrawalReceipt) -> str:
    """The digest of a receipt's facts, "sha256:<hex>"."""
    text = json.dumps(
        receipt_facts(receipt), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def is_whole(receipt: WithdrawalReceipt) -> bool:
    """Whether a receipt still says what its digest was made of."""
    return receipt_digest(receipt) == receipt.digest


def told(proof: WithdrawalProof, shown: Item, tenant_code: str) -> dict[str, Any]:
    """All that is known of a withdrawal, to be kept elsewhere: the receipt's facts and more."""
    receipt, check = proof.receipt, proof.check
    known: dict[str, Any] = {
        "tenant": tenant_code,
        "path": shown.path,
        "item_id": str(shown.id),
        "withdrawal_id": str(proof.withdrawal.id),
        "withdrawn_at": _instant(proof.withdrawal.withdrawn_at),
        "state": CHECKING if check is not None else UNCHECKED,
    }
    if receipt is None:
        return known
    return {
        **known,
        **receipt_facts(receipt),
        "digest": receipt.digest,
        "is_whole": is_whole(receipt),
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
