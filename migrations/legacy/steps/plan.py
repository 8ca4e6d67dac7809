"""plan: read the old site whole, decide on every address, say what is wrong with it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hosting.directory.queries import main_site
from hosting.runtime.clock import now
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from migrations.legacy.decisions import Decided, Listed, decide, listed_files
from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.inspection import inspect
from migrations.legacy.operations.planning import (
    PlannedAddress,
    SourceFacts,
    begin_plan,
    finish_plan,
    forget_addresses,
    forget_findings,
    keep_addresses,
    keep_findings,
)
from migrations.legacy.queries import run_by_id
from migrations.legacy.reading.headers import DocumentHeader
from migrations.legacy.reading.pages import Linked, Page
from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Progress, Site, silent
from migrations.legacy.sources.source import Source


@dataclass(frozen=True)
class Plan:
    """A plan that was kept."""

    run_id: int
    site: Site
    findings: Sequence[Finding]


def make_plan(
    runtime: Runtime,
    tenant_id: int,
    *,
    name: str,
    source: Source,
    by: Actor,
    progress: Progress = silent,
) -> Plan:
    """Read, judge and keep a plan. The same source again gives the same plan.

    Conflict where the move of this name is cut over already; then nothing is read.
    """
    facts = SourceFacts(source.text, source.kind, source.host or "")
    with runtime.tenant_session(tenant_id) as session:
        run_id = begin_plan(session, main_site(session).id, name=name, facts=facts).id
    site = read_site(source, runtime.settings.zone, progress)
    findings = inspect(site, now(), progress)
    _keep(runtime, tenant_id, run_id, _planned(site), findings, progress)
    with runtime.tenant_session(tenant_id) as session:
        run = run_by_id(session, run_id)
        finish_plan(session, run, digest=digest_of_site(site), facts=_counts(site, findings), by=by)
    return Plan(run_id, site, findings)


def _keep(
    runtime: Runtime,
    tenant_id: int,
    run_id: int,
    planned: Sequence[PlannedAddress],
    findings: Sequence[Finding],
    progress: Progress,
) -> None:
    pace, done = Pace(runtime), 0
    while done < len(planned):
        part = planned[done : done + pace.size]
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            keep_addresses(session, run_id, part)
        done += len(part)
        progress("keep", done, len(planned))
    with runtime.tenant_session(tenant_id) as session:
        forget_addresses(session, run_id, {one.address for one in planned})
        forget_findings(session, run_id)
    done = 0
    while done < len(findings):
        some = findings[done : done + pace.size]
        with pace.transaction(), runtime.tenant_session(tenant_id) as session:
            keep_findings(session, run_id, some, first=done + 1)
        done += len(some)


def _planned(site: Site) -> list[PlannedAddress]:
    decided, listed = decide(site), listed_files(site)
    return [
        _planned_address(page, decided[address], listed.get(address))
        for address, page in site.pages.items()
    ]


def _planned_address(page: Page, decided: Decided, listed: Listed | None) -> PlannedAddress:
    return PlannedAddress(
        page.address,
        page.kind.value,
        decided.decision.value,
        decided.reason,
        decided.destination,
        page.digest,
        facts_of(page) | (_listed_facts(listed) if listed else {}),
    )


def facts_of(page: Page) -> dict[str, Any]:
    """What is kept of a page: everything but its text."""
    facts: dict[str, Any] = {
        "location": page.location.encode("utf-8", "replace").decode(),
        "size_bytes": page.size_bytes,
        "aliases": list(page.aliases),
        "trouble": page.trouble,
    }
    if page.charset is not None:
        facts |= {
            "charset": page.charset.encoding,
            "title": page.title,
            "raw_title": page.raw_title,
            "template": page.template,
            "column": list(page.column),
            "column_source": page.column_source,
        }
    if page.body is not None or page.date is not None:
        facts |= _article_facts(page)
    return facts


def _article_facts(page: Page) -> dict[str, Any]:
    return {
        "title_source": page.title_source,
        "date": page.date.at.isoformat() if page.date else None,
        "date_written": page.date.written if page.date else "",
        "date_label": page.date.label if page.date else "",
        "date_source": page.date_source,
        "source_name": page.source_name,
        "author": page.author,
        "document": _document(page.header),
        "text_length": len(page.text),
        "images": [_linked(one) for one in page.images],
        "attachments": [_linked(one) for one in page.attachments],
        "dead_links": list(page.dead_links),
    }


def _document(header: DocumentHeader | None) -> dict[str, str]:
    if header is None:
        return {}
    dates = {f"{name}_date": one.at.date().isoformat() for name, one in header.dates.items()}
    return {**header.words, **dates}


def _linked(linked: Linked) -> dict[str, Any]:
    return {
        "name": linked.name,
        "address": linked.address,
        "written": linked.written,
        "missing": linked.address is None,
    }


def _listed_facts(listed: Listed) -> dict[str, Any]:
    """A document that a list shows: what its line says of it."""
    date = listed.entry.date
    return {
        "title": listed.entry.text,
        "column": list(listed.column),
        "date": date.at.isoformat() if date else None,
        "date_written": date.written if date else "",
        "date_label": "",
        "date_source": "list" if date else "",
        "listed": True,
    }


def digest_of_site(site: Site) -> str:
    """One digest over all addresses and their bytes."""
    said = "\n".join(f"{address} {page.digest}" for address, page in site.pages.items())
    return "sha256:" + hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def _counts(site: Site, findings: Sequence[Finding]) -> Mapping[str, Any]:
    return {
        "addresses": len(site.pages),
        "findings": len(findings),
        "kinds": dict(Counter(page.kind.value for page in site.pages.values())),
        "severities": dict(Counter(one.severity.value for one in findings)),
        "columns": [
            {"names": list(column.names), "addresses": list(column.addresses)}
            for column in site.columns
        ],
    }
