"""States of the city's things: by word, drawing and tone, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hosting.directory.models import CLOSED, OPEN, Tenant
from hosting.runtime.language import N_
from provisioning.presenters import STATES
from provisioning.sites.presenters import SITE_STATES


@dataclass(frozen=True)
class Badge:
    """A state in a word (a msgid); `tone` and `icon` as the shell's badge takes them."""

    label: str
    tone: str
    icon: str


TENANT_STATES: Mapping[str, Badge] = {
    "preparing": Badge(STATES["preparing"], "info", "draft"),
    "open": Badge(STATES["open"], "good", "done"),
    "suspended": Badge(STATES["suspended"], "warn", "pause"),
    "closing": Badge(STATES["closing"], "warn", "clock"),
    "closed": Badge(STATES["closed"], "neutral", "archive"),
}

SITE_BADGES: Mapping[str, Badge] = {
    OPEN: Badge(SITE_STATES[OPEN], "good", "done"),
    CLOSED: Badge(SITE_STATES[CLOSED], "neutral", "archive"),
}

MEANINGS: Mapping[str, str] = {
    "preparing": N_("网站可以访问，内容正在准备"),
    "open": N_("网站正常访问，本单位人员正常办理"),
    "suspended": N_("域名只显示“暂停服务”公告，内容保留，本单位人员可以继续办理"),
    "closing": N_("网站照常访问，每页顶部显示关停公告"),
    "closed": N_("域名只显示“已关停”公告，内容归档，本单位人员不能再进入工作台"),
}
"""What each state of a tenant means for readers and for its people."""

ACCOUNT_STATES: Mapping[str, Badge] = {
    "active": Badge(N_("正常"), "good", "done"),
    "disabled": Badge(N_("已停用"), "neutral", "lock"),
}

_PUBLISHED = Badge(N_("首页已发布"), "good", "published")
_UNPUBLISHED = Badge(N_("首页未发布"), "bad", "failed")
_NOTICE = Badge(N_("显示公告"), "warn", "info")


def home_badge(tenant: Tenant, *, has_home: bool, is_closed: bool = False) -> Badge:
    """What readers meet at the home page of a tenant's site, as far as our own records say."""
    if is_closed or not tenant.is_serving:
        return _NOTICE
    return _PUBLISHED if has_home else _UNPUBLISHED
