"""A county's English site beside its own, and a desk at which people write for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hosting.directory.queries import tenant_by_code
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR
from parts.office import Desk
from parts.platform import Place
from provisioning.domains.names import PlatformHosts
from provisioning.sites.opening import SiteOpening, check_site_opening
from provisioning.sites.operations import open_site
from tenants.sites.queries import columns_of


def open_english(runtime: Runtime, place: Place) -> Place:
    """Open a tenant's English site at `en.<its host without www.>`, with its first pages."""
    host = "en." + place.host.removeprefix("www.")
    opening = SiteOpening("en", "Qinghe County", (host,), "Qinghe")
    own = PlatformHosts.of(runtime.settings)
    with runtime.platform_session(reason="test") as session:
        tenant = tenant_by_code(session, place.code)
        checked = check_site_opening(session, tenant, opening, platform_hosts=own)
        site_id = open_site(session, tenant, checked, by=PLATFORM_ACTOR).id
    drain(runtime)
    return Place(place.tenant_id, site_id, place.code, host)


@contextmanager
def english_desk(runtime: Runtime, english: Place) -> Iterator[Desk]:
    """The desk of an English site, with the columns of its blueprint."""
    with runtime.tenant_session(english.tenant_id) as session:
        yield Desk(session, english.site_id, list(columns_of(session, english.site_id)))
