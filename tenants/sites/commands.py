"""`jiyue column list|create`."""

from __future__ import annotations

from typing import Any

import click

from hosting.directory.queries import site_in_language, tenant_id_of
from hosting.runtime.command_line import answer, json_option, settle, wait_option, with_runtime
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from tenants.sites.models import Column
from tenants.sites.operations.growing import create_column
from tenants.sites.queries import column_at, columns_of
from tenants.sites.rules import ColumnFacts

_TENANT = click.option("--tenant", required=True, metavar="CODE", help=N_("租户代码"))


_LOCALE = click.option(
    "--locale", default="", help=N_("外文版的语言，如 en；不写则为主站"), metavar="LOCALE"
)


@click.group("column")
def column_group() -> None:
    """栏目。"""


@column_group.command("list")
@_TENANT
@_LOCALE
@json_option
@with_runtime
def list_columns(runtime: Runtime, tenant: str, locale: str, as_json: bool) -> None:
    """列出栏目树。"""
    with runtime.tenant_session(tenant_id_of(runtime, tenant), reading=True) as session:
        site = site_in_language(session, session.tenant_id, locale)
        rows = [_row(each) for each in columns_of(session, site.id)]
    answer(
        sorted(rows, key=lambda row: row["path"]),
        as_json=as_json,
        human=lambda all_: "\n".join(f"{row['path']}  {row['name']}" for row in all_),
    )


@column_group.command("create")
@_TENANT
@_LOCALE
@click.option("--name", required=True, help=N_("栏目名称"))
@click.option("--slug", required=True, help=N_("路径名，小写字母、数字和连字符"))
@click.option("--parent", metavar="PATH", help=N_("上级栏目的路径；不写则在最上级"))
@click.option("--kind", default="column", type=click.Choice(["column", "subsite"]))
@click.option("--type", "column_type", default="", help=N_("栏目类别（网页标签）"))
@click.option("--description", default="", help=N_("栏目说明"))
@click.option("--keywords", default="", help=N_("栏目关键词，用逗号分开"))
@wait_option
@json_option
@with_runtime
def create(
    runtime: Runtime,
    /,
    tenant: str,
    locale: str,
    parent: str | None,
    no_wait: bool,
    as_json: bool,
    **facts: Any,
) -> None:
    """新建一个栏目。"""
    with runtime.tenant_session(tenant_id_of(runtime, tenant)) as session:
        site = site_in_language(session, session.tenant_id, locale)
        parent_id = column_at(session, site.id, parent).id if parent else None
        made = create_column(
            session, site, facts=ColumnFacts(**facts), parent_id=parent_id, by=PLATFORM_ACTOR
        )
        row = _row(made)
    settle(runtime, no_wait=no_wait)
    answer(row, as_json=as_json, human=lambda told: text(N_("已建立栏目 {path}"), **told))


def _row(node: Column) -> dict[str, Any]:
    return {
        "id": str(node.id),
        "path": node.path,
        "name": node.name,
        "state": node.state,
        "kind": node.kind,
        "type": node.column_type,
        "depth": node.depth,
    }
