"""Switching readers to a tree that was built aside, and making the rows say what it holds."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial

from hosting.publishing.changesets import Entry
from hosting.publishing.models import ChangeSet
from hosting.publishing.plan_file import Line, PlanFile
from hosting.publishing.press import Press
from hosting.publishing.standing import (
    IN_LIMIT,
    Standing,
    all_standing,
    delete_pages,
    forget_names,
    name_steps,
    names_used,
    slices,
    standing_by_key,
    write_pages,
)
from hosting.runtime.jobs import BULK

log = logging.getLogger(__name__)

_READ_LIMIT = 5_000
"""Rows that are read at once where only their addresses are compared."""


def finish_switch(press: Press, change_set: ChangeSet) -> None:
    """Let readers see the recorded tree, and close the switch; safe to repeat.

    What is left is to bring the rows in line, see `finish_rows`: that takes the longer the larger
    the site is, and people are let pass meanwhile, who publish to the tree that readers see.
    """
    folder = press.folder
    folder.switch(press.files, change_set.tree)
    if folder.plan.is_file():
        press.files.rename(str(folder.plan), str(folder.rows))
    elif not folder.rows.is_file():
        log.error("the plan of tree %s is lost: verify site %s", change_set.tree, press.site_id)
    press.files.sync(str(folder.root))
    press.write([press.closing(change_set)], lane=BULK)
    press.files.remove(str(folder.staged))
    forget_rebuild(press)


def finish_rows(press: Press) -> None:
    """Make the rows say what the tree holds that was switched to; safe to repeat.

    Between two slices people pass: what they publish is written whatever the rows say, and stands
    in the plan from then on.
    """
    rows = press.folder.rows
    if rows.is_file():
        _Rows(press, PlanFile(rows)).write()
        press.files.remove(str(rows))


def forget_rebuild(press: Press) -> None:
    """Remove what a rebuild had to remember."""
    for path in (press.folder.design, press.folder.plan, press.folder.journal):
        press.files.remove(str(path))


class _Rows:
    """Makes rows and names of a site those of a plan, slice by slice."""

    def __init__(self, press: Press, plan: PlanFile) -> None:
        self._press = press
        self._plan = plan
        self._read_to = plan.size()
        self._places = plan.places()

    def write(self) -> None:
        """Free what was left, then write what differs.

        Nobody passes before the first is done: from then on no row names another address than the
        tree has for its page.
        """
        for standing in self._standing():
            self._free(standing)
        for places in slices(sorted(self._places.items(), key=lambda each: each[1]), IN_LIMIT):
            # Who passed since wrote what is newer, rows and all.
            offsets = [place.offset for key, place in places if self._places[key] == place]
            self._write_lines(list(self._plan.lines(offsets)))
            self._let_pass()

    def _let_pass(self) -> None:
        """Let people publish, and read what their pages are now."""
        self._press.let_pass()
        size = self._plan.size()
        if size > self._read_to:
            self._places |= self._plan.places(self._read_to)
            self._read_to = size

    def _standing(self) -> Iterator[list[Standing]]:
        after = ""
        while True:
            with self._press.reading() as session:
                some = all_standing(session, self._press.site_id, after=after, limit=_READ_LIMIT)
            if not some:
                return
            after = some[-1].path
            yield some

    def _free(self, standing: Sequence[Standing]) -> None:
        paths = {s.key: self._places[s.key].path for s in standing if s.key in self._places}
        lost = [s.page for s in standing if paths.get(s.key) is None]
        keys = [s.key for s in standing if paths.get(s.key) != s.path]
        steps = [partial(forget_names, pages=some) for some in slices(lost, IN_LIMIT)]
        steps += [
            partial(delete_pages, site_id=self._press.site_id, keys=some)
            for some in slices(keys, IN_LIMIT)
        ]
        self._press.write(steps, lane=BULK)

    def _write_lines(self, lines: list[Line]) -> None:
        there = [line for line in lines if line.entry.new is not None]
        site_id = self._press.site_id
        with self._press.reading() as session:
            standing = standing_by_key(session, site_id, [line.entry.key for line in there])
            told = [line.entry.page for line in there if line.names is not None]
            names_before = names_used(session, told)
        differing = [
            line.entry for line in there if not _is_same(line.entry, standing.get(line.entry.key))
        ]
        names = {line.entry.page: set(line.names) for line in there if line.names is not None}
        steps = [
            partial(write_pages, site_id=site_id, entries=some)
            for some in slices(differing, IN_LIMIT // 2)
        ]
        self._press.write([*name_steps(site_id, names, names_before), *steps], lane=BULK)


def _is_same(entry: Entry, standing: Standing | None) -> bool:
    if standing is None:
        return False
    told = (entry.path, entry.new, entry.rank, entry.at)
    return told == (standing.path, standing.mark, standing.rank, standing.at)
