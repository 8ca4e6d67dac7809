"""Reads of the directory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hosting.directory.models import MAIN, OPEN, Domain, Site, Tenant
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_, language_of
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_LONGEST = 253


@dataclass(frozen=True)
class HostedSite:
    """What the host switch needs to know of a host name."""

    host: str
    tenant_id: int
    tenant_code: str
    tenant_state: str
    site_id: int
    main_host: str
    site_state: str = OPEN

    @property
    def is_serving(self) -> bool:
        """Whether the site shows content rather than a notice."""
        return self.site_state == OPEN and self.tenant_state in ("preparing", "open", "closing")


def host_name(header: str) -> str:
    """The host of a Host header: without port and trailing dot, in lower case."""
    host = header.rsplit(":", 1)[0] if header.count(":") == 1 else header
    return host.rstrip(".").lower()


def site_of_host(runtime: Runtime, host: str) -> HostedSite | None:
    """The site that answers under a host, or None; cached for `host_cache_seconds`.

    Unknown hosts are cached too, so that probing does not reach the database each time; what no
    host can be called is neither asked for nor kept.
    """
    if len(host) > _LONGEST or not _HOST.fullmatch(host):
        return None
    key = f"host:{host}"
    cached = runtime.cache.get(key)
    if cached is None:
        found = _look_up(runtime, host)
        cached = {} if found is None else asdict(found)
        if runtime.settings.host_cache_seconds:
            runtime.cache.set(key, cached, runtime.settings.host_cache_seconds)
    return HostedSite(**cached) if cached else None


def forget_hosts(runtime: Runtime, hosts: Sequence[str]) -> None:
    """Drop cached lookups of hosts that were bound, moved or released."""
    for host in hosts:
        runtime.cache.delete(f"host:{host}")


def _look_up(runtime: Runtime, host: str) -> HostedSite | None:
    with runtime.platform_session(reason="host lookup", reading=True) as session:
        row = session.execute(
            select(Domain, Tenant, Site.main_host, Site.state)
            .join(Tenant, Tenant.id == Domain.for_tenant_id)
            .join(Site, (Site.tenant_id == Domain.for_tenant_id) & (Site.id == Domain.site_id))
            .where(Domain.host == host)
        ).first()
    if row is None:
        return None
    domain, tenant, main_host, state = row
    return HostedSite(
        host, tenant.id, tenant.code, tenant.state, domain.site_id, main_host, site_state=state
    )


def tenant_by_code(session: WalledSession, code: str) -> Tenant:
    """The tenant with this code; NotFound where there is none."""
    tenant = session.scalars(select(Tenant).where(Tenant.code == code)).first()
    if tenant is None:
        raise NotFound("no_such_tenant", N_("没有代码为“{tenant}”的租户"), tenant=code)
    return tenant


def tenant_id_of(runtime: Runtime, code: str) -> int:
    """The id of the tenant with this code, for commands; NotFound where there is none."""
    with runtime.platform_session(reason="tenant lookup", reading=True) as session:
        return tenant_by_code(session, code).id


def tenants(session: WalledSession) -> Sequence[Tenant]:
    """All tenants, by kind and code."""
    return session.scalars(select(Tenant).order_by(Tenant.kind.desc(), Tenant.code)).all()


@dataclass(frozen=True)
class TenantFilter:
    """What a list of tenants is narrowed to; empty values narrow nothing."""

    words: str = ""
    kind: str = ""
    state: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The words stand in name, code or a host."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            hosts = select(Domain.for_tenant_id).where(
                Domain.host.icontains(self.words, autoescape=True)
            )
            found.append(
                or_(
                    Tenant.name.icontains(self.words, autoescape=True),
                    Tenant.code.icontains(self.words, autoescape=True),
                    Tenant.id.in_(hosts),
                )
            )
        found += [Tenant.kind == self.kind] if self.kind else []
        found += [Tenant.state == self.state] if self.state else []
        return found


_TENANT_SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "kind": Tenant.kind,
    "code": Tenant.code,
    "opened": Tenant.created_at,
}


def tenant_count(session: WalledSession, narrowed: TenantFilter) -> int:
    """How many tenants a filter leaves."""
    return session.scalar(select(func.count(Tenant.id)).where(*narrowed.conditions())) or 0


def tenant_rows(
    session: WalledSession,
    narrowed: TenantFilter,
    *,
    sort: str = "kind",
    descending: bool = True,
    offset: int = 0,
    limit: int = 30,
) -> Sequence[Tenant]:
    """A page of the tenants that a filter leaves, sorted by kind, code or opened."""
    key = _TENANT_SORTS[sort]
    return session.scalars(
        select(Tenant)
        .where(*narrowed.conditions())
        .order_by(key.desc() if descending else key, Tenant.code)
        .offset(offset)
        .limit(limit)
    ).all()


def main_site(session: WalledSession) -> Site:
    """The main site of the session's tenant; NotFound where it has none yet."""
    site = session.scalars(select(Site).where(Site.kind == MAIN).limit(1)).first()
    if site is None:
        raise NotFound("no_site", N_("这个租户还没有网站"))
    return site


def sites_of_tenant(session: WalledSession, tenant_id: int) -> Sequence[Site]:
    """All sites of a tenant, the main one first, then in the order in which they were made."""
    return session.scalars(
        select(Site).where(Site.tenant_id == tenant_id).order_by(Site.kind != MAIN, Site.id)
    ).all()


def foreign_languages(session: WalledSession, tenant_id: int) -> dict[int, str]:
    """The languages of a tenant's foreign-language sites, by the sites' ids."""
    sites = sites_of_tenant(session, tenant_id)
    return {each.id: language_of(each.locale).name for each in sites if not each.is_main}


def site_in_language(session: WalledSession, tenant_id: int, locale: str) -> Site:
    """A tenant's site in a language, "" for the main one; NotFound where there is none."""
    sites = sites_of_tenant(session, tenant_id)
    found = next((each for each in sites if each.locale == locale or not locale), None)
    if found is None:
        raise NotFound("no_such_site", N_("没有找到这个网站"))
    return found


def site_of_tenants_host(session: WalledSession, tenant_id: int, host: str) -> Site:
    """The site under one of a tenant's hosts; NotFound where the tenant has no such host."""
    found = session.scalars(
        select(Site)
        .join(Domain, (Domain.for_tenant_id == Site.tenant_id) & (Domain.site_id == Site.id))
        .where(Domain.host == host, Site.tenant_id == tenant_id)
    ).first()
    if found is None:
        raise NotFound("no_such_host", N_("这个租户没有绑定域名“{host}”"), host=host)
    return found


def hosts_of_site(session: WalledSession, tenant_id: int, site_id: int) -> Sequence[str]:
    """All hosts of a site, the main one first."""
    return session.scalars(
        select(Domain.host)
        .where(Domain.for_tenant_id == tenant_id, Domain.site_id == site_id)
        .order_by(Domain.is_main.desc(), Domain.host)
    ).all()


def hosts_by_tenant(session: WalledSession, tenant_ids: Iterable[int]) -> dict[int, list[str]]:
    """All hosts of some tenants, main ones first. For platform sessions."""
    hosts: dict[int, list[str]] = defaultdict(list)
    for tenant_id, host in session.execute(
        select(Domain.for_tenant_id, Domain.host)
        .where(Domain.for_tenant_id.in_(list(tenant_ids)))
        .order_by(Domain.is_main.desc(), Domain.host)
    ):
        hosts[tenant_id].append(host)
    return hosts


def hosts_of_tenant(session: WalledSession, tenant_id: int) -> Sequence[str]:
    """All hosts of all sites of a tenant, by name."""
    return session.scalars(
        select(Domain.host).where(Domain.for_tenant_id == tenant_id).order_by(Domain.host)
    ).all()


def taken_hosts(session: WalledSession, hosts: Sequence[str]) -> dict[str, str]:
    """Those of the hosts that are bound already: host -> code of the tenant that has it."""
    rows = session.execute(
        select(Domain.host, Tenant.code)
        .join(Tenant, Tenant.id == Domain.for_tenant_id)
        .where(Domain.host.in_(hosts))
    )
    return {row[0]: row[1] for row in rows}


def main_hosts(session: WalledSession) -> Sequence[tuple[int, str]]:
    """(tenant id, host) of every main host, the portal's first, then by host."""
    rows = session.execute(
        select(Domain.for_tenant_id, Domain.host)
        .join(Tenant, Tenant.id == Domain.for_tenant_id)
        .where(Domain.is_main)
        .order_by(Tenant.kind.desc(), Domain.host)
    )
    return [(row[0], row[1]) for row in rows]
