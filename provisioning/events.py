"""What the city does to a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from hosting.runtime.events import Event
from hosting.runtime.language import N_


@dataclass(frozen=True)
class TenantOpened(Event):
    """A tenant was opened with its site, hosts and standard columns."""

    label: ClassVar[str] = N_("开通租户")
    code: str
    kind: str
    blueprint: str
    site_id: int


@dataclass(frozen=True)
class TenantRenamed(Event):
    """A tenant and its main site bear another name."""

    label: ClassVar[str] = N_("租户更名")
    old_name: str
    new_name: str


@dataclass(frozen=True)
class TenantSuspended(Event):
    """A tenant's hosts show a notice instead of its sites."""

    label: ClassVar[str] = N_("暂停租户")
    reason: str


@dataclass(frozen=True)
class TenantResumed(Event):
    """A tenant's sites are shown again, or its closing was called off."""

    label: ClassVar[str] = N_("恢复租户")
    reason: str


@dataclass(frozen=True)
class TenantClosing(Event):
    """A tenant's sites announce until when they can be read, and where they went."""

    label: ClassVar[str] = N_("发布关停公告")
    reason: str
    notice_until: str
    successor: str


@dataclass(frozen=True)
class TenantClosed(Event):
    """A tenant's sites are closed for good."""

    label: ClassVar[str] = N_("关停租户")
    reason: str


@dataclass(frozen=True)
class TenantDeletionBegun(Event):
    """A closed tenant is being deleted; `is_early`: before its waiting time was over."""

    label: ClassVar[str] = N_("开始注销租户")
    reason: str
    is_early: bool


@dataclass(frozen=True)
class TenantDeleted(Event):
    """Nothing of a tenant is left; the last row of its trail.

    `found` is what it had when its deletion began, `removed` what was removed, by its label.
    """

    label: ClassVar[str] = N_("注销租户")
    code: str
    tenant_name: str
    reason: str
    found: dict[str, Any]
    removed: dict[str, Any]


@dataclass(frozen=True)
class SiteOpened(Event):
    """A tenant has a site in a foreign language more."""

    label: ClassVar[str] = N_("开通外文版")
    site_id: int
    locale: str
    hosts: list[str]


@dataclass(frozen=True)
class SiteClosed(Event):
    """The hosts of a site in a foreign language show a notice instead of it."""

    label: ClassVar[str] = N_("关闭外文版")
    site_id: int
    reason: str


@dataclass(frozen=True)
class SiteReopened(Event):
    """They show the site again."""

    label: ClassVar[str] = N_("重新开放外文版")
    site_id: int
    reason: str


@dataclass(frozen=True)
class DomainBound(Event):
    """A site answers under one host more."""

    label: ClassVar[str] = N_("绑定域名")
    site_id: int
    host: str
    is_main: bool


@dataclass(frozen=True)
class MainHostChosen(Event):
    """A site is called by another of its hosts."""

    label: ClassVar[str] = N_("指定主域名")
    site_id: int
    host: str


@dataclass(frozen=True)
class DomainReleased(Event):
    """Nothing answers under a host any more."""

    label: ClassVar[str] = N_("解绑域名")
    host: str


@dataclass(frozen=True)
class QuotasSet(Event):
    """How much a tenant may keep was set."""

    label: ClassVar[str] = N_("设置配额")
    quotas: dict[str, Any]


@dataclass(frozen=True)
class HistoryOpened(Event):
    """Until when a tenant's older content may go public under a migration order was set."""

    label: ClassVar[str] = N_("设定旧内容迁入期限")
    until: str


@dataclass(frozen=True)
class CityNoticeOrdered(Event):
    """The city ordered a banner or a day of mourning over all sites, or some."""

    label: ClassVar[str] = N_("发布市级公告")
    notice_id: int
    kind: str
    reason: str
    ends_at: str


@dataclass(frozen=True)
class CityNoticeBegun(Event):
    """It stands over the sites from now on."""

    label: ClassVar[str] = N_("市级公告开始")
    notice_id: int
    kind: str


@dataclass(frozen=True)
class CityNoticeEnded(Event):
    """It is over; with a reason where somebody ended it before its time."""

    label: ClassVar[str] = N_("市级公告结束")
    notice_id: int
    kind: str
    reason: str
