"""What the account page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hosting.directory.models import Tenant
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings
from hosting.security.models import Membership, SignIn
from hosting.security.queries import Person
from hosting.security.roles import LABELS
from hosting.security.steps import is_too_weak

# In this order: each later one also calls itself by earlier names.
_BROWSERS = (
    (r"MicroMessenger", N_("微信")),
    (r"Edg", "Edge"),
    (r"360SE|360EE|QIHU", N_("360 浏览器")),
    (r"QQBrowser", N_("QQ 浏览器")),
    (r"Firefox", "Firefox"),
    (r"Chrome", "Chrome"),
    (r"Safari", "Safari"),
)
_SYSTEMS = (
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Windows", "Windows"),
    (r"Mac OS", "macOS"),
    (r"Linux|X11|Kylin|UOS", "Linux"),
)
_UNKNOWN = N_("未知设备")


@dataclass(frozen=True)
class SignInLine:
    """One open sign-in; `browser` and `system` are msgids."""

    sign_in_id: int
    browser: str
    system: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class MembershipLine:
    """One role of the person; `place` is empty for the platform, `role` is a msgid.

    `withheld` is a msgid that says why the role doesn't count in this sign-in, or "".
    """

    place: str
    role: str
    is_confined: bool
    reason: str
    ends_at: datetime | None
    withheld: str = ""


def sign_in_lines(sign_ins: Sequence[SignIn], *, this_id: int) -> list[SignInLine]:
    """The sign-ins in their order."""
    return [
        SignInLine(
            each.id,
            _named(_BROWSERS, each.user_agent) or _UNKNOWN,
            _named(_SYSTEMS, each.user_agent),
            each.address,
            each.created_at,
            each.seen_at,
            each.id == this_id,
        )
        for each in sign_ins
    ]


def membership_lines(person: Person, settings: Settings) -> list[MembershipLine]:
    """The person's roles, the platform's first, and those that don't count in this sign-in."""
    lines = [*_lines(person.memberships, person.tenants), *_withheld_lines(person, settings)]
    return sorted(lines, key=lambda line: (line.place, bool(line.withheld)))


def _withheld_lines(person: Person, settings: Settings) -> list[MembershipLine]:
    method = person.sign_in.method
    return [
        replace(
            line,
            withheld=N_("须用两步验证登录后行使")
            if is_too_weak(settings, method, membership.role)
            else N_("须在指定的网络中行使"),
        )
        for membership in person.withheld
        for line in _lines((membership,), person.withheld_tenants)
    ]


def _lines(memberships: Sequence[Membership], tenants: Sequence[Tenant]) -> list[MembershipLine]:
    names = {tenant.id: tenant.name for tenant in tenants}
    return [
        MembershipLine(
            names.get(each.for_tenant_id, ""),
            LABELS[each.role],
            each.column_id is not None,
            each.reason,
            each.ends_at,
        )
        for each in memberships
        if each.is_platform or each.for_tenant_id in names
    ]


def _named(known: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")
