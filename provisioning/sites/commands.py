"""`jiyue site`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from hosting.directory.models import Site, Tenant
from hosting.directory.queries import site_in_language, tenant_by_code
from hosting.runtime.command_line import (
    FOUND,
    answer,
    json_option,
    settle,
    wait_option,
    with_runtime,
)
from hosting.runtime.language import FOREIGN_LOCALES, N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.domains.names import PlatformHosts
from provisioning.onboarding.probe import probe_homes
from provisioning.onboarding.queries import site_rows
from provisioning.sites.opening import SiteOpening, check_site_opening
from provisioning.sites.operations import close_site, open_site, reopen_site
from provisioning.sites.presenters import sites_text

_tenant = click.option("--tenant", "code", required=True, metavar="CODE", help=N_("租户代码"))
_locale = click.option("--locale", required=True, help="|".join(FOREIGN_LOCALES), metavar="LOCALE")
_reason = click.option("--reason", required=True, help=N_("理由"))


@click.group("site")
def site_group() -> None:
    """外文版网站：开通、列出、关闭、重新开放。"""


@site_group.command("create")
@_tenant
@_locale
@click.option("--host", "hosts", multiple=True, help=N_("域名，可写多次；第一个为主域名"))
@click.option("--name", required=True, help=N_("网站名称，用该语言书写"))
@click.option("--short-name", default="", help=N_("简称；不写则同全称"))
@wait_option
@json_option
@with_runtime
def create(
    runtime: Runtime,
    /,
    *,
    code: str,
    locale: str,
    hosts: tuple[str, ...],
    name: str,
    short_name: str,
    no_wait: bool,
    as_json: bool,
) -> int:
    """为租户开通外文版：域名、栏目和首页一步建好，并检查首页可以访问。"""
    opening = SiteOpening(locale, name, hosts, short_name)
    own = PlatformHosts.of(runtime.settings)
    with runtime.platform_session(reason="open site") as session:
        tenant = tenant_by_code(session, code)
        checked = check_site_opening(session, tenant, opening, platform_hosts=own)
        open_site(session, tenant, checked, by=PLATFORM_ACTOR)
    settle(runtime, no_wait=no_wait)
    probes = [] if no_wait else probe_homes(runtime, checked.hosts)
    answer(_sites(runtime, code), as_json=as_json, human=sites_text)
    return 0 if all(probe.is_well for probe in probes) else FOUND


@site_group.command("list")
@_tenant
@json_option
@with_runtime
def list_sites(runtime: Runtime, /, *, code: str, as_json: bool) -> None:
    """列出租户的全部网站。"""
    answer(_sites(runtime, code), as_json=as_json, human=sites_text)


@site_group.command("close")
@_tenant
@_locale
@_reason
@wait_option
@json_option
@with_runtime
def close(
    runtime: Runtime, /, *, code: str, locale: str, reason: str, no_wait: bool, as_json: bool
) -> None:
    """关闭外文版：域名只显示“已关闭”公告，内容保留。"""
    with _found(runtime, code, locale, no_wait=no_wait, as_json=as_json) as (session, tenant, site):
        close_site(session, tenant, site, reason=reason, by=PLATFORM_ACTOR)


@site_group.command("reopen")
@_tenant
@_locale
@_reason
@wait_option
@json_option
@with_runtime
def reopen(
    runtime: Runtime, /, *, code: str, locale: str, reason: str, no_wait: bool, as_json: bool
) -> None:
    """重新开放已关闭的外文版。"""
    with _found(runtime, code, locale, no_wait=no_wait, as_json=as_json) as (session, tenant, site):
        reopen_site(session, tenant, site, reason=reason, by=PLATFORM_ACTOR)


@contextmanager
def _found(
    runtime: Runtime, code: str, locale: str, *, no_wait: bool, as_json: bool
) -> Iterator[tuple[WalledSession, Tenant, Site]]:
    """A site to change within the block; afterwards what follows is done, and all are listed."""
    with runtime.platform_session(reason="change site") as session:
        tenant = tenant_by_code(session, code)
        yield session, tenant, site_in_language(session, tenant.id, locale)
    settle(runtime, no_wait=no_wait)
    answer(_sites(runtime, code), as_json=as_json, human=sites_text)


def _sites(runtime: Runtime, code: str) -> list[dict[str, Any]]:
    with runtime.platform_session(reason="list sites", reading=True) as session:
        return site_rows(session, tenant_by_code(session, code).id)
