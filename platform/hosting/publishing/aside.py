"""Rendering pages of a whole site, batch by batch, into a tree that nobody reads yet."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from hosting.publishing.batches import Plan, make_plan
from hosting.publishing.blobs import BlobDamaged, BlobMissing
from hosting.publishing.changesets import Entry
from hosting.publishing.comparing import address_of, files_in, files_of, problems_at
from hosting.publishing.compression import LATE_SUFFIX
from hosting.publishing.copies import digests_of
from hosting.publishing.manifest.chain import as_it_stands
from hosting.publishing.plan_file import Line
from hosting.publishing.press import Press
from hosting.publishing.standing import Standing, names_used
from hosting.publishing.tree import TreeWriter

log = logging.getLogger(__name__)


@dataclass
class Rendered:
    """A batch that was brought into the tree.

    `done` are its keys, those that failed included; less than asked for when the pages were large.
    The plan's lines are of the pages that did not fail.
    """

    done: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    written: int = 0


class AsideTree:
    """One tree. Whatever is brought into it is safe to bring again."""

    def __init__(self, press: Press, number: int, design_id: int | None = None) -> None:
        self._press = press
        self.number = number
        self.design_id = design_id
        self.folder = press.folder.tree(number)
        self._writer = TreeWriter(press.files, press.folder.staging, self.folder)

    def render(self, keys: list[str]) -> Rendered:
        """Render keys from one snapshot, keep their blobs, and write them."""
        press = self._press
        with press.reading() as session:
            plan = make_plan(
                press.runtime,
                session,
                press.site_id,
                keys,
                beat=press.beat,
                whole=True,
                design_id=self.design_id,
            )
        return self._write(plan)

    def _write(self, plan: Plan) -> Rendered:
        final = []
        for entry in (each for each in plan.entries if each.new is not None):
            if entry.is_write:
                body = plan.bodies[entry.path]
                self._press.store.put(self._press.tenant_id, body)
                copy = self._writer.write(entry.path, body, mtime=entry.at)
                final.append(replace(entry, copies=digests_of(copy)))
                self._press.beat()
            else:
                self._writer.mark_gone(entry.path)
                final.append(entry)
        there = {entry.key for entry in final}
        # A key without a page gets a line that says so.
        absent = [
            Entry("", None, None, key, 0, 0, 0)
            for key in plan.done
            if key not in there and key not in plan.failures
        ]
        lines = [Line(e, frozenset(plan.names.get(e.page, ()))) for e in (*final, *absent)]
        written = sum(entry.is_write for entry in final)
        return Rendered(list(plan.done), dict(plan.failures), lines, written)

    def keep(self, failed: list[Standing]) -> list[Line]:
        """Write from the blobs what could not be rendered: it stays as it stands."""
        with self._press.reading() as session:
            names = names_used(session, [here.page for here in failed])
        lines = []
        for here in failed:
            copy = None
            if here.digest is None:
                self._writer.mark_gone(here.path)
            else:
                body = self._press.store.read(self._press.tenant_id, here.digest)
                copy = self._writer.write(here.path, body, mtime=here.at)
            entry = replace(as_it_stands(here), old=here.mark, copies=digests_of(copy))
            lines.append(Line(entry, frozenset(names.get(here.page, ()))))
        return lines

    def hold_to(
        self,
        standing: Mapping[str, Standing],
        *,
        seen_at: float,
        but: Collection[str] = (),
    ) -> set[str]:
        """Bring back what was altered since the tree was seen; keys of pages whose blob is lost.

        What was not touched since then (seconds of the epoch) is not read again: the kernel keeps
        the time of a file's last change, and who can set its clock needs no web page. `but` are
        addresses that are made anew in any case.
        """
        expected = {file: path for path, here in standing.items() for file in files_of(here)}
        suspects: set[str] = set()
        for file in files_in(self.folder):
            address = expected.pop(file, None)
            if address is None or os.lstat(f"{self.folder}{file}").st_ctime > seen_at:
                suspects.add(address_of(file))
        # A copy is not always there; whoever misses something looks. Late ones are made anew.
        suspects.update(each for file, each in expected.items() if not file.endswith(LATE_SUFFIX))
        lost = set()
        for address in sorted(suspects.difference(but)):
            self._press.beat()
            here = standing.get(address)
            if any(problems_at(self.folder, address, here)) and not self._bring_back(address, here):
                lost.add(standing[address].key)
        return lost

    def _bring_back(self, address: str, here: Standing | None) -> bool:
        log.error("%s in a tree that nobody watched is not as it was", address)
        self._writer.forget(address)
        if here is None:
            return True
        try:
            self.keep([here])
        except (BlobMissing, BlobDamaged):
            log.exception("its blob is lost: it is rendered again")
            return False
        return True

    def remove(self, path: str) -> None:
        """Remove a page that was withdrawn; its marker is there already."""
        self._writer.remove(path)

    def forget(self, path: str) -> None:
        """Clear an address that its page has left."""
        self._writer.forget(path)
