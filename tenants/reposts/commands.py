"""`jiyue repost`."""

from __future__ import annotations

from typing import Any

import click

from hosting.directory.queries import main_site, tenant_by_code, tenant_id_of
from hosting.runtime.command_line import answer, json_option, settle, wait_option, with_runtime
from hosting.runtime.errors import Invalid
from hosting.runtime.ids import decimal_id
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from hosting.security.queries import actor_of_login
from tenants.reposts.crossing import named_facts
from tenants.reposts.operations.sending import send
from tenants.reposts.presenters import acceptance_facts, in_words, told
from tenants.reposts.queries import possible_receivers
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    end_acceptance,
    issue_acceptance,
    propose_acceptance,
)
from tenants.sites.queries import column_at

_KINDS = ("county", "department", "portal")
_TENANT = click.option("--tenant", "code", required=True, metavar="CODE", help=N_("本单位代码"))
_BY = click.option("--by", "login", required=True, metavar="LOGIN", help=N_("审发人"))


@click.group("repost")
def repost_group() -> None:
    """转载：送其他单位转载，约定长期转载，查看转载情况。"""


@repost_group.command("send")
@click.argument("item")
@_TENANT
@click.option("--to", "codes", multiple=True, metavar="CODE", help=N_("转载单位，可写多次"))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help=N_("某类全部单位"))
@click.option("--all", "to_all", is_flag=True, help=N_("全部县区和部门"))
@_BY
@wait_option
@json_option
@with_runtime
def send_command(
    runtime: Runtime,
    /,
    *,
    item: str,
    code: str,
    codes: tuple[str, ...],
    kinds: tuple[str, ...],
    to_all: bool,
    login: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    """送一篇已公开的稿件由其他单位转载；ITEM 为稿件编号。"""
    tenant_id, item_id = tenant_id_of(runtime, code), _number(item)
    by = _actor(runtime, login, tenant_id)
    wanted = ("county", "department") if to_all else kinds
    with runtime.tenant_session(tenant_id) as session:
        to = possible_receivers(session, codes=codes, kinds=wanted)
        send(session, item_id, to=to, by=by)
    settle(runtime, no_wait=no_wait)
    _tell(runtime, tenant_id, item_id, as_json=as_json)


@repost_group.command("accept")
@_TENANT
@click.option("--origin", required=True, metavar="CODE", help=N_("来源单位代码"))
@click.option("--origin-column", metavar="PATH", help=N_("来源栏目路径；不写则全部栏目"))
@click.option("--column", required=True, metavar="PATH", help=N_("转载到本单位的栏目路径"))
@click.option("--proposed-by", required=True, metavar="LOGIN", help=N_("提出人"))
@_BY
@wait_option
@json_option
@with_runtime
def accept_command(
    runtime: Runtime,
    /,
    *,
    code: str,
    origin: str,
    origin_column: str | None,
    column: str,
    proposed_by: str,
    login: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    """提出并签发一条长期转载规则；提出人和签发人不得为同一人。"""
    tenant_id = tenant_id_of(runtime, code)
    proposer, issuer = (_actor(runtime, each, tenant_id) for each in (proposed_by, login))
    facts = _facts(runtime, tenant_id, origin, origin_column, column)
    with runtime.tenant_session(tenant_id) as session:
        made = propose_acceptance(session, facts=facts, by=proposer)
        issue_acceptance(session, made.id, digest=made.digest, by=issuer)
        said = acceptance_facts(session, made)
    settle(runtime, no_wait=no_wait)
    answer(said, as_json=as_json, human=lambda _: text(N_("已签发转载规则 {id}"), **said))


@repost_group.command("end")
@click.argument("number")
@_TENANT
@click.option("--reason", required=True, help=N_("理由，载入记录"))
@_BY
@wait_option
@json_option
@with_runtime
def end_command(
    runtime: Runtime,
    /,
    *,
    number: str,
    code: str,
    reason: str,
    login: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    """终止一条长期转载规则；编号见 jiyue repost list。"""
    tenant_id = tenant_id_of(runtime, code)
    by = _actor(runtime, login, tenant_id)
    with runtime.tenant_session(tenant_id) as session:
        ended = end_acceptance(session, _number(number), reason=reason, by=by)
        said = acceptance_facts(session, ended)
    settle(runtime, no_wait=no_wait)
    answer(said, as_json=as_json, human=lambda _: text(N_("已终止转载规则 {id}"), **said))


@repost_group.command("list")
@_TENANT
@click.option("--item", metavar="ID", help=N_("只看一篇稿件由哪些单位转载"))
@json_option
@with_runtime
def list_command(runtime: Runtime, /, *, code: str, item: str | None, as_json: bool) -> None:
    """列出长期转载规则、转入的稿件，或一篇稿件的转载单位。"""
    tenant_id = tenant_id_of(runtime, code)
    _tell(runtime, tenant_id, None if item is None else _number(item), as_json=as_json)


def _facts(
    runtime: Runtime, tenant_id: int, origin: str, origin_column: str | None, column: str
) -> AcceptanceFacts:
    """An acceptance as people name it: codes and paths."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        origin_id = tenant_by_code(session, origin).id
        column_id = column_at(session, main_site(session).id, column).id
    return named_facts(runtime, origin_id, origin_column or "", column_id)


def _actor(runtime: Runtime, login: str, tenant_id: int) -> Actor:
    with runtime.platform_session(reason="repost", reading=True) as session:
        return actor_of_login(session, login, tenant_id)


def _number(said: str) -> int:
    number = decimal_id(said)
    if number is None:
        raise Invalid("wrong_number", N_("编号应为数字"))
    return number


def _tell(runtime: Runtime, tenant_id: int, item_id: int | None, *, as_json: bool) -> None:
    with runtime.tenant_session(tenant_id, reading=True) as session:
        said: dict[str, Any] = told(session, runtime.settings, item_id)
    answer(said, as_json=as_json, human=in_words)
