"""The city's lines in the console's menu; each of the three administrators sees their own."""

from __future__ import annotations

from functools import partial

from hosting.runtime.areas import MenuEntry
from hosting.runtime.language import N_

_entry = partial(MenuEntry, platform=True)

MENU = (
    _entry(N_("租户"), "city_tenants.index_view", "tenants.view", "city", "building", 10),
    _entry(N_("开通租户"), "city_opening.index", "tenants.open", "city", "add", 20),
    _entry(N_("注销记录"), "city_deletions.index", "tenants.view", "city", "archive", 30),
    _entry(N_("全市公告"), "city_notices.index", "notices.order", "city", "bell", 25),
    _entry(N_("账号"), "city_accounts.index_view", "accounts.manage", "people", "people", 10),
    _entry(N_("审计记录"), "city_audit.index_view", "audit.read", "oversight", "log", 10),
    _entry(N_("审计核验"), "city_audit.verification", "audit.read", "oversight", "shield", 20),
)
