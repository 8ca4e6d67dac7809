"""Opening one tenant of a proving ground: its site, its columns, and every text of both."""

from __future__ import annotations

from typing import Any

from hosting.directory.models import Site
from hosting.directory.queries import tenant_by_code
from hosting.runtime.canaries import Canaries, nest_number
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.opening import Opening, check_opening
from provisioning.onboarding.operations import open_tenant
from provisioning.onboarding.queries import main_site_of
from tenants.sites.events import SiteChanged
from tenants.sites.models import MAXIMUM_DEPTH
from tenants.sites.operations.growing import ColumnPlan, create_columns
from tenants.sites.rules import ColumnFacts

_MARKS = ("site_id_code", "icp_number", "police_number", "sponsor", "operator")
_SAID = ("name", "title", "slogan")
"""Keys of a layout's parts that are texts for readers."""


def open_nest(runtime: Runtime, canaries: Canaries) -> None:
    """Open the tenant: every other one a department, the rest counties."""
    with runtime.platform_session(reason="canaries") as session:
        checked = check_opening(
            session, _opening(canaries), platform_hosts=PlatformHosts.of(runtime.settings)
        )
        tenant = open_tenant(session, checked, by=PLATFORM_ACTOR)
        site = main_site_of(session, tenant.id)
        create_columns(session, site, [column_plan(canaries, 1)], by=PLATFORM_ACTOR)
        _say(session, site, canaries)


def nest_site(runtime: Runtime, canaries: Canaries) -> tuple[int, int]:
    """(tenant id, site id) of a tenant that was opened."""
    with runtime.platform_session(reason="canaries", reading=True) as session:
        site = main_site_of(session, tenant_by_code(session, canaries.code).id)
        return site.tenant_id, site.id


def _opening(canaries: Canaries) -> Opening:
    number = nest_number(canaries.code) or 0
    return Opening(
        code=canaries.code,
        name=canaries.word("name"),
        short_name=canaries.word("shortname"),
        kind="county" if number % 2 else "department",
        hosts=(f"{canaries.slug('host')}.localhost", f"{canaries.slug('otherhost')}.localhost"),
        site_facts={mark: canaries.word(mark.replace("_", "")) for mark in _MARKS},
    )


def column_plan(canaries: Canaries, depth: int) -> ColumnPlan:
    """A column at a depth with one below it, down to the deepest; a subsite in between."""
    deeper = (column_plan(canaries, depth + 1),) if depth < MAXIMUM_DEPTH else ()
    return ColumnPlan(
        column_facts(canaries, depth, kind="subsite" if depth == 2 else "column"), deeper
    )


def column_facts(canaries: Canaries, *which: object, kind: str = "column") -> ColumnFacts:
    """A column that says nothing but canaries."""
    return ColumnFacts(
        name=canaries.word("column", *which),
        slug=canaries.slug("slug", *which),
        kind=kind,
        description=canaries.word("columndescription", *which),
        keywords=canaries.word("columnkeywords", *which),
        column_type=canaries.word("columntype", *which),
    )


def _say(session: WalledSession, site: Site, canaries: Canaries) -> None:
    """Put canaries into what stands on every page."""
    site.contact = {
        **{key: canaries.word(key) for key in ("address", "postcode", "email")},
        "phone": f"{canaries.word('phone')} {phone_number(canaries)}",
    }
    site.tokens = {**site.tokens, "banner": canaries.word("banner")}
    site.layout = _said(site.layout, canaries, "layout")
    session.record(SiteChanged(site.tenant_id, site.id), by=PLATFORM_ACTOR)


def _said(part: Any, canaries: Canaries, *where: object) -> Any:
    """A layout with a canary in the place of each text for readers."""
    if isinstance(part, list):
        return [_said(each, canaries, *where, place) for place, each in enumerate(part)]
    if not isinstance(part, dict):
        return part
    return {
        key: canaries.word("layout", *where, key)
        if isinstance(each, str) and (key in _SAID or where[-1] == "texts")
        else _said(each, canaries, *where, key)
        for key, each in part.items()
    }


def phone_number(canaries: Canaries) -> str:
    """A mobile number that only this tenant has; the prefix was never given out."""
    return f"100{int(canaries.digest('phone'), 16) % 10**8:08d}"


def identity_number(canaries: Canaries) -> str:
    """A number like those of identity cards, of a region that does not exist (GB 11643)."""
    body = f"00000019900101{int(canaries.digest('identity'), 16) % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]
