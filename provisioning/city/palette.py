"""What the search palette finds in the city: tenants and accounts by their names."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, url_for

from hosting.console.language import say
from hosting.console.palette import Destination
from hosting.console.viewer import current_viewer
from hosting.directory.queries import TenantFilter, tenant_rows
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.account_queries import AccountFilter, account_rows

_MOST = 6


def find(query: str) -> Iterator[Destination]:
    """Tenants and accounts whose names hold the query, for whoever may see them here."""
    if g.get("tenant") is not None:
        return
    if current_viewer().may("tenants.view"):
        yield from _tenants(query)
    if current_viewer().may("accounts.manage"):
        yield from _accounts(query)


def _tenants(query: str) -> Iterator[Destination]:
    for each in tenant_rows(web.session(), TenantFilter(words=query), limit=_MOST):
        address = url_for("city_tenants.tenant", code=each.code)
        yield Destination(each.name, address, say(N_("租户")), note=each.code, icon="building")


def _accounts(query: str) -> Iterator[Destination]:
    for each in account_rows(web.session(), AccountFilter(words=query), limit=_MOST):
        address = url_for("city_accounts.account", account_id=each.id)
        yield Destination(each.name, address, say(N_("账号")), note=each.login, icon="person")
