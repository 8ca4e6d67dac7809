"""A tenant as lists and its page show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hosting.runtime.language import N_, language_of
from hosting.runtime.settings import Settings
from provisioning.city.presenters.badges import SITE_BADGES, TENANT_STATES, Badge, home_badge
from provisioning.city.queries.tenants import SiteState, TenantRow, TenantState
from provisioning.lifecycle.models import TenantStep
from provisioning.presenters import KINDS
from provisioning.quotas.operations import Quotas

_PUNYCODE = "xn--"


@dataclass(frozen=True)
class TenantLine:
    """One tenant of a list; `kind` is a msgid."""

    code: str
    name: str
    kind: str
    state: Badge
    home: Badge
    hosts: Sequence[str]
    published: int
    last_at: datetime | None
    opened_at: datetime


def tenant_lines(rows: Iterable[TenantRow]) -> list[TenantLine]:
    """The rows in their order."""
    return [
        TenantLine(
            row.tenant.code,
            row.tenant.name,
            KINDS[row.tenant.kind],
            TENANT_STATES[row.tenant.state],
            home_badge(row.tenant, has_home=row.has_home),
            [readable(host) for host in row.hosts],
            row.published.items,
            row.published.last_at,
            row.tenant.created_at,
        )
        for row in rows
    ]


def readable(host: str) -> str:
    """A host as people read it: Chinese labels in Chinese, whatever DNS holds (RFC 3490)."""
    if _PUNYCODE not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


@dataclass(frozen=True)
class HostLine:
    """A host of a site, as DNS and as people have it."""

    host: str
    shown: str
    address: str
    is_main: bool


@dataclass(frozen=True)
class SitePanel:
    """A site and where its publishing stands; `badge` is the home page's state."""

    name: str
    is_main: bool
    locale: str
    language: str
    is_open: bool
    state: Badge
    hosts: Sequence[HostLine]
    badge: Badge
    pages: int
    gone: int
    waiting: int
    waiting_since: datetime | None
    last_at: datetime | None
    failures: Sequence[dict[str, object]]


def site_panels(state: TenantState, settings: Settings) -> list[SitePanel]:
    """The sites of a tenant, the main one first."""
    return [_panel(state, each, settings) for each in state.sites]


def _panel(state: TenantState, shown: SiteState, settings: Settings) -> SitePanel:
    status = shown.status
    return SitePanel(
        shown.site.name,
        shown.site.is_main,
        shown.site.locale,
        language_of(shown.site.locale).name,
        shown.site.is_open,
        SITE_BADGES[shown.site.state],
        host_lines(shown, settings),
        home_badge(state.tenant, has_home=shown.has_home, is_closed=not shown.site.is_open),
        status.pages,
        status.gone,
        sum(status.waiting.values()),
        status.waiting_since,
        status.last_published_at,
        status.failures,
    )


def host_lines(shown: SiteState, settings: Settings) -> list[HostLine]:
    """The hosts of a site, the main one first."""
    return [
        HostLine(host, readable(host), settings.address(host), host == shown.site.main_host)
        for host in shown.hosts
    ]


@dataclass(frozen=True)
class Use:
    """How much of a quota is used; `limit` None where there is none. `label` is a msgid."""

    label: str
    used: int
    limit: int | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more goes in."""
        return self.limit is not None and self.used >= self.limit

    @property
    def is_near(self) -> bool:
        """Whether less than a tenth is left."""
        return self.limit is not None and not self.is_over and self.used * 10 >= self.limit * 9


MEGABYTE = 1_000_000
"""As the refusals of quotas count it."""


def uses(state: TenantState) -> list[Use]:
    """What a tenant keeps beside what it may keep."""
    quotas = Quotas.of(state.tenant)
    storage = quotas.storage_bytes
    return [
        Use(N_("稿件（篇）"), state.size.items, quotas.items),
        Use(
            N_("文件（MB）"),
            -(-state.storage_bytes // MEGABYTE),
            storage // MEGABYTE if storage is not None else None,
        ),
        Use(N_("账号（个）"), state.size.people, quotas.accounts),
    ]


@dataclass(frozen=True)
class StepLine:
    """A step of a tenant's life."""

    old: Badge
    new: Badge
    reason: str
    who: str
    at: datetime
    until: object
    successor: str


def step_lines(steps: Iterable[TenantStep]) -> list[StepLine]:
    """The steps in their order."""
    return [
        StepLine(
            TENANT_STATES[step.old_state],
            TENANT_STATES[step.new_state],
            step.reason,
            step.taken_name,
            step.taken_at,
            step.notice_until,
            step.successor,
        )
        for step in steps
    ]
