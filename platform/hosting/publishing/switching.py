"""Switching readers to a tree that was built aside, and making the rows say what it holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from hosting.publishing.changesets import Entry
from hosting.publishing.manifest.chain import snapshot_entries, standing_of
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
    """One page of a tree, and the names it used."""

    entry: Entry
    names: frozenset[str]


class PlanFile:
    """What a tree holds: JSON lines, only ever added to; of several for a key the last counts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, lines: Iterable[Line]) -> None:
        """Add lines at the end."""
        with self._path.open("a", encoding="utf-8") as stream:
            for line in lines:
                facts = {"entry": asdict(line.entry), "names": sorted(line.names)}
                stream.write(json.dumps(facts, ensure_ascii=False) + "\n")

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
                yield Line(Entry(**facts["entry"]), frozenset(facts["names"]))

    def whole(self) -> list[Entry]:
        """All that the tree holds, in the order of the paths."""
        held = (line.entry for line in self.lines(sorted(self.places().values())))
        return snapshot_entries(standing_of(entry) for entry in held if entry.new is not None)

    def latest(self, keys: set[str]) -> dict[str, Line]:
        """The lines that count, of these keys alone."""
        places = self.places()
        found = self.lines(places[key] for key in keys if key in places)
        return {line.entry.key: line for line in found}


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
    press.files.remove(str(folder.plan))
    press.files.remove(str(folder.journal))


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
            names_before = names_used(session, [line.entry.page for line in there])
        differing = [
            line.entry for line in there if not _is_same(line.entry, standing.get(line.entry.key))
        ]
        names = {line.entry.page: set(line.names) for line in there}
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
