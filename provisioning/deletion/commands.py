"""`jiyue tenant delete` and `jiyue tenant deletions`."""

from __future__ import annotations

import sys

import click

from hosting.directory.models import Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.command_line import answer, json_option, settle, wait_option, with_runtime
from hosting.runtime.errors import Invalid, Unavailable
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.deletion.models import DONE
from provisioning.deletion.operations import begin_deletion, go_on
from provisioning.deletion.presenters import deletion_line, deletion_text
from provisioning.deletion.queries import deletion, deletions, stock_of, unfinished_of


@click.command("delete")
@click.argument("code")
@click.option("--reason", required=True, help=N_("理由，载入记录"))
@click.option("--confirm", default="", metavar="CODE", help=N_("再次输入租户代码以确认"))
@click.option("--now", "is_early", is_flag=True, help=N_("不等关停期满，立即注销"))
@wait_option
@json_option
@with_runtime
def delete(
    runtime: Runtime,
    /,
    *,
    code: str,
    reason: str,
    confirm: str,
    is_early: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """注销已关停的租户：稿件、文件、网页、账号全部删除，不可恢复；审计记录封存。"""
    with runtime.platform_session(reason="delete tenant") as session:
        deletion_id = _continued(session, code) or _begun(
            session,
            tenant_by_code(session, code),
            confirm=confirm,
            reason=reason,
            is_early=is_early,
            wait_days=runtime.settings.tenant_deletion_wait_days,
        )
    settle(runtime, no_wait=no_wait)
    with runtime.platform_session(reason="delete tenant", reading=True) as session:
        found = deletion(session, deletion_id)
    if found.state != DONE and not no_wait:
        raise Unavailable("deletion_goes_on", N_("注销尚未完成，后台会继续；可稍后再执行本命令"))
    answer(found.facts(), as_json=as_json, human=lambda _: deletion_text(found))


@click.command("deletions")
@json_option
@with_runtime
def list_deletions(runtime: Runtime, /, *, as_json: bool) -> None:
    """列出已注销和正在注销的租户。"""
    with runtime.platform_session(reason="list deletions", reading=True) as session:
        rows = list(deletions(session))
    answer(
        [row.facts() for row in rows],
        as_json=as_json,
        human=lambda _: "\n".join(deletion_line(row) for row in rows),
    )


def _continued(session: WalledSession, code: str) -> int | None:
    """The deletion of this code that has begun, taken up again."""
    begun = unfinished_of(session, code)
    if begun is None:
        return None
    go_on(session, begun.id)
    return begun.id


def _begun(
    session: WalledSession,
    tenant: Tenant,
    *,
    confirm: str,
    reason: str,
    is_early: bool,
    wait_days: int,
) -> int:
    _confirm(session, tenant, confirm)
    begun = begin_deletion(
        session,
        tenant,
        reason=reason,
        wait_days=wait_days,
        is_early=is_early,
        by=PLATFORM_ACTOR,
    )
    return begun.id


def _confirm(session: WalledSession, tenant: Tenant, typed: str) -> None:
    """Deleting names its object: the code is typed again, after what is at stake was said."""
    stock = stock_of(session, tenant)
    facts = {**stock, "name": tenant.name, "tenant": tenant.code, "hosts": len(stock["hosts"])}
    if not typed and sys.stdin.isatty():
        click.echo(text(_AT_STAKE, **facts), err=True)
        typed = str(click.prompt(text(N_("租户代码")), err=True))
    if typed.strip() != tenant.code:
        raise Invalid("not_confirmed", _NOT_CONFIRMED, **facts)


_AT_STAKE = N_(
    "将永久删除“{name}”：{items} 篇稿件、{columns} 个栏目、{files} 个文件（{bytes} 字节）、"
    "{accounts} 个账号、{hosts} 个域名。请输入租户代码确认。"
)
_NOT_CONFIRMED = N_(
    "将永久删除“{name}”：{items} 篇稿件、{columns} 个栏目、{files} 个文件（{bytes} 字节）、"
    "{accounts} 个账号、{hosts} 个域名。确认请加 --confirm {tenant}"
)
