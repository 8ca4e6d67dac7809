"""`jiyue banner`: what the operator puts over sites where nobody gets to the console."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

import click

from hosting.directory.queries import tenant_by_code
from hosting.runtime.command_line import answer, json_option, settle, wait_option, with_runtime
from hosting.runtime.errors import Invalid
from hosting.runtime.ids import decimal_id
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from hosting.security.actor import PLATFORM_ACTOR
from provisioning.notices.operations import NoticeFacts, end_notice, order_notice
from provisioning.notices.presenters import notice_facts, notice_text
from provisioning.notices.queries import notice, notices
from tenants.sites.banners import LEVELS, NOTICE, BannerWords
from tenants.sites.models import BANNER, GREYSCALE, CityNotice

_INSTANT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
_REASON = click.option("--reason", required=True, help=N_("理由，载入记录"))
_UNTIL = click.option("--until", type=_INSTANT, required=True, help=N_("到何时为止，按本地时间"))
_FROM = click.option("--from", "since", type=_INSTANT, help=N_("从何时开始；不填则立即"))
_TENANTS = click.option(
    "--tenant", "codes", multiple=True, metavar="CODE", help=N_("只对这些租户；不填则全部网站")
)
Change = Callable[[WalledSession], CityNotice]


@click.group("banner")
def banner_group() -> None:
    """全市横幅和哀悼日灰度：设置、结束、列出。"""


@banner_group.command("set")
@click.argument("title")
@click.option("--text", default="", help=N_("内容，一两句话"))
@click.option("--link", default="", help=N_("本站路径或 https 网址"))
@click.option("--level", type=click.Choice(list(LEVELS)), default=NOTICE, help=N_("级别"))
@_FROM
@_UNTIL
@_TENANTS
@_REASON
@wait_option
@json_option
@with_runtime
def set_banner(
    runtime: Runtime,
    /,
    *,
    title: str,
    text: str,
    link: str,
    level: str,
    since: datetime | None,
    until: datetime,
    codes: tuple[str, ...],
    reason: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    """在全部网站（或指定租户）每个网页的最上方显示横幅。"""
    words = BannerWords(title, text, link, level)
    order = partial(_order, runtime, BANNER, words, since, until, codes, reason)
    _change(runtime, order, no_wait=no_wait, as_json=as_json)


@banner_group.command("greyscale")
@_FROM
@_UNTIL
@_TENANTS
@_REASON
@wait_option
@json_option
@with_runtime
def set_greyscale(
    runtime: Runtime,
    /,
    *,
    since: datetime | None,
    until: datetime,
    codes: tuple[str, ...],
    reason: str,
    no_wait: bool,
    as_json: bool,
) -> None:
    """把全部网站（或指定租户）转为灰度。"""
    order = partial(_order, runtime, GREYSCALE, None, since, until, codes, reason)
    _change(runtime, order, no_wait=no_wait, as_json=as_json)


@banner_group.command("end")
@click.argument("number")
@_REASON
@wait_option
@json_option
@with_runtime
def end(runtime: Runtime, /, *, number: str, reason: str, no_wait: bool, as_json: bool) -> None:
    """提前结束一项；编号见 jiyue banner list。"""
    notice_id = decimal_id(number)
    if notice_id is None:
        raise Invalid("wrong_number", N_("编号应为数字，见 jiyue banner list"))
    _change(
        runtime,
        lambda session: end_notice(session, notice_id, reason=reason, by=PLATFORM_ACTOR),
        no_wait=no_wait,
        as_json=as_json,
    )


@banner_group.command("list")
@json_option
@with_runtime
def list_notices(runtime: Runtime, /, *, as_json: bool) -> None:
    """列出全市横幅和灰度，进行中的在前。"""
    with runtime.platform_session(reason="list city notices", reading=True) as session:
        rows = [each for over in (False, True) for each in notices(session, is_over=over)]
    _tell(rows, as_json=as_json)


def _order(
    runtime: Runtime,
    kind: str,
    words: BannerWords | None,
    since: datetime | None,
    until: datetime,
    codes: Iterable[str],
    reason: str,
    session: WalledSession,
) -> CityNotice:
    zone = runtime.settings.zone
    chosen = tuple(tenant_by_code(session, code).id for code in codes)
    facts = NoticeFacts(
        kind,
        until.replace(tzinfo=zone),
        since.replace(tzinfo=zone) if since else None,
        words,
        chosen or None,
    )
    return order_notice(session, facts=facts, reason=reason, by=PLATFORM_ACTOR)


def _change(runtime: Runtime, verb: Change, *, no_wait: bool, as_json: bool) -> None:
    """One transaction, the jobs it caused, and what came of it."""
    with runtime.platform_session(reason="city notice") as session:
        notice_id = verb(session).id
    settle(runtime, no_wait=no_wait)
    with runtime.platform_session(reason="city notice", reading=True) as session:
        found = notice(session, notice_id)
    answer(notice_facts(found), as_json=as_json, human=lambda _: notice_text(found))


def _tell(rows: Iterable[CityNotice], *, as_json: bool) -> None:
    found = list(rows)
    answer(
        [notice_facts(each) for each in found],
        as_json=as_json,
        human=lambda _: "\n".join(notice_text(each) for each in found),
    )
