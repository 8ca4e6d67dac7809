"""verify: ask for every old address, and hold what answers against what was decided."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from hosting.directory.models import Site as HostedSite
from hosting.directory.queries import main_site
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from migrations.legacy.decisions import IMPORTED, Decision
from migrations.legacy.models import (
    CUT_OVER,
    RUN,
    VERIFIED,
    LegacyAddress,
    LegacyFinding,
    LegacyRun,
)
from migrations.legacy.operations.ending import Public, public_part
from migrations.legacy.operations.marking import keep_outcomes, mark_verified, require_state
from migrations.legacy.queries import addresses_of, findings_of, run_by_id, run_of
from migrations.legacy.reading.sites import Progress, silent
from migrations.legacy.steps.asking import Asking, AskPreview, AskSite

OK = "ok"
# An item without a date is here as a draft; readers see it once three people have signed it.
AWAITS_REVIEW = "awaits_review"
_RIGHT = frozenset({OK, AWAITS_REVIEW})
_AT_ONCE = 200
_HOSTILE = frozenset({"injected_script", "injected_script_copy", "hidden_links", "hidden_frame"})


@dataclass(frozen=True)
class Answered:
    """What an old address answered: `outcome` is ok, awaits_review, or what was wrong."""

    address: str
    decision: str
    target: str
    status: int
    outcome: str

    @property
    def is_right(self) -> bool:
        return self.outcome in _RIGHT


def verify_move(
    runtime: Runtime, tenant_id: int, name: str, *, by: Actor, progress: Progress = silent
) -> list[Answered]:
    """Ask for every old address and keep what it answered.

    Before cut-over the preview is asked for what each leads to; after it the site itself for the
    old address, as readers have it in their bookmarks.
    """
    with runtime.tenant_session(tenant_id, reading=True) as session:
        run, site = run_of(session, name), main_site(session)
        require_state(run, RUN, VERIFIED, CUT_OVER)
        rows = list(addresses_of(session, run.id))
        hostile = [one for one in findings_of(session, run.id) if one.code in _HOSTILE]
        public = public_part(session, run) if run.state == CUT_OVER else None
    asking = _asking(runtime, tenant_id, run, site)
    answers = list(_ask_all(rows, public, asking, _needles(hostile), progress))
    _keep(runtime, tenant_id, run, answers, by)
    return answers


def _asking(runtime: Runtime, tenant_id: int, run: LegacyRun, site: HostedSite) -> Asking:
    if run.state == CUT_OVER:
        return AskSite(runtime, site.main_host)
    return AskPreview(runtime, tenant_id, run.site_id)


def _needles(hostile: list[LegacyFinding]) -> list[bytes]:
    """What must be on no page any more: hosts and scripts of the findings."""
    urls = {one.target for one in hostile}
    urls |= {link["url"] for one in hostile for link in one.facts.get("links", [])}
    return sorted(url.encode() for url in urls if url)


def _ask_all(
    rows: list[LegacyAddress],
    public: Public | None,
    asking: Asking,
    needles: list[bytes],
    progress: Progress,
) -> Iterator[Answered]:
    """Ask; `public` is what readers see after cut-over, None before it."""
    for number, row in enumerate(rows):
        progress("verify", number, len(rows))
        if row.decision == Decision.DROP or (row.decision == Decision.GONE and public is None):
            continue
        if public is not None and _waits(row, public):
            yield Answered(row.address, row.decision, row.target, 0, AWAITS_REVIEW)
            continue
        path = row.target if public is None else row.address
        status, body = asking.ask(path) if path else (0, b"")
        outcome = _judge(row, status, body, needles)
        yield Answered(row.address, row.decision, row.target, status, outcome)


def _waits(row: LegacyAddress, public: Public) -> bool:
    """Whether readers cannot see it because three people have not signed it yet.

    Items without a date, which no order carries, and files that only such items show.
    """
    if row.decision == Decision.PAGE:
        return not row.facts.get("date") and not public.shows(row)
    return row.decision in IMPORTED and not public.shows(row)


def _judge(row: LegacyAddress, status: int, body: bytes, needles: list[bytes]) -> str:
    """What is wrong with an answer; ok where nothing is."""
    if row.decision == Decision.UNKNOWN:
        return "undecided"
    if row.decision == Decision.GONE:
        # A page of the new site may stand at the same address by now.
        return OK if status in {200, 410} else "not_gone"
    if status != 200:
        return "no_answer"
    if row.decision == Decision.PAGE:
        return _judge_page(row, body, needles)
    return OK if body or row.decision == Decision.REDIRECT else "empty"


def _judge_page(row: LegacyAddress, body: bytes, needles: list[bytes]) -> str:
    title = " ".join(str(row.facts.get("title", "")).split())[:100]
    shown = html.unescape(body.decode("utf-8", "replace"))
    if title and title not in " ".join(shown.split()):
        return "title_missing"
    return "hostile_left" if any(needle in body for needle in needles) else OK


def _keep(
    runtime: Runtime, tenant_id: int, run: LegacyRun, answers: list[Answered], by: Actor
) -> None:
    for start in range(0, len(answers), _AT_ONCE):
        part = {one.address: one.outcome for one in answers[start : start + _AT_ONCE]}
        with runtime.tenant_session(tenant_id) as session:
            keep_outcomes(session, run, part)
    right = sum(1 for one in answers if one.is_right)
    with runtime.tenant_session(tenant_id) as session:
        kept = run_by_id(session, run.id)
        mark_verified(session, kept, right=right, wrong=len(answers) - right, by=by)
