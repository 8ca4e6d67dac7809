"""`jiyue domain`."""

from __future__ import annotations

import click

from hosting.directory.queries import site_in_language
from hosting.runtime.command_line import json_option, wait_option, with_runtime
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.acting import change_tenant
from provisioning.domains.names import PlatformHosts
from provisioning.domains.operations import bind, release


@click.group("domain")
def domain_group() -> None:
    """域名：绑定、解绑。"""


@domain_group.command("bind")
@click.argument("host")
@click.option("--tenant", "code", required=True, metavar="CODE", help=N_("租户代码"))
@click.option("--locale", default="", help=N_("绑定到该语言的外文版；不写则绑定到主站"))
@click.option("--main", "is_main", is_flag=True, help=N_("设为主域名"))
@wait_option
@json_option
@with_runtime
def bind_domain(
    runtime: Runtime,
    /,
    *,
    host: str,
    code: str,
    locale: str,
    is_main: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """把一个域名绑定到租户的主站或外文版。"""
    platform_hosts = PlatformHosts.of(runtime.settings)
    change_tenant(
        runtime,
        code,
        lambda session, tenant: bind(
            session,
            tenant,
            site_in_language(session, tenant.id, locale),
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
