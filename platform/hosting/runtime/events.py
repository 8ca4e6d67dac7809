"""What happened: small frozen facts, recorded in the transaction that made them true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import ALL_RIGHTS, LedgerRecord

if TYPE_CHECKING:
    from hosting.runtime.session import WalledSession

Subscriber = Callable[["WalledSession", Any], None]
"""Called with the session of the change (immediate) or the worker's own (later), and the event."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a tenant (0: to the platform). Subclasses add ids and short facts.

    Its name is the class name in snake_case; a class name is used once on the platform. `label` is
    a msgid: what the audit trail calls it.
    """

    tenant_id: int
    label: ClassVar[str] = ""
    registry: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        name = event_name(cls)
        if name in Event.registry and Event.registry[name].__module__ != cls.__module__:
            raise TypeError(f"two events are named {name}")
        Event.registry[name] = cls

    @property
    def name(self) -> str:
        """The event's name in outbox and audit trail."""
        return event_name(type(self))

    def facts(self) -> dict[str, Any]:
        """All fields but the tenant, as they go to the outbox."""
        facts = asdict(self)
        del facts["tenant_id"]
        return facts

    def outbox_row(self) -> OutboxEvent:
        """The row in which the event waits for its later subscribers."""
        return OutboxEvent(for_tenant_id=self.tenant_id, name=self.name, facts=self.facts())


def event_name(kind: type[Event]) -> str:
    """`ItemIssued` -> `item_issued`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()


@dataclass(frozen=True)
class Subscription:
    """Who is told of an event.

    `immediate` handlers run in the transaction of the change and can make it fail; they may
    subscribe to `Event` itself, that is to all. The others run in the worker, in a transaction
    that also marks the event as relayed, so they happen exactly once.
    """

    event: type[Event]
    handler: Subscriber
    immediate: bool = False


class OutboxEvent(LedgerRecord):
    """An event on its way to later subscribers; claimed by state, never by id order."""

    __tablename__ = "outbox_event"
    tenant_rights = ALL_RIGHTS
    __table_args__ = (Index("ix_outbox_event_state_id", "state", "id"),)

    name: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="new")
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    try_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")

    def event(self) -> Event:
        """The event as it was recorded."""
        return Event.registry[self.name](tenant_id=self.for_tenant_id, **self.facts)
