"""How far a new tenant has come: what is done, what runs, whether readers get its home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hosting.console.language import say
from hosting.directory.models import Tenant
from hosting.runtime.clock import now
from hosting.runtime.errors import Problem
from hosting.runtime.language import N_
from provisioning.city.queries.tenants import SiteState, Size
from provisioning.domains.names import PlatformHosts, check_hosts
from provisioning.onboarding.probe import Probe

# After this the page stops looking by itself and says what may be wrong.
_PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class OpenedView:
    """The steps as the shell shows them, and what is left to do."""

    steps: Sequence[dict[str, object]]
    probes: Sequence[Probe]
    warnings: Sequence[Problem]
    is_running: bool

    @property
    def is_well(self) -> bool:
        """Whether every host's home page answers."""
        return bool(self.probes) and all(probe.is_well for probe in self.probes)


def opened_view(
    tenant: Tenant, site: SiteState, size: Size, probes: Sequence[Probe], hosts: PlatformHosts
) -> OpenedView:
    """What opening a tenant came to; no probes: the home page is not there yet to be asked for."""
    is_fresh = now() - tenant.created_at < _PATIENCE
    is_well = bool(probes) and all(probe.is_well for probe in probes)
    checked = check_hosts(site.hosts, kind=tenant.kind, platform=hosts)
    return OpenedView(
        _steps(tenant, site, size, probes),
        probes,
        checked.warnings,
        is_running=is_fresh and not is_well,
    )


def _steps(
    tenant: Tenant, site: SiteState, size: Size, probes: Sequence[Probe]
) -> list[dict[str, object]]:
    columns = say(N_("建立 {columns} 个栏目和首页版块"), columns=size.columns)
    asked = [_asked(probe) for probe in probes]
    return [
        {"title": say(N_("登记租户和域名")), "state": "done", "at": tenant.created_at},
        {"title": columns, "state": "done", "at": tenant.created_at},
        {
            "title": say(N_("生成首页和栏目页")),
            "state": "done" if site.has_home else "current",
            "at": site.status.last_published_at,
        },
        *(asked or [{"title": say(N_("按读者的方式访问首页")), "state": "waiting"}]),
    ]


def _asked(probe: Probe) -> dict[str, object]:
    if probe.is_well:
        title = N_("首页可以访问：{address}")
        return {"title": say(title, address=probe.address), "state": "done"}
    if probe.status == 0:
        title = N_("网关没有应答：{address}")
    else:
        title = N_("首页没有应答（{status}）：{address}")
    asked = say(title, address=probe.address, status=probe.status)
    return {"title": asked, "state": "current"}
