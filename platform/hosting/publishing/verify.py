"""Verifying a site's tree against its rows, and repairing it.

First a look without the lock, so that publishing is not held up; then, with the lock held, a second
look at what seemed wrong. What a publish changed in between is no finding.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hosting.publishing import changesets
from hosting.publishing.build import build_site, waiting_press
from hosting.publishing.comparing import (
    ALTERED,
    FOREIGN,
    Finding,
    address_of,
    files_in,
    files_of,
    problem_with,
)
from hosting.publishing.press import Press
from hosting.publishing.recovery import finish_interrupted
from hosting.publishing.repairing import restore
from hosting.publishing.standing import IN_LIMIT, Standing, all_standing, slices, standing_by_path
from hosting.publishing.tree import PublicFolder
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime

log = logging.getLogger(__name__)

_CURRENT = "/current"
"""The link that says which tree readers see; no page stands at this path."""


@dataclass
class Verification:
    """What was found in a site's tree, and what was done about it."""

    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    # Pages whose blob was lost too: rendered again.
    rendered_again: list[str] = field(default_factory=list)


def verify_site(
    runtime: Runtime, tenant_id: int, site_id: int, *, repair: bool = False
) -> Verification:
    """Compare every file of the site's current tree with its row; repair when asked to."""
    result = Verification()
    suspects = _suspects(runtime, tenant_id, site_id, result)
    with waiting_press(runtime, tenant_id, site_id) as press:
        switched = _is_switched(press)
        finish_interrupted(press)
        inspector = _Inspector(press)
        result.findings = sorted(inspector.confirmed(suspects))
        if switched:
            # Put right by now: whoever opens a press points the link at the recorded tree.
            result.findings.insert(0, Finding(_CURRENT, ALTERED))
            result.restored.append(_CURRENT)
        if repair and result.findings:
            inspector.repair(result)
    if result.rendered_again:
        build_site(runtime, tenant_id, site_id)
    return result


def _is_switched(press: Press) -> bool:
    """Whether readers see another tree than the recorded one, and no crash explains it."""
    with press.reading() as session:
        recorded = changesets.current_tree(session, press.site_id)
        unfinished = changesets.open_change_sets(session, press.site_id)
    number = press.folder.current_number()
    return not unfinished and number is not None and number != recorded


def _suspects(runtime: Runtime, tenant_id: int, site_id: int, result: Verification) -> set[str]:
    """Addresses where something seems wrong."""
    folder = PublicFolder(runtime.settings.home).site(site_id)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        tree = folder.tree(changesets.current_tree(session, site_id))
    known: set[str] = set()
    suspects: set[str] = set()
    for here in _all_standing(runtime, tenant_id, site_id):
        result.checked += 1
        known.update(files_of(here))
        if problem_with(tree, here) is not None:
            suspects.add(here.path)
    if tree.is_dir():
        suspects.update(address_of(path) for path in files_in(tree) if path not in known)
    return suspects


def _all_standing(runtime: Runtime, tenant_id: int, site_id: int) -> Iterator[Standing]:
    after = ""
    while True:
        with runtime.tenant_session(tenant_id, reading=True) as session:
            some = all_standing(session, site_id, after=after, limit=IN_LIMIT)
        if not some:
            return
        yield from some
        after = some[-1].path


class _Inspector:
    """Looks with the site's lock held: nothing changes but what it changes."""

    def __init__(self, press: Press) -> None:
        self._press = press
        with press.reading() as session:
            self._number = changesets.current_tree(session, press.site_id)
        self._tree: Path = press.folder.tree(self._number)

    def confirmed(self, suspects: Iterable[str]) -> Iterator[Finding]:
        """What is wrong indeed."""
        for addresses in slices(sorted(suspects), IN_LIMIT):
            self._press.beat()
            with self._press.reading() as session:
                standing = standing_by_path(session, self._press.site_id, addresses)
            for address in addresses:
                yield from self._look(address, standing.get(address))

    def _look(self, address: str, here: Standing | None) -> Iterator[Finding]:
        if here is not None and (finding := problem_with(self._tree, here)) is not None:
            yield finding
        expected = files_of(here) if here is not None else ()
        for path in (address, f"{address}.gz", f"/.gone{address}"):
            file = self._tree / path[1:]
            if path not in expected and (file.is_symlink() or file.exists()):
                yield Finding(path, FOREIGN)

    def repair(self, result: Verification) -> None:
        """Foreign files to quarantine, the others from the blobs."""
        folder = self._press.home / "quarantine" / str(self._press.site_id)
        folder /= now().strftime("%Y%m%dT%H%M%S%fZ")
        for finding in result.findings:
            log.error("site %s: %s is %s", self._press.site_id, finding.path, finding.problem)
            # What stands in a page's place is kept as evidence too.
            if finding.problem in (FOREIGN, ALTERED) and finding.path != _CURRENT:
                self._quarantine(finding.path, folder)
            if finding.problem == FOREIGN:
                result.quarantined.append(finding.path)
        wrong = [f.path for f in result.findings if f.problem != FOREIGN and f.path != _CURRENT]
        addresses = sorted({address_of(path) for path in wrong})
        result.rendered_again = restore(self._press, addresses, tree=self._number)
        result.restored += wrong

    def _quarantine(self, path: str, folder: Path) -> None:
        target = folder / path[1:]
        self._press.files.make_folder(str(target.parent))
        self._press.files.rename(str(self._tree / path[1:]), str(target))
