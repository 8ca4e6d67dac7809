"""`jiyue account`, `jiyue audit` and `jiyue routes`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click

from hosting.directory.application import create_application
from hosting.directory.queries import tenant_by_code
from hosting.runtime.command_line import (
    FOUND,
    answer,
    json_option,
    with_runtime,
)
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_, text
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security import operations, passwords, queries, second_factors
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.audit_commands import export_audit
from hosting.security.audit_key import audit_key
from hosting.security.audit_verification import Fault, Verification, verify
from hosting.security.models import Account
from hosting.security.operations import RoleFacts
from hosting.security.roles import LABELS
from hosting.security.routes import as_lines, routes
from hosting.security.signing_key import ALGORITHM

_TENANT = click.option("--tenant", metavar="CODE", help=N_("租户代码；不写则为平台角色"))
_ROLES = click.option(
    "--role", "roles", multiple=True, required=True, help=N_("角色，可写多次"), metavar="ROLE"
)


@click.group("account")
def account_group() -> None:
    """账号与角色。"""


@account_group.command("create")
@click.argument("login")
@_TENANT
@_ROLES
@click.option("--name", default="", help=N_("姓名；不写则同登录名"))
@click.option("--password", hidden=True)
@json_option
@with_runtime
def create(
    runtime: Runtime,
    login: str,
    tenant: str | None,
    roles: tuple[str, ...],
    name: str,
    password: str | None,
    as_json: bool,
) -> None:
    """新建账号并授予角色；密码从标准输入读取。"""
    if password is not None:
        raise Invalid(
            "password_on_command_line",
            N_("密码不能写在命令行上（会留在历史记录里），请从标准输入给出"),
        )
    hashed = passwords.hashed(_read_password(), settings=runtime.settings, login=login)
    with runtime.platform_session(reason="account create") as session:
        account = operations.create_account(
            session, login=login, name=name or login, password=hashed, by=PLATFORM_ACTOR
        )
        _grant(session, account, tenant, roles)
        row = _row(session, account)
    answer(row, as_json=as_json, human=lambda made: text(N_("已建立账号 {login}"), **made))


@account_group.command("grant")
@click.argument("login")
@_TENANT
@_ROLES
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=N_("截止日期，含当日"))
@click.option("--reason", default="", help=N_("代办事由"))
@json_option
@with_runtime
def grant(
    runtime: Runtime,
    login: str,
    tenant: str | None,
    roles: tuple[str, ...],
    until: datetime | None,
    reason: str,
    as_json: bool,
) -> None:
    """给已有账号授予角色。"""
    # The last day counts whole, as people mean it.
    ends_at = until.replace(tzinfo=runtime.settings.zone) + timedelta(days=1) if until else None
    with runtime.platform_session(reason="account grant") as session:
        account = queries.account_by_login(session, login)
        _grant(session, account, tenant, roles, ends_at=ends_at, reason=reason)
        row = _row(session, account)
    answer(row, as_json=as_json, human=_as_line)


@account_group.command("list")
@_TENANT
@json_option
@with_runtime
def list_accounts(runtime: Runtime, tenant: str | None, as_json: bool) -> None:
    """列出账号和各自的角色。"""
    with runtime.platform_session(reason="account list", reading=True) as session:
        tenant_id = _tenant_id(session, tenant) if tenant else None
        found = queries.accounts(session, tenant_id=tenant_id)
        rows = [_row(session, account) for account in found]
    answer(rows, as_json=as_json, human=lambda all_: "\n".join(_as_line(row) for row in all_))


@account_group.command("disable")
@click.argument("login")
@click.option("--reason", required=True, help=N_("停用原因"))
@json_option
@with_runtime
def disable(runtime: Runtime, login: str, reason: str, as_json: bool) -> None:
    """停用账号，已有的登录立即失效。"""
    with runtime.platform_session(reason="account disable") as session:
        account = queries.account_by_login(session, login)
        operations.disable_account(session, account, reason=reason, by=PLATFORM_ACTOR)
        row = _row(session, account)
    answer(row, as_json=as_json, human=_as_line)


@account_group.command("password")
@click.argument("login")
@json_option
@with_runtime
def password(runtime: Runtime, login: str, as_json: bool) -> None:
    """重设密码（从标准输入读取），该账号已有的登录全部退出。"""
    hashed = passwords.hashed(_read_password(), settings=runtime.settings, login=login)
    with runtime.platform_session(reason="password reset") as session:
        account = queries.account_by_login(session, login)
        operations.set_password(session, account, password=hashed, by=PLATFORM_ACTOR)
        row = _row(session, account)
    answer(row, as_json=as_json, human=_as_line)


@account_group.command("reset-second-factor")
@click.argument("login")
@click.option("--reason", required=True, help=N_("重置原因"))
@json_option
@with_runtime
def reset_second_factor(runtime: Runtime, login: str, reason: str, as_json: bool) -> None:
    """重置两步验证：原来的验证器和恢复码作废，已有的登录全部退出。"""
    with runtime.platform_session(reason="second factor reset") as session:
        account = queries.account_by_login(session, login)
        second_factors.reset(session, account.id, reason=reason, by=PLATFORM_ACTOR)
        row = _row(session, account)
    answer(row, as_json=as_json, human=_as_line)


@click.group("audit")
def audit_group() -> None:
    """审计记录。"""


@audit_group.command("verify")
@json_option
@with_runtime
def verify_audit(runtime: Runtime, as_json: bool) -> int:
    """核对审计链，找出被改、被删、被插入、被调换的记录。"""
    with runtime.platform_session(reason="audit verify", reading=True) as session:
        found = verify(session, runtime.settings)
    answer(asdict(found), as_json=as_json, human=lambda _: _as_report(found))
    return FOUND if found.faults else 0


@audit_group.command("key")
@json_option
@with_runtime
def show_key(runtime: Runtime, as_json: bool) -> None:
    """显示核验封存点用的公钥。"""
    key = audit_key(runtime.settings)
    shown = {"algorithm": ALGORITHM, "key_id": key.key_id, "public": key.public}
    answer(shown, as_json=as_json, human=lambda _: f"{ALGORITHM} {key.public}")


audit_group.add_command(export_audit)


@click.command("routes")
@json_option
@with_runtime
def list_routes(runtime: Runtime, as_json: bool) -> None:
    """列出全部地址、谁可以用、为什么公开。"""
    applications = create_application(runtime).applications
    found = routes(applications, runtime.areas)
    rows = [asdict(route) for route in found]
    answer(rows, as_json=as_json, human=lambda _: "\n".join(as_lines(found)))


def _read_password() -> str:
    """The password from standard input: typed twice at a terminal, else the first line."""
    if sys.stdin.isatty():
        return str(
            click.prompt(text(N_("密码")), hide_input=True, confirmation_prompt=True, err=True)
        )
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Invalid("no_password", N_("没有从标准输入读到密码"))
    return line


def _tenant_id(session: WalledSession, code: str | None) -> int:
    return tenant_by_code(session, code).id if code else PLATFORM_ID


def _grant(
    session: WalledSession,
    account: Account,
    tenant: str | None,
    roles: tuple[str, ...],
    *,
    ends_at: datetime | None = None,
    reason: str = "",
) -> None:
    tenant_id = _tenant_id(session, tenant)
    for role in roles:
        facts = RoleFacts(role, tenant_id=tenant_id, ends_at=ends_at, reason=reason)
        operations.grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)


def _row(session: WalledSession, account: Account) -> dict[str, Any]:
    return {
        "id": str(account.id),
        "login": account.login,
        "name": account.name,
        "state": account.state,
        "roles": queries.roles_of_account(session, account.id),
    }


def _as_line(row: dict[str, Any]) -> str:
    held = "、".join(
        f"{place['tenant']} {text(LABELS[place['role']])}".strip() for place in row["roles"]
    )
    return f"{row['login']:20} {row['name']:12} {row['state']:9} {held}"


def _as_report(found: Verification) -> str:
    if not found.faults:
        return text(
            N_("审计链完好：{chains} 条链，{entries} 条记录"),
            chains=found.chains,
            entries=found.entries,
        )
    return "\n".join(_as_sentence(fault) for fault in found.faults)


_SENTENCES = {
    "altered": N_("租户 {for_tenant_id} 第 {sequence} 条被改动（编号 {entry_id}）"),
    "missing": N_("租户 {for_tenant_id} 第 {sequence} 条缺失"),
    "inserted": N_("租户 {for_tenant_id} 第 {sequence} 条是插入的（编号 {entry_id}）"),
    "reordered": N_("租户 {for_tenant_id} 第 {sequence} 条被调换，原为第 {belongs_at} 条"),
    "checkpoint_missing": N_("租户 {for_tenant_id} 第 {sequence} 条处的封存点之前缺少一个封存点"),
    "checkpoint_forged": N_("租户 {for_tenant_id} 截至第 {sequence} 条的封存点是伪造的"),
}


def _as_sentence(fault: Fault) -> str:
    return text(_SENTENCES[fault.kind], **asdict(fault))
