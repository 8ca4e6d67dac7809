"""What the city does to a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hosting.runtime.events import Event


@dataclass(frozen=True)
class TenantOpened(Event):
    """A tenant was opened with its site, hosts and standard columns."""

    code: str
    kind: str
    blueprint: str
    site_id: int


@dataclass(frozen=True)
class TenantRenamed(Event):
    """A tenant and its main site bear another name."""

    old_name: str
    new_name: str


@dataclass(frozen=True)
class TenantSuspended(Event):
    """A tenant's hosts show a notice instead of its sites."""

    reason: str


@dataclass(frozen=True)
class TenantResumed(Event):
    """A tenant's sites are shown again, or its closing was called off."""

    reason: str


@dataclass(frozen=True)
class TenantClosing(Event):
    """A tenant's sites announce until when they can be read, and where they went."""

    reason: str
    notice_until: str
    successor: str


@dataclass(frozen=True)
class TenantClosed(Event):
    """A tenant's sites are closed for good."""

    reason: str


@dataclass(frozen=True)
class DomainBound(Event):
    """A site answers under one host more."""

    site_id: int
    host: str
    is_main: bool


@dataclass(frozen=True)
class DomainReleased(Event):
    """Nothing answers under a host any more."""

    host: str


@dataclass(frozen=True)
class QuotasSet(Event):
    """How much a tenant may keep was set."""

    quotas: dict[str, Any]


@dataclass(frozen=True)
class HistoryOpened(Event):
    """Until when a tenant's older content may go public under a migration order was set."""

    until: str
