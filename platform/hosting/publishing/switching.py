"""Switching readers to a tree that was built aside, and making the rows say what it holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hosting.publishing.changesets import Entry
from hosting.publishing.manifest.chain import as_it_stands, standing_of
from hosting.publishing.models import ChangeSet
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


@dataclass(frozen=True, slots=True)
class Line:
    """One page of a tree, and the names it used; None leaves those that are on record."""

    entry: Entry
    names: frozenset[str] | None


class PlanFile:
    """What a tree holds: JSON lines, only ever added to; of several for a key the last counts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, lines: Iterable[Line]) -> None:
        """Add lines at the end."""
        with self._path.open("a", encoding="utf-8") as stream:
            for line in lines:
                stream.write(json.dumps(facts_of_line(line), ensure_ascii=False) + "\n")

    def places(self) -> dict[str, int]:
        """Where the line that counts begins, for each key; memory for keys alone."""
        places: dict[str, int] = {}
        offset = 0
        with self._path.open("rb") as stream:
            for raw in stream:
                # A line that a crash cut short was never part of a plan that was switched to.
                if raw.endswith(b"\n"):
                    places[json.loads(raw)["entry"]["key"]] = offset
                offset += len(raw)
        return places

    def lines(self, offsets: Iterable[int]) -> Iterator[Line]:
        """The lines that begin at these places."""
        with self._path.open("rb") as stream:
            for offset in offsets:
                stream.seek(offset)
                facts = json.loads(stream.readline())
                yield line_of(facts)

    def whole(self) -> Iterator[Entry]:
        """All that the tree holds, in the order of the paths; memory for paths alone."""
        offsets = sorted(self.places().values())
        held = zip(offsets, self.lines(offsets), strict=True)
        by_path = sorted((line.entry.path, at) for at, line in held if line.entry.new is not None)
        for line in self.lines(at for _path, at in by_path):
            yield as_it_stands(standing_of(line.entry))

    def of(self, keys: set[str]) -> list[Line]:
        """All lines of these keys, in the order in which they were added; the last counts."""
        if not self._path.is_file():
            return []
        with self._path.open("rb") as stream:
            told = (json.loads(raw) for raw in stream if raw.endswith(b"\n"))
            return [line_of(facts) for facts in told if facts["entry"]["key"] in keys]


def facts_of_line(line: Line) -> dict[str, Any]:
    """A line as JSON has it."""
    names = None if line.names is None else sorted(line.names)
    return {"entry": line.entry.facts(), "names": names}


def line_of(facts: Mapping[str, Any]) -> Line:
    """The line that these facts tell."""
    names = facts["names"]
    return Line(Entry(**facts["entry"]), None if names is None else frozenset(names))


def finish_switch(press: Press, change_set: ChangeSet) -> None:
    """Let readers see the recorded tree and bring the rows in line; safe to repeat."""
    folder = press.folder
    folder.switch(press.files, change_set.tree)
    press.files.sync(str(folder.root))
    if folder.plan.is_file():
        _Rows(press, PlanFile(folder.plan)).write()
    else:
        log.error("the plan of tree %s is lost: verify site %s", change_set.tree, press.site_id)
    press.write([press.closing(change_set)], lane=BULK)
    press.files.remove(str(folder.staged))
    forget_rebuild(press)


def forget_rebuild(press: Press) -> None:
    """Remove what a rebuild had to remember."""
    for path in (press.folder.design, press.folder.plan, press.folder.journal):
        press.files.remove(str(path))


class _Rows:
    """Makes rows and names of a site those of a plan, slice by slice."""

    def __init__(self, press: Press, plan: PlanFile) -> None:
        self._press = press
        self._plan = plan
        self._places = plan.places()

    def write(self) -> None:
        """Free what was left, then write what differs."""
        for standing in self._standing():
            self._free(standing)
        for offsets in slices(sorted(self._places.values()), IN_LIMIT):
            self._write_lines(list(self._plan.lines(offsets)))

    def _standing(self) -> Iterator[list[Standing]]:
        after = ""
        while True:
            with self._press.reading() as session:
                some = all_standing(session, self._press.site_id, after=after, limit=IN_LIMIT)
            if not some:
                return
            after = some[-1].path
            yield some

    def _free(self, standing: Sequence[Standing]) -> None:
        known = [self._places[s.key] for s in standing if s.key in self._places]
        lines = {line.entry.key: line.entry for line in self._plan.lines(sorted(known))}
        lost = [s for s in standing if s.key not in lines or lines[s.key].new is None]
        moved = [s for s in standing if s not in lost and lines[s.key].path != s.path]
        keys = [s.key for s in (*lost, *moved)]
        if keys:
            site_id = self._press.site_id
            steps = [
                partial(forget_names, pages=[s.page for s in lost]),
                partial(delete_pages, site_id=site_id, keys=keys),
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
