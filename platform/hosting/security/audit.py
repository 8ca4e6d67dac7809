"""The audit trail: one row for each thing that happened, chained by digests, a chain each tenant.

Rows are written in the transaction of what they tell, so that neither can be without the other:
where the trail cannot be written, the action does not happen. The head of a chain is locked last
before the commit, because it is the one row that all writers of a tenant meet at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import UniqueConstraint, event, select  # noqa: TID251 - the trail is written last
from sqlalchemy.orm import Mapped, SessionTransaction, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.errors import Conflict
from hosting.runtime.events import Event
from hosting.runtime.language import N_
from hosting.runtime.records import ADD, INSERT, KEEP, LedgerRecord
from hosting.runtime.session import ACTOR, WalledSession, ensure_rows, insert_many
from hosting.security import audit_fence
from hosting.security.actor import PLATFORM_ACTOR, Actor

ADDRESS = "address"
"""Key of `session.info` under which an edge says from where somebody acts."""

_PENDING = "audit"
_SEALING = "audit_sealing"
NO_HASH = "0" * 64
"""What the first row of a chain has before it."""


class AuditEntry(LedgerRecord):
    """What happened, when, by whom, from where, to what; sealed with the row before it."""

    __tablename__ = "audit_entry"
    # The trail grows and never changes, whoever asks (GB/T 22239-2019 8.1.4.3 c).
    tenant_rights, platform_rights = INSERT, ADD
    __table_args__ = (UniqueConstraint("for_tenant_id", "sequence"),)
    fence = audit_fence.ENTRY

    sequence: Mapped[int]
    happened_at: Mapped[datetime]
    account_id: Mapped[int]
    account_name: Mapped[str]
    address: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    object_digest: Mapped[str]
    result: Mapped[str]
    facts: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]

    def seal(self, sequence: int | None = None) -> str:
        """The hash that this row ought to have, here or at another place of its chain."""
        return seal(
            {name: getattr(self, name) for name in _SEALED}
            | {"sequence": self.sequence if sequence is None else sequence}
        )


class AuditHead(LedgerRecord):
    """The end of a chain: the number and hash of its last row.

    A chain that is sealed (of a tenant that is no more) takes no further row.
    """

    __tablename__ = "audit_head"
    tenant_rights = platform_rights = KEEP
    __table_args__ = (UniqueConstraint("for_tenant_id"),)
    fence = audit_fence.HEAD

    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(default=NO_HASH)
    sealed_at: Mapped[datetime | None]


_SEALED = tuple(
    column.key for column in AuditEntry.__mapper__.column_attrs if column.key not in ("id", "hash")
)


@dataclass(frozen=True)
class _Pending:
    """A row not yet numbered, and the savepoints it was made in."""

    for_tenant_id: int
    row: dict[str, Any]
    savepoints: tuple[SessionTransaction, ...]


def act_as(session: WalledSession, actor: Actor, address: str = "") -> None:
    """Say who acts in this session from here on, where no request says it (commands, jobs)."""
    session.info[ACTOR] = actor
    session.info[ADDRESS] = address


def keep(session: WalledSession, happened: Event) -> None:
    """Note an event for the trail; it is written before this transaction commits."""
    if not session.in_transaction():
        # Else a rollback would have nothing to take back, and the note would outlive it.
        session.begin()
    actor: Actor = session.info.get(ACTOR) or PLATFORM_ACTOR
    facts = _plain(happened.facts())
    kind, object_id = _object(facts)
    row = {
        "happened_at": now(),
        "account_id": actor.account_id,
        "account_name": actor.name,
        "address": session.info.get(ADDRESS, ""),
        "action": happened.name,
        "object_kind": kind,
        "object_id": object_id,
        "object_digest": str(facts.get("digest") or ""),
        "result": str(facts.get("result") or "done"),
        "facts": facts,
    }
    pending = session.info.setdefault(_PENDING, [])
    pending.append(_Pending(happened.tenant_id, row, _savepoints(session)))


def seal_chain(session: WalledSession, tenant_id: int) -> None:
    """Let what this transaction has recorded of a tenant be the last that is ever recorded."""
    session.info.setdefault(_SEALING, set()).add(tenant_id)


def seal(row: Mapping[str, Any]) -> str:
    """The hash over all facts of a row, the hash before it among them."""
    facts = {**row, "happened_at": row["happened_at"].astimezone(UTC).isoformat()}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@event.listens_for(WalledSession, "before_commit")
def _write(session: WalledSession) -> None:
    pending: list[_Pending] = session.info.get(_PENDING, [])
    if not pending or session.in_nested_transaction():
        return
    session.info[_PENDING] = []
    session.flush()
    # Chains are met in one order, so that two writers cannot wait for each other.
    pending.sort(key=lambda each: each.for_tenant_id)
    for tenant_id, of_tenant in groupby(pending, lambda each: each.for_tenant_id):
        _append(session, tenant_id, [each.row for each in of_tenant])


def _append(session: WalledSession, tenant_id: int, rows: list[dict[str, Any]]) -> None:
    """Number, chain and write rows at the end of a tenant's chain; Conflict when it is sealed."""
    head = _locked_head(session, tenant_id)
    if head.sealed_at is not None:
        raise Conflict("chain_sealed", N_("该租户已注销，审计记录已封存，不能再办理"))
    for row in rows:
        head.sequence += 1
        row |= {
            "for_tenant_id": tenant_id,
            "sequence": head.sequence,
            "previous_hash": head.hash,
        }
        head.hash = row["hash"] = seal(row)
    insert_many(session, AuditEntry, rows)
    if tenant_id in session.info.get(_SEALING, ()):
        session.info[_SEALING].discard(tenant_id)
        head.sealed_at = now()
        session.flush()


def _locked_head(session: WalledSession, tenant_id: int) -> AuditHead:
    ensure_rows(session, AuditHead, [{"for_tenant_id": tenant_id}])
    return session.scalars(
        select(AuditHead)
        .where(AuditHead.for_tenant_id == tenant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


@event.listens_for(WalledSession, "after_soft_rollback")
def _forget(session: WalledSession, undone: SessionTransaction) -> None:
    """What a savepoint took back has not happened."""
    pending: list[_Pending] = session.info.get(_PENDING, [])
    is_all = undone.parent is None
    if is_all:
        session.info.pop(_SEALING, None)
    pending[:] = [] if is_all else [each for each in pending if undone not in each.savepoints]


def _savepoints(session: WalledSession) -> tuple[SessionTransaction, ...]:
    found = []
    transaction = session.get_nested_transaction()
    while transaction is not None and transaction.nested:
        found.append(transaction)
        transaction = transaction.parent
    return tuple(found)


def _object(facts: Mapping[str, Any]) -> tuple[str, str]:
    """What the event is about: the first of its ids."""
    for name, value in facts.items():
        if name.endswith("_id") and value is not None:
            return name.removesuffix("_id"), str(value)
    return "", ""


def _plain(value: Any) -> Any:
    """As it comes back from the database: text for what JSON or JSONB would write otherwise."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return value.replace("\0", "")
    return value if value is None or isinstance(value, bool | int) else str(value)
