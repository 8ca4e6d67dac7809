"""What happened to the move of an old site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class LegacySitePlanned(Event):
    """Every address of an old site was read and decided on."""

    label: ClassVar[str] = N_("制定老网站迁移方案")
    run_id: int
    addresses: int
    findings: int


@dataclass(frozen=True)
class LegacyAddressDecided(Event):
    """A person decided on an address."""

    label: ClassVar[str] = N_("处置老网站网址")
    run_id: int
    address: str
    decision: str


@dataclass(frozen=True)
class LegacySiteChecked(Event):
    """The plan was held against the tenant: how many problems stand in its way."""

    label: ClassVar[str] = N_("检查老网站迁移方案")
    run_id: int
    problems: int


@dataclass(frozen=True)
class LegacySiteBrought(Event):
    """Items and files of an old site are here as drafts."""

    label: ClassVar[str] = N_("迁入老网站内容")
    run_id: int
    items: int
    assets: int


@dataclass(frozen=True)
class LegacySiteVerified(Event):
    """Every old address was asked for: how many answered as decided, how many did not."""

    label: ClassVar[str] = N_("核对老网站网址")
    run_id: int
    right: int
    wrong: int


@dataclass(frozen=True)
class LegacySiteCutOver(Event):
    """An old site's content is public here and its addresses lead to it."""

    label: ClassVar[str] = N_("老网站切换上线")
    run_id: int
    order_id: int | None
    redirects: int


@dataclass(frozen=True)
class LegacySiteUndone(Event):
    """A move was taken back: drafts deleted, public items withdrawn."""

    label: ClassVar[str] = N_("撤销老网站迁移")
    run_id: int
    deleted: int
    withdrawn: int


@dataclass(frozen=True)
class HistoryClosed(Event):
    """The time in which a tenant's history could come in is over."""

    label: ClassVar[str] = N_("旧内容迁入截止")
