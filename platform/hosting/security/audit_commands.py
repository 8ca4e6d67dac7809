"""`jiyue audit export`."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from hosting.directory.queries import tenant_by_code
from hosting.runtime.command_line import json_option, with_runtime
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.audit_export import begin_export, export_lines
from hosting.security.audit_queries import AuditFilter

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.option("--since", type=_DAY, help=N_("自哪一天，含当日"))
@click.option("--until", type=_DAY, help=N_("至哪一天，含当日"))
@click.option("--tenant", metavar="CODE", help=N_("只导出这个租户的记录"))
@json_option
@with_runtime
def export_audit(
    runtime: Runtime,
    /,
    *,
    since: datetime | None,
    until: datetime | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """导出审计记录，每行一个 JSON 对象；导出本身也会记录。"""
    del as_json  # exports are JSON Lines either way
    zone = runtime.settings.zone
    with runtime.platform_session(reason="audit export") as session:
        narrowed = AuditFilter(
            tenant_id=tenant_by_code(session, tenant).id if tenant else None,
            since=since.replace(tzinfo=zone) if since else None,
            # The last day counts whole, as people mean it.
            until=until.replace(tzinfo=zone) + timedelta(days=1) if until else None,
        )
        wanted = begin_export(session, narrowed, form="jsonl", by=PLATFORM_ACTOR)
    for line in export_lines(runtime, wanted, form="jsonl"):
        click.echo(line, nl=False)
