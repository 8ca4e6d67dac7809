"""Building a whole site aside the tree that readers see, and switching to it by one rename.

Publishing goes on meanwhile: the keys that it renders go to a journal, and are rendered once more,
with the site's lock held, before the switch. What the new tree holds is kept in a plan beside it
(see `plan_file.PlanFile`), so that a crash after the switch can be finished from the plan. A tree
may also be staged: it waits with its plan and journal until it is switched to, or left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy import func, select

from hosting.publishing.aside import AsideTree, Rendered
from hosting.publishing.batches import BATCH, ranked
from hosting.publishing.changesets import GONE_MARK
from hosting.publishing.manifest.chain import Chain, as_it_stands, follow, read_chain, standing_of
from hosting.publishing.manifest.statement import SWITCH
from hosting.publishing.models import ChangeSet, PublicPage
from hosting.publishing.plan_file import Line, PlanFile
from hosting.publishing.press import Press, Report
from hosting.publishing.rendering import Batch
from hosting.publishing.standing import Standing, Step, standing_by_key
from hosting.publishing.switching import finish_rows, finish_switch, forget_rebuild
from hosting.runtime.session import WalledSession

Progress = Callable[[int, int], None]

Renderer = Callable[[list[str]], Iterator[Rendered]]
"""Renders keys into the tree, batch by batch; in whatever order."""


class Rebuild:
    """One whole tree. `aside` holds the site's rebuild lock; what takes a `press` needs its own.

    `begin` or `resume` or `take_up` first; `render` after `begin`; at last `stage` or `switch`.
    """

    def __init__(
        self, aside: Press, *, design_id: int | None = None, progress: Progress | None = None
    ) -> None:
        self._aside = aside
        self._folder = aside.folder
        self._plan = PlanFile(self._folder.plan)
        self._design_id = design_id
        self._progress = progress or (lambda _done, _known: None)
        self._chain: Chain | None = None
        self.number = 0
        self.report = Report()

    def begin(self, press: Press) -> None:
        """Start with an empty tree; what was staged before is left."""
        leave_staged(press)
        self.number = _next_number(press)
        press.files.make_folder(str(self._folder.tree(self.number)))
        press.files.write(str(self._folder.design), str(self._design_id or "").encode())
        press.files.write(str(self._folder.plan), b"")
        press.files.write(str(self._folder.journal), b"")

    def resume(self) -> bool:
        """Go on with the tree that was staged; False where none was in this design."""
        number = self._folder.staged_number()
        design = self._folder.design.read_text() if self._folder.design.is_file() else ""
        if number is None or design != str(self._design_id):
            return False
        self.number = number
        return True

    def check(self, press: Press) -> set[str]:
        """Bring back what was altered in the staged tree; keys that must be rendered once more.

        What was published since it was staged is made anew in any case.
        """
        seen_at = self._folder.staged.lstat().st_mtime
        entries = list(self._plan.whole())
        keys = _read_journal(press)
        standing = {entry.path: standing_of(entry) for entry in entries}
        anew = {entry.path for entry in entries if entry.key in keys}
        return self.tree(press).hold_to(standing, seen_at=seen_at, but=anew)

    def take_up(self, press: Press, number: int, standing: Mapping[str, Standing]) -> None:
        """Go on with an earlier tree in which all of this stands; what pages use is not known."""
        leave_staged(press)
        self.number = number
        press.files.write(str(self._folder.plan), b"")
        press.files.write(str(self._folder.journal), b"")
        self._plan.add(Line(as_it_stands(here), None) for here in standing.values())

    def render(self, renderer: Renderer | None = None) -> None:
        """Render all pages into the new tree."""
        with self._aside.reading() as session:
            keys = self._all_keys(session)
        self._render(self._aside, ranked(self._aside.runtime, keys), renderer)

    def _all_keys(self, session: WalledSession) -> set[str]:
        """Every page that stands, and every page that the families say there should be."""
        site_id, runtime = self._aside.site_id, self._aside.runtime
        keys = set(session.scalars(select(PublicPage.key).where(PublicPage.site_id == site_id)))
        batch = Batch(runtime, session, site_id, design_id=self._design_id)
        for family in runtime.page_families.values():
            arguments = family.arguments(batch.rendering(family.name))
            keys.update(f"{family.name}:{argument}" for argument in arguments)
        return keys

    def stage(self, press: Press) -> None:
        """Keep the tree for its preview, until it is switched to or left.

        What was withdrawn while it was built has no preview either.
        """
        self._bring_in(press, _read_journal(press))
        press.files.sync(str(self._folder.tree(self.number)))
        self._folder.stage(press.files, self.number)

    def switch(self, press: Press, *steps: Step, also: Iterable[str] = ()) -> None:
        """Render what was published meanwhile once more, and `also` these, then switch.

        The steps are taken in the transaction in which the switch is recorded.
        """
        self._bring_in(press, {*_read_journal(press), *also})
        press.files.sync(str(self._folder.tree(self.number)))
        recorded = press.record(SWITCH, self.number, self._plan.whole(), *steps)
        finish_switch(press, recorded)
        finish_rows(press)
        self.report.change_sets.append(recorded.number)
        older = [number for number in self._folder.trees() if number < self.number]
        for number in older[: 1 - press.runtime.settings.trees_kept]:
            self._folder.set_aside(press.files, number)

    def _bring_in(self, press: Press, keys: set[str]) -> None:
        """Render keys once more, and clear what their pages have left."""
        self._render(press, ranked(press.runtime, keys), None)
        self._remove_left(press, keys)

    def _render(self, press: Press, keys: list[str], renderer: Renderer | None) -> None:
        known, done = len(keys), 0
        renderer = renderer or self.batch_by_batch(press)
        for rendered in renderer(keys):
            self._plan.add(rendered.lines)
            if rendered.failures:
                failed = self._vouched(press, rendered.failures)
                self._plan.add(self.tree(press).keep(failed))
            self.report.rendered += len(rendered.done)
            self.report.written += rendered.written
            self.report.tell_failures(rendered.done, rendered.failures)
            done += len(rendered.done)
            self._progress(min(done, known), known)

    def batch_by_batch(self, press: Press) -> Renderer:
        """Renders one batch after another, here."""
        tree = self.tree(press)

        def renderer(keys: list[str]) -> Iterator[Rendered]:
            while keys:
                rendered = tree.render(keys[:BATCH])
                done = set(rendered.done)
                keys = [key for key in keys if key not in done]
                yield rendered

        return renderer

    def tree(self, press: Press) -> AsideTree:
        """The tree, as this press writes it."""
        return AsideTree(press, self.number, self._design_id)

    def _vouched(self, press: Press, failures: Iterable[str]) -> list[Standing]:
        """Of pages that failed, those whose rows say what was signed: no forged one is signed anew.

        Without a signed chain the rows are all there is to believe.
        """
        with press.reading() as session:
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

    def _remove_left(self, press: Press, keys: set[str]) -> None:
        """Clear addresses of the new tree that pages left since they were rendered first."""
        tree = self.tree(press)
        lines = self._plan.of(keys)
        after = {line.entry.key: line.entry for line in lines}
        held = {entry.path for entry in after.values() if entry.new is not None}
        for entry in (line.entry for line in lines):
            if not entry.path or entry.new is None:
                continue
            now = after[entry.key]
            if now.new == GONE_MARK and now.path == entry.path:
                tree.remove(entry.path)
            elif entry.path not in held:
                tree.forget(entry.path)


def leave_staged(press: Press) -> None:
    """Leave the tree that was staged, and whatever an unfinished rebuild has left behind."""
    press.files.remove(str(press.folder.staged))
    discard_leftovers(press)


def discard_leftovers(press: Press) -> None:
    """Set aside what a rebuild that did not come to its end left behind; what is staged stays."""
    folder = press.folder
    current, staged = folder.current_number() or 0, folder.staged_number()
    if staged == current:
        # Whoever switched to it died before it was no longer called staged.
        press.files.remove(str(folder.staged))
        staged = None
    for number in folder.trees():
        if number > current and number != staged:
            folder.set_aside(press.files, number)
    if staged is None:
        forget_rebuild(press)


def _next_number(press: Press) -> int:
    """One that no tree of the site has ever had: what was copied elsewhere goes by it."""
    with press.reading() as session:
        recorded = session.scalar(
            select(func.max(ChangeSet.tree)).where(ChangeSet.site_id == press.site_id)
        )
    return max(recorded or 0, *press.folder.trees(), press.folder.current_number() or 0, 0) + 1


def _read_journal(press: Press) -> set[str]:
    """The keys that were published since the tree was begun."""
    journal = press.folder.journal.read_text(encoding="utf-8")
    return {key for key in journal.split("\n") if key}
