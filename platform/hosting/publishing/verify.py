"""Verifying a site's tree and rows against its signed chain, and repairing them.

First a look without the lock, so that publishing is not held up; then, with the lock held, a second
look at what seemed wrong. What a publish changed in between is no finding.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from hosting.publishing import changesets
from hosting.publishing.build import build_site, free_press, waiting_press
from hosting.publishing.comparing import (
    ALTERED,
    FOREIGN,
    FORGED,
    RECORD,
    Finding,
    address_of,
    problems_at,
)
from hosting.publishing.events import TamperingFound
from hosting.publishing.evidence import evidence_folder, keep_evidence, move_to_evidence
from hosting.publishing.files import Files
from hosting.publishing.looker import LONGEST_CHAIN
from hosting.publishing.looking import Look
from hosting.publishing.manifest.chain import Chain, as_it_stands
from hosting.publishing.manifest.statement import SNAPSHOT
from hosting.publishing.press import Press
from hosting.publishing.recovery import finish_interrupted
from hosting.publishing.repairing import restore, restore_rows
from hosting.publishing.stale import promise_packing
from hosting.publishing.standing import IN_LIMIT, slices, standing_by_path
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.jobs import BULK
from hosting.runtime.runtime import Runtime
from hosting.security.actor import PLATFORM_ACTOR

log = logging.getLogger(__name__)

_CURRENT = "/current"
"""The link that says which tree readers see; no page stands at this path."""

_PATHS_TOLD = 20
"""So many findings are named in the trail; the log names all."""


@dataclass
class Verification:
    """What was found in a site's tree and records, and what was done about it."""

    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    # Pages whose blob was lost too: rendered again.
    rendered_again: list[str] = field(default_factory=list)
    # The chain itself was broken: all of it was rendered anew from what reviewers signed.
    rebuilt: bool = False

    @property
    def is_forged(self) -> bool:
        """Whether the chain is not as it was signed."""
        return any(each.problem == FORGED for each in self.findings)


def verify_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    repair: bool = False,
    patient: bool = True,
    files: Files | None = None,
) -> Verification:
    """Compare every file of the site's current tree, and every row, with what was signed.

    Repairs when asked to; leaves a row in the trail when something was found. Raises Unavailable
    when the signer or the site's publisher does not let us look; one who is not `patient` finds
    nothing then.
    """
    look = Look(runtime, tenant_id, site_id)
    result = Verification(checked=len(look.chain.standing))
    suspects = look.suspects()
    if not suspects and look.seems_whole():
        if repair and look.chain.length >= LONGEST_CHAIN:
            _state_the_whole(look, files)
        return result
    press_when_free = waiting_press if patient else free_press
    with press_when_free(runtime, tenant_id, site_id, files=files) as press:
        if press is not None:
            _confirm(press, look, suspects, result, repair=repair)
    _conclude(look, result, repair=repair)
    return result


def _state_the_whole(look: Look, files: Files | None) -> None:
    """Add a link that lists all that stands: whoever reads the chain begins there from now on.

    What it lists is what the links say, which agreed with files and rows a moment ago.
    """
    with free_press(look.runtime, look.tenant_id, look.site_id, files=files) as press:
        if press is None:
            return
        chain = look.followed(press)
        head = press.signer.head(look.tenant_id, look.site_id)
        if chain.broken or chain.is_unsigned or not chain.ends_at(head):
            return
        standing = sorted(chain.standing.values(), key=lambda here: here.path)
        stated = press.record(SNAPSHOT, chain.tree, map(as_it_stands, standing))
        press.write([press.closing(stated)], lane=BULK)


def mend_addresses(
    runtime: Runtime, tenant_id: int, site_id: int, addresses: Set[str]
) -> Verification | None:
    """Verify these addresses alone and repair them; None while somebody holds the site."""
    with free_press(runtime, tenant_id, site_id) as press:
        if press is None:
            return None
        result = Verification(checked=len(addresses))
        look = Look(runtime, tenant_id, site_id)
        _confirm(press, look, addresses, result, repair=True)
    _conclude(look, result, repair=True)
    return result


def _confirm(
    press: Press, look: Look, suspects: Iterable[str], result: Verification, *, repair: bool
) -> None:
    was_switched = _is_switched(press)
    finish_interrupted(press)
    inspector = _Inspector(press, look.followed(press))
    result.findings = sorted(inspector.confirmed(suspects))
    if was_switched:
        # Put right by now: whoever opens a press points the link at the recorded tree.
        result.findings.insert(0, Finding(_CURRENT, ALTERED))
        result.restored.append(_CURRENT)
    result.findings += inspector.forged()
    if repair and not result.is_forged:
        inspector.repair(result)


def _conclude(look: Look, result: Verification, *, repair: bool) -> None:
    """What needs the lock no more, or takes it by itself.

    A broken chain tells no page to be put back, it might be a withdrawn one: all is built anew.
    """
    site = (look.runtime, look.tenant_id, look.site_id)
    if repair and result.is_forged:
        result.rebuilt = not rebuild_site(*site).busy
    if result.rendered_again:
        build_site(*site, following=True)
    _sound_alarm(look, result, repair=repair)


def _sound_alarm(look: Look, result: Verification, *, repair: bool) -> None:
    """Say in the log and in the tenant's trail what was found."""
    if not result.findings:
        return
    for finding in result.findings:
        log.error("site %s: %s is %s", look.site_id, finding.path, finding.problem)
    told = [f"{each.problem} {each.path}" for each in result.findings[:_PATHS_TOLD]]
    with look.runtime.tenant_session(look.tenant_id) as session:
        session.record(
            TamperingFound(
                tenant_id=look.tenant_id,
                site_id=look.site_id,
                places=len(result.findings),
                is_repaired=repair,
                details=told,
            ),
            by=PLATFORM_ACTOR,
        )
        promise_packing(session, look.site_id)


def _is_switched(press: Press) -> bool:
    """Whether readers see another tree than the recorded one, and no crash explains it."""
    with press.reading() as session:
        recorded = changesets.current_tree(session, press.site_id)
        unfinished = changesets.open_change_sets(session, press.site_id)
    number = press.folder.current_number()
    return not unfinished and number is not None and number != recorded


class _Inspector:
    """Looks with the site's lock held: nothing changes but what it changes."""

    def __init__(self, press: Press, chain: Chain) -> None:
        self._press = press
        self._chain = chain
        self._tree: Path = press.folder.tree(chain.tree)

    def forged(self) -> Iterator[Finding]:
        """Links of the chain that are not as they were signed, and an end that was cut off."""
        yield from (Finding(f"#{number}", FORGED) for number in self._chain.broken)
        head = self._press.signer.head(self._press.tenant_id, self._press.site_id)
        is_cut = not self._chain.ends_at(head)
        if (is_cut or not self._chain.is_known) and head.number not in self._chain.broken:
            yield Finding(f"#{head.number}", FORGED)

    def confirmed(self, suspects: Iterable[str]) -> Iterator[Finding]:
        """What is wrong indeed."""
        for addresses in slices(sorted(suspects), IN_LIMIT):
            self._press.beat()
            with self._press.reading() as session:
                rows = standing_by_path(session, self._press.site_id, addresses)
            for address in addresses:
                here = self._chain.standing.get(address)
                if rows.get(address) != here:
                    yield Finding(address, RECORD)
                yield from problems_at(self._tree, address, here)

    def repair(self, result: Verification) -> None:
        """Rows from the chain, foreign files to quarantine, the others from the blobs."""
        folder = evidence_folder(self._press.home, str(self._press.site_id))
        for finding in result.findings:
            # What stands in a page's place is kept as evidence too.
            if finding.problem == ALTERED and finding.path != _CURRENT:
                keep_evidence(self._press.files, self._tree, finding.path, folder)
            if finding.problem == FOREIGN:
                move_to_evidence(self._press.files, self._tree, finding.path, folder)
                result.quarantined.append(finding.path)
        self._restore_rows(result)
        wrong = [f.path for f in result.findings if _is_restored(f)]
        addresses = sorted({address_of(path) for path in wrong})
        result.rendered_again = restore(
            self._press, addresses, tree=self._chain.tree, standing=self._chain.standing
        )
        result.restored += wrong

    def _restore_rows(self, result: Verification) -> None:
        wrong = [f.path for f in result.findings if f.problem == RECORD]
        restore_rows(self._press, wrong, self._chain.standing)
        result.restored += wrong


def _is_restored(finding: Finding) -> bool:
    return finding.problem not in (FOREIGN, RECORD) and finding.path != _CURRENT
