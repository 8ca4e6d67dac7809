"""`jiyue domain`."""

from __future__ import annotations

import click

from hosting.runtime.command_line import json_option, wait_option, with_runtime
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.acting import change_tenant
from provisioning.domains.names import PlatformHosts
from provisioning.domains.operations import bind, release
from provisioning.onboarding.queries import main_site_of


@click.group("domain")
def domain_group() -> None:
    """域名：绑定、解绑。"""


@domain_group.command("bind")
@click.argument("host")
@click.option("--tenant", "code", required=True, metavar="CODE", help=N_("租户代码"))
@click.option("--main", "is_main", is_flag=True, help=N_("设为主域名"))
@wait_option
@json_option
@with_runtime
def bind_domain(
    runtime: Runtime, /, *, host: str, code: str, is_main: bool, no_wait: bool, as_json: bool
) -> None:
    """把一个域名绑定到租户的主站。"""
    platform_hosts = PlatformHosts.of(runtime.settings)
    change_tenant(
        runtime,
        code,
        lambda session, tenant: bind(
            session,
            tenant,
            main_site_of(session, tenant.id),
            host,
            is_main=is_main,
            platform_hosts=platform_hosts,
            by=PLATFORM_ACTOR,
        ),
        no_wait=no_wait,
        as_json=as_json,
    )


@domain_group.command("release")
@click.argument("host")
@click.option("--tenant", "code", required=True, metavar="CODE", help=N_("租户代码"))
@wait_option
@json_option
@with_runtime
def release_domain(
    runtime: Runtime, /, *, host: str, code: str, no_wait: bool, as_json: bool
) -> None:
    """解绑一个域名。"""
    change_tenant(
        runtime,
        code,
        lambda session, tenant: release(session, tenant, host, by=PLATFORM_ACTOR),
        no_wait=no_wait,
        as_json=as_json,
    )
