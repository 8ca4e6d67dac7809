"""What all commands of the legacy room share: options, who acts, the progress bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from hosting.runtime.language import N_, text
from hosting.runtime.progress import progress_bars
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.queries import actor_of_login
from migrations.legacy.reading.sites import Progress

TENANT = click.option("--tenant", metavar="CODE", help=N_("租户代码；名称不唯一时须写明"))
BY = click.option("--by", metavar="LOGIN", help=N_("操作人；不写则为平台"))
_STAGES = {
    "read": N_("读取"),
    "compare": N_("比对"),
    "judge": N_("归类"),
    "extract": N_("提取"),
    "inspect": N_("检查"),
    "keep": N_("登记"),
    "files": N_("迁入文件"),
    "items": N_("迁入文章"),
    "verify": N_("核验"),
    "redirect": N_("跳转"),
    "withdraw": N_("撤回"),
}


@click.group("legacy")
def legacy_group() -> None:
    """老网站迁移：计划、检查、迁入、核验、切换、证书、撤销。"""


def actor_of(runtime: Runtime, login: str | None, tenant_id: int) -> Actor:
    """Who acts: the person named, with their roles in the tenant; the platform without a name."""
    if login is None:
        return PLATFORM_ACTOR
    with runtime.platform_session(reason="legacy move", reading=True) as session:
        return actor_of_login(session, login, tenant_id)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar for each stage, on a terminal; silence elsewhere."""
    with progress_bars() as tell:
        yield lambda stage, done, total: tell(text(_STAGES[stage]), done, total)
