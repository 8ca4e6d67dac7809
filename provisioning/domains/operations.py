"""Binding hosts to sites and releasing them. Need a platform session."""

from __future__ import annotations

from hosting.directory.events import HostsChanged
from hosting.directory.models import Site, Tenant
from hosting.directory.operations import bind_host, choose_main_host, release_host
from hosting.directory.queries import hosts_of_site, sites_of_tenant, taken_hosts
from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from hosting.security.actor import Actor
from provisioning.domains.names import CheckedHosts, PlatformHosts, check_hosts
from provisioning.events import DomainBound, DomainReleased, MainHostChosen
from tenants.sites.events import SiteChanged


def bind(
    session: WalledSession,
    tenant: Tenant,
    site: Site,
    host: str,
    *,
    is_main: bool,
    platform_hosts: PlatformHosts,
    by: Actor,
) -> CheckedHosts:
    """Let a site answer under one host more; returns it as it was bound, with warnings.

    Invalid for what is no host name, is the platform's own, or is bound already. Records
    HostsChanged and DomainBound, and SiteChanged where pages name the new main host.
    """
    checked = check_hosts([host], kind=tenant.kind, platform=platform_hosts, prefix="host")
    checked.problems += [
        Problem("host", "host_taken", N_("域名“{host}”已绑定给租户“{tenant}”"), facts)
        for taken, code in taken_hosts(session, checked.hosts).items()
        if (facts := {"host": taken, "tenant": code})
    ]
    if checked.problems:
        raise Invalid("wrong_host", N_("域名未绑定："), problems=checked.problems)
    bind_host(session, site, checked.hosts[0], is_main=is_main)
    session.record(DomainBound(tenant.id, site.id, checked.hosts[0], is_main), by=by)
    if is_main:
        name_in_all_sites(session, tenant, by=by)
    return checked


def name_in_all_sites(session: WalledSession, tenant: Tenant, *, by: Actor) -> None:
    """Have all pages of a tenant's sites made again: each names its own host and the others'.

    Records SiteChanged for each.
    """
    for site in sites_of_tenant(session, tenant.id):
        session.record(SiteChanged(tenant.id, site.id), by=by)


def choose_main(
    session: WalledSession, tenant: Tenant, site: Site, host: str, *, by: Actor
) -> None:
    """Make one of a site's hosts its main one; NotFound where it is none of them.

    Records HostsChanged for all its hosts, MainHostChosen, and SiteChanged: pages name it.
    """
    choose_main_host(session, site, host)
    session.flush()
    hosts = hosts_of_site(session, tenant.id, site.id)
    session.record(HostsChanged(tenant.id, list(hosts)), by=by)
    session.record(MainHostChosen(tenant.id, site.id, host), by=by)
    name_in_all_sites(session, tenant, by=by)


def release(session: WalledSession, tenant: Tenant, host: str, *, by: Actor) -> None:
    """Let nothing answer under a host any more.

    NotFound where the tenant does not have it, Conflict for the main host of a site. Records
    HostsChanged and DomainReleased.
    """
    release_host(session, tenant, host)
    session.record(DomainReleased(tenant.id, host), by=by)
