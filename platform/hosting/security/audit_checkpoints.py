"""What stands for pruned rows of the trail: signed, and chained like the rows themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from hosting.runtime.records import ADD, LedgerRecord
from hosting.runtime.session import WalledSession
from hosting.security import audit_fence
from hosting.security.audit import NO_HASH
from hosting.security.signing_key import ALGORITHM, PublicKey, SigningKey


class AuditCheckpoint(LedgerRecord):
    """All rows of a chain up to `through_sequence` were pruned; `entries` of them by this one.

    The chain goes on from `through_hash`. `number` counts the chain's checkpoints from 1.
    """

    __tablename__ = "audit_checkpoint"
    platform_rights = ADD
    __table_args__ = (UniqueConstraint("for_tenant_id", "number"),)
    fence = audit_fence.CHECKPOINT

    number: Mapped[int]
    through_sequence: Mapped[int]
    through_hash: Mapped[str]
    entries: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    made_at: Mapped[datetime]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    algorithm: Mapped[str]
    key_id: Mapped[str]
    signature: Mapped[str]

    def text(self) -> bytes:
        """What is signed: all its facts in one order."""
        facts = {name: _plain(getattr(self, name)) for name in _SIGNED}
        return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()

    def sign(self, key: SigningKey) -> None:
        """Seal and sign it, once all facts stand."""
        self.algorithm, self.key_id = ALGORITHM, key.key_id
        self.hash = hashlib.sha256(self.text()).hexdigest()
        self.signature = key.sign(self.text())

    def is_signed(self, key: PublicKey) -> bool:
        """Whether it is as it was when this key signed it."""
        text = self.text()
        is_whole = hashlib.sha256(text).hexdigest() == self.hash
        return is_whole and key.has_signed(text, self.signature, algorithm=self.algorithm)


_SIGNED = tuple(
    column.key
    for column in AuditCheckpoint.__mapper__.column_attrs
    if column.key not in ("id", "hash", "signature")
)


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Start:
    """Where a chain begins now: behind this number, with this hash before its first row."""

    sequence: int = 0
    hash: str = NO_HASH


def checkpoints(session: WalledSession, tenant_id: int) -> Sequence[AuditCheckpoint]:
    """All checkpoints of a chain, the oldest first."""
    return session.scalars(
        select(AuditCheckpoint)
        .where(AuditCheckpoint.for_tenant_id == tenant_id)
        .order_by(AuditCheckpoint.number)
        .execution_options(populate_existing=True)
    ).all()


def start_of(found: Sequence[AuditCheckpoint]) -> Start:
    """Where a chain with these checkpoints begins."""
    return Start(found[-1].through_sequence, found[-1].through_hash) if found else Start()


def broken(found: Sequence[AuditCheckpoint], key: PublicKey) -> list[tuple[int, str]]:
    """(through_sequence, "missing" | "forged") of those that are not what was signed in a row.

    A missing one is named by the sequence of the one that ought to follow it.
    """
    faults: list[tuple[int, str]] = []
    number, before, through = 0, NO_HASH, 0
    for each in found:
        if each.number != number + 1:
            faults.append((each.through_sequence, "missing"))
        elif each.previous_hash != before:
            faults.append((each.through_sequence, "forged"))
        if not each.is_signed(key) or each.through_sequence <= through:
            faults.append((each.through_sequence, "forged"))
        number, before, through = each.number, each.hash, each.through_sequence
    return sorted(set(faults))
