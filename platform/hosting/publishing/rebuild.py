"""Building a whole site anew, beside the tree that readers see, and switching by one rename.

Publishing goes on meanwhile: the keys that it renders go to a journal, and are rendered once more,
with the site's lock held, before the switch. What the new tree holds is kept in a plan beside it
(see `switching.PlanFile`), so that a crash after the switch can be finished from the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from hosting.publishing.batches import Plan, make_plan, ranked
from hosting.publishing.changesets import GONE_MARK, Entry
from hosting.publishing.manifest.chain import Chain, follow, read_chain
from hosting.publishing.manifest.statement import SWITCH
from hosting.publishing.models import PublicPage
from hosting.publishing.press import Press, Report
from hosting.publishing.rendering import Batch
from hosting.publishing.standing import Standing, names_used, standing_by_key
from hosting.publishing.switching import Line, PlanFile, finish_switch
from hosting.publishing.tree import TreeWriter, discard
from hosting.runtime.session import WalledSession

BATCH = 400
TREES_KEPT = 2
"""The tree that readers see, and the one before it."""

Progress = Callable[[int, int], None]


class Rebuild:
    """One rebuild. `aside` holds the site's rebuild lock; `begin` and `end` need its press."""

    def __init__(self, aside: Press, progress: Progress | None = None) -> None:
        self._aside = aside
        self._folder = aside.folder
        self._plan = PlanFile(self._folder.plan)
        self._progress = progress or (lambda _done, _known: None)
        self._number = 0
        self._chain: Chain | None = None
        self.report = Report()

    def begin(self, press: Press) -> None:
        """Start the journal and an empty tree."""
        discard_leftovers(press)
        self._number = (self._folder.current_number() or 0) + 1
        press.files.make_folder(str(self._folder.tree(self._number)))
        press.files.write(str(self._folder.plan), b"")
        press.files.write(str(self._folder.journal), b"")

    def render(self) -> None:
        """Render all pages into the new tree."""
        with self._aside.reading() as session:
            keys = _all_keys(self._aside, session)
        self._render(self._aside, ranked(self._aside.runtime, keys))

    def end(self, press: Press) -> None:
        """Render what was published meanwhile once more, then switch."""
        keys = read_journal(press)
        before = self._plan.latest(keys)
        self._render(press, ranked(press.runtime, keys))
        self._remove_left(press, before)
        press.files.sync(str(self._folder.tree(self._number)))
        recorded = press.record(SWITCH, self._number, self._plan.whole())
        finish_switch(press, recorded)
        self.report.change_sets.append(recorded.number)
        for number in self._folder.trees()[:-TREES_KEPT]:
            discard(press.files, self._folder.tree(number))

    def _render(self, press: Press, keys: list[str]) -> None:
        known = len(keys)
        while keys:
            with press.reading() as session:
                plan = make_plan(
                    press.runtime,
                    session,
                    press.site_id,
                    keys[:BATCH],
                    beat=press.beat,
                    whole=True,
                )
                failed = self._vouched(press, session, plan.failures)
                names = names_used(session, [standing.page for standing in failed])
            self._write(press, plan)
            self._keep(press, failed, names)
            done = set(plan.done)
            keys = [key for key in keys if key not in done]
            self._progress(known - len(keys), known)

    def _write(self, press: Press, plan: Plan) -> None:
        """Bring a batch into the tree and the plan; keys without a page get a line that says so."""
        writer = TreeWriter(press.files, self._folder.staging, self._folder.tree(self._number))
        final = [entry for entry in plan.entries if entry.new is not None]
        for entry in final:
            if entry.is_write:
                body = plan.bodies[entry.path]
                press.store.put(press.tenant_id, body)
                writer.write(entry.path, body, mtime=entry.at)
                press.beat()
            else:
                writer.mark_gone(entry.path)
        there = {entry.key for entry in final}
        absent = [
            Entry("", None, None, key, 0, 0, 0)
            for key in plan.done
            if key not in there and key not in plan.failures
        ]
        self._plan.add(
            Line(entry, frozenset(plan.names.get(entry.page, ()))) for entry in (*final, *absent)
        )
        self.report.count(plan)

    def _vouched(
        self, press: Press, session: WalledSession, failures: Iterable[str]
    ) -> list[Standing]:
        """Of pages that failed, those whose rows say what was signed: no forged one is signed anew.

        Without a signed chain the rows are all there is to believe.
        """
        failed = list(standing_by_key(session, press.site_id, failures).values())
        if not failed:
            return failed
        if self._chain is None:
            self._chain = read_chain(session, press.store, press.site_id, press.signer.key())
        elif not self._chain.is_unsigned:
            follow(self._chain, session, press.store, press.site_id)
        chain = self._chain
        if chain.is_unsigned:
            return failed
        return [here for here in failed if chain.standing.get(here.path) == here]

    def _keep(self, press: Press, failed: Sequence[Standing], names: dict[int, set[str]]) -> None:
        """What cannot be rendered stays as it stands."""
        writer = TreeWriter(press.files, self._folder.staging, self._folder.tree(self._number))
        lines = []
        for here in failed:
            if here.digest is None:
                writer.mark_gone(here.path)
            else:
                body = press.store.read(press.tenant_id, here.digest)
                writer.write(here.path, body, mtime=here.at)
            entry = Entry(here.path, here.mark, here.mark, here.key, here.page, here.rank, here.at)
            lines.append(Line(entry, frozenset(names.get(here.page, ()))))
        self._plan.add(lines)

    def _remove_left(self, press: Press, before: dict[str, Line]) -> None:
        """Clear addresses of the new tree that pages left while it was being built."""
        writer = TreeWriter(press.files, self._folder.staging, self._folder.tree(self._number))
        after = self._plan.latest(set(before))
        held = {line.entry.path for line in after.values() if line.entry.new is not None}
        for line in before.values():
            path = line.entry.path
            if not path or line.entry.new is None:
                continue
            now = after[line.entry.key].entry
            if now.new == GONE_MARK and now.path == path:
                writer.remove(path)
            elif path not in held:
                writer.forget(path)


def discard_leftovers(press: Press) -> None:
    """Remove what a rebuild that did not come to its end left behind."""
    folder = press.folder
    current = folder.current_number() or 0
    for number in folder.trees():
        if number > current:
            discard(press.files, folder.tree(number))
    press.files.remove(str(folder.plan))
    press.files.remove(str(folder.journal))


def read_journal(press: Press) -> set[str]:
    """The keys that were published since the rebuild began."""
    journal = press.folder.journal.read_text(encoding="utf-8")
    return {key for key in journal.split("\n") if key}


def _all_keys(press: Press, session: WalledSession) -> set[str]:
    """Every page that stands, and every page that the families say there should be."""
    keys = set(session.scalars(select(PublicPage.key).where(PublicPage.site_id == press.site_id)))
    batch = Batch(press.runtime, session, press.site_id)
    for family in press.runtime.page_families.values():
        arguments = family.arguments(batch.rendering(family.name))
        keys.update(f"{family.name}:{argument}" for argument in arguments)
    return keys
