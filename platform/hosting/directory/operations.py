"""Verbs of the directory: tenants, their sites, and the hosts under which these answer.

They run in platform sessions: who is hosted here is for the city to say, never for a tenant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from hosting.directory.events import HostsChanged
from hosting.directory.models import Domain, Site, Tenant
from hosting.directory.queries import hosts_of_site, hosts_of_tenant
from hosting.runtime.errors import Conflict, NotFound
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession


def add_tenant(
    session: WalledSession, *, code: str, name: str, kind: str, state: str, history_until: date
) -> Tenant:
    """Write a tenant. The caller has checked the facts; a code that is taken fails at the flush."""
    tenant = Tenant(
        id=new_id(), code=code, name=name, kind=kind, state=state, history_until=history_until
    )
    session.add(tenant)
    return tenant


def add_site(session: WalledSession, tenant: Tenant, *, hosts: Sequence[str], **facts: Any) -> Site:
    """Write a site of a tenant and bind its hosts, the first as the main one.

    Flushes. Records HostsChanged.
    """
    site = Site(tenant_id=tenant.id, id=new_id(), main_host=hosts[0], **facts)
    session.add(site)
    for place, host in enumerate(hosts):
        session.add(Domain(host=host, for_tenant_id=tenant.id, site_id=site.id, is_main=place == 0))
    session.flush()
    session.record(HostsChanged(tenant.id, list(hosts)))
    return site


def bind_host(session: WalledSession, site: Site, host: str, *, is_main: bool) -> Domain:
    """Let a site answer under one host more, as its main one where `is_main`.

    Flushes. Records HostsChanged.
    """
    domain = Domain(host=host, for_tenant_id=site.tenant_id, site_id=site.id, is_main=False)
    session.add(domain)
    session.flush()
    if is_main:
        choose_main_host(session, site, host)
    session.record(HostsChanged(site.tenant_id, [host]))
    return domain


def choose_main_host(session: WalledSession, site: Site, host: str) -> None:
    """Make one of a site's hosts its main one; NotFound where it is none of them."""
    domains = session.scalars(
        select(Domain).where(Domain.for_tenant_id == site.tenant_id, Domain.site_id == site.id)
    ).all()
    if host not in {each.host for each in domains}:
        raise _no_such_host(host)
    for each in domains:
        each.is_main = each.host == host
    site.main_host = host


def release_host(session: WalledSession, tenant: Tenant, host: str) -> None:
    """Let no site answer under a host any more.

    NotFound where the tenant does not have it, Conflict for the main host. Records HostsChanged.
    """
    domain = session.scalars(
        select(Domain).where(Domain.host == host, Domain.for_tenant_id == tenant.id)
    ).first()
    if domain is None:
        raise _no_such_host(host)
    if domain.is_main:
        raise Conflict(
            "main_host", N_("“{host}”是网站的主域名，请先指定另一个主域名再解绑"), host=host
        )
    session.delete(domain)
    session.record(HostsChanged(tenant.id, [host]))


def set_site_state(session: WalledSession, site: Site, state: str) -> None:
    """Let a site's hosts show it, or that it is closed. Records HostsChanged.

    Which site may be closed is the caller's rule.
    """
    site.state = state
    hosts = hosts_of_site(session, site.tenant_id, site.id)
    session.record(HostsChanged(site.tenant_id, list(hosts)))


def set_state(session: WalledSession, tenant: Tenant, state: str) -> None:
    """Put a tenant into another state; its hosts then show what goes with it.

    Which state may follow which is the caller's rule. Records HostsChanged.
    """
    tenant.state = state
    session.record(HostsChanged(tenant.id, list(hosts_of_tenant(session, tenant.id))))


def _no_such_host(host: str) -> NotFound:
    return NotFound("no_such_host", N_("这个租户没有绑定域名“{host}”"), host=host)
