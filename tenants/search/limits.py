"""How often readers may search: each search reads the texts of a whole site."""

from __future__ import annotations

from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.limits import Limit, count_each, subscriber

_TOO_OFTEN = N_("搜索过于频繁，请 {minutes} 分钟后再试")


def count_search(runtime: Runtime, tenant_id: int, address: str) -> None:
    """Count one search of a reader; LimitReached when the address or the tenant had too many.

    The address counts over all tenants, since the database is one; what it is refused does not
    use up the tenant's share.
    """
    settings = runtime.settings
    seconds = settings.search_window_seconds
    here = Limit("searches_here", settings.search_limit_of_address, seconds, _TOO_OFTEN)
    of_tenant = Limit("searches_of_tenant", settings.search_limit_of_tenant, seconds, _TOO_OFTEN)
    count_each(runtime.cache, ((here, subscriber(address)), (of_tenant, str(tenant_id))))
