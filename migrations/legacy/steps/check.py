"""check: hold a plan against the tenant before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from hosting.directory.models import Tenant
from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from migrations.legacy.decisions import Decision
from migrations.legacy.models import LegacyAddress, LegacyRun
from migrations.legacy.operations.marking import mark_checked
from migrations.legacy.queries import addresses_of, run_by_id, run_of
from migrations.legacy.reading.sites import Progress, silent
from migrations.legacy.steps.intake import Intake
from migrations.legacy.steps.run import column_of, read_again
from tenants.sites.models import MAXIMUM_DEPTH


@dataclass(frozen=True)
class Trouble:
    """What stands in the way (`blocking`), or will come out otherwise than it was."""

    code: str
    address: str
    message: str
    blocking: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def check_plan(
    runtime: Runtime, tenant_id: int, name: str, *, by: Actor, progress: Progress = silent
) -> list[Trouble]:
    """All troubles of a plan, the blocking ones first. Changes nothing but the plan's mark."""
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run = run_of(session, name)
        rows = list(addresses_of(session, run.id))
        tenant = session.scalars(select(Tenant).where(Tenant.id == tenant_id)).one()
    found = [*_undecided(rows), *_dates(rows, tenant.history_until), *_columns(rows)]
    found += _files(runtime, run, tenant_id, rows, progress)
    found.sort(key=lambda one: (not one.blocking, one.code, one.address))
    with runtime.tenant_session(tenant_id) as session:
        blocking = sum(1 for one in found if one.blocking)
        mark_checked(session, run_by_id(session, run.id), problems=blocking, by=by)
    return found


def _undecided(rows: list[LegacyAddress]) -> Iterator[Trouble]:
    for row in rows:
        if row.decision == Decision.UNKNOWN:
            yield Trouble(
                "undecided", row.address, N_("还没有决定；run 须用 --unknown 指明"), blocking=True
            )


def _dates(rows: list[LegacyAddress], until: date | None) -> Iterator[Trouble]:
    """Dates that no order can carry: none, or not before the tenant's limit."""
    if until is None:
        message = N_("市里尚未为本单位开放历史内容迁入期限，切换会被拒绝")
        yield Trouble("history_closed", "", message, blocking=True)
    for row in rows:
        if row.decision != Decision.PAGE:
            continue
        written = row.facts.get("date")
        if not written:
            yield Trouble("undated", row.address, N_("没有日期，迁入后须经三审，不随迁移令公开"))
        elif until is not None and datetime.fromisoformat(written).date() >= until:
            facts = {"date": written[:10], "until": until.isoformat()}
            message = N_("日期 {date} 不早于迁入期限 {until}")
            yield Trouble("too_recent", row.address, message, blocking=True, facts=facts)


def _columns(rows: list[LegacyAddress]) -> Iterator[Trouble]:
    for row in rows:
        names = row.facts.get("column") or []
        if row.decision == Decision.PAGE and (not names or len(names) > MAXIMUM_DEPTH):
            facts = {"column": "/".join(column_of(row))}
            yield Trouble("column_moved", row.address, N_("将归入栏目“{column}”"), facts=facts)


def _files(
    runtime: Runtime, run: LegacyRun, tenant_id: int, rows: list[LegacyAddress], progress: Progress
) -> Iterator[Trouble]:
    """Files that no door lets in; reading again also proves that the source is the planned."""
    site = read_again(runtime, run, progress)
    intake = Intake(runtime, tenant_id)
    for row in rows:
        if row.decision in {Decision.ATTACHMENT, Decision.ASSET} and row.asset_id is None:
            try:
                intake.take(row.address, site.source)
            except Invalid as refused:
                facts = {"code": refused.code, **refused.facts}
                yield Trouble("file_refused", row.address, refused.message, facts=facts)
