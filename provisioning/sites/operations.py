"""Opening a tenant's site in a foreign language, closing it, opening it again.

All need a platform session: how many sites a tenant has is the city's to say.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from hosting.directory.models import CLOSED, FOREIGN, OPEN, Site, Tenant
from hosting.directory.operations import add_site, set_site_state
from hosting.runtime.errors import Conflict, Invalid
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from provisioning.domains.operations import name_in_all_sites
from provisioning.events import SiteClosed, SiteOpened, SiteReopened
from provisioning.onboarding.operations import column_tree, layout_of
from provisioning.sites.opening import CheckedSite
from tenants.sites.operations.growing import create_columns

_NOT_THE_ADDRESS = ("phone", "email", "postcode")
"""What of the main site's contact every reader can use."""


def open_site(session: WalledSession, tenant: Tenant, checked: CheckedSite, *, by: Actor) -> Site:
    """Open it with its hosts, columns and home page, all or nothing.

    It looks as the main site does. Conflict where somebody took a host or the language since the
    check. Flushes; records ColumnsCreated, HostsChanged, SiteOpened, and SiteChanged for every site
    of the tenant: their pages lead to it.
    """
    opening, plan = checked.opening, checked.opening.plan
    try:
        site = add_site(session, tenant, hosts=checked.hosts, **_facts(checked))
    except IntegrityError as error:
        raise Conflict("taken_meanwhile", N_("域名或语言刚刚被他人占用，请重新核对")) from error
    columns = create_columns(session, site, column_tree(plan.columns), by=by)
    site.layout = {**layout_of(plan, columns), **_marks(checked.main)}
    session.record(SiteOpened(tenant.id, site.id, opening.locale, checked.hosts), by=by)
    name_in_all_sites(session, tenant, by=by)
    return site


def _facts(checked: CheckedSite) -> dict[str, Any]:
    opening, main = checked.opening, checked.main
    contact = {key: each for key, each in main.contact.items() if key in _NOT_THE_ADDRESS}
    return {
        "kind": FOREIGN,
        "locale": opening.locale,
        "name": opening.name.strip(),
        "short_name": opening.called,
        "theme": main.theme,
        "sponsor": opening.name.strip(),
        "site_id_code": main.site_id_code,
        "icp_number": main.icp_number,
        "police_number": main.police_number,
        "contact": contact,
        "tokens": {key: each for key, each in main.tokens.items() if key != "banner"},
    }


def _marks(main: Site) -> dict[str, Any]:
    return {"marks": main.layout["marks"]} if "marks" in main.layout else {}


def close_site(
    session: WalledSession, tenant: Tenant, site: Site, *, reason: str, by: Actor
) -> None:
    """Show a notice instead of a foreign-language site; its content stays.

    The main site ends with its tenant alone. Records HostsChanged, SiteClosed, SiteChanged.
    """
    if site.is_main:
        raise Conflict("main_site", N_("主站不能单独关闭，请暂停或关停租户"))
    _turn(session, site, CLOSED, reason)
    session.record(SiteClosed(tenant.id, site.id, reason.strip()), by=by)
    name_in_all_sites(session, tenant, by=by)


def reopen_site(
    session: WalledSession, tenant: Tenant, site: Site, *, reason: str, by: Actor
) -> None:
    """Show a closed site again, as it is now. Records HostsChanged, SiteReopened, SiteChanged."""
    _turn(session, site, OPEN, reason)
    session.record(SiteReopened(tenant.id, site.id, reason.strip()), by=by)
    name_in_all_sites(session, tenant, by=by)


def _turn(session: WalledSession, site: Site, state: str, reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", N_("请写明理由"))
    if site.state == state:
        raise Conflict("wrong_site_state", N_("网站“{name}”已是这个状态"), name=site.name)
    set_site_state(session, site, state)
