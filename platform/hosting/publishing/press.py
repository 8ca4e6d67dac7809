"""The press: the one publisher of a site, which turns plans into change sets and files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hosting.publishing import changesets
from hosting.publishing.applying import apply
from hosting.publishing.batches import Plan
from hosting.publishing.blobs import BlobStore, digest_of
from hosting.publishing.changesets import Entry, text_of
from hosting.publishing.copies import Copies, packed, with_digests
from hosting.publishing.edges.promising import promise_copy
from hosting.publishing.files import Files
from hosting.publishing.lock import SiteLock
from hosting.publishing.manifest.chain import as_it_stands
from hosting.publishing.manifest.signer import Link, Signer
from hosting.publishing.manifest.statement import CHANGES, SNAPSHOT
from hosting.publishing.marks import (
    attempts_before,
    failure_steps,
    forget_steps,
    put_off_steps,
)
from hosting.publishing.models import ChangeSet
from hosting.publishing.plan_file import Line, PlanFile
from hosting.publishing.stale import promise_packing
from hosting.publishing.standing import Step, every_standing, name_steps, page_steps
from hosting.publishing.tree import PublicFolder, SiteFolder, TreeWriter
from hosting.runtime.clock import now
from hosting.runtime.jobs import PERSON
from hosting.runtime.pace import Pace
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

_SMALL = 60
"""A plan of so many pages is closed in one transaction."""

_WRITERS = 4
"""Threads that store the blobs of a larger one."""


@dataclass
class Report:
    """What a build did. `rendered` counts pages made, also those that came out as they stood."""

    rendered: int = 0
    written: int = 0
    removed: int = 0
    change_sets: list[int] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    busy: bool = False

    def count(self, plan: Plan) -> None:
        """Add a plan that was published."""
        writes = sum(entry.is_write for entry in plan.entries)
        self.rendered += len(plan.done)
        self.written += writes
        self.removed += len(plan.entries) - writes
        self.tell_failures(plan.done, plan.failures)

    def tell_failures(self, done: Iterable[str], failures: Mapping[str, str]) -> None:
        """Note which pages failed at last; those that were made count as mended."""
        for key in done:
            self.failures.pop(key, None)
        self.failures |= failures


@dataclass
class Press:
    """Holds a site's lock and does what only its holder may do."""

    runtime: Runtime
    tenant_id: int
    site_id: int
    files: Files
    store: BlobStore
    signer: Signer
    lock: SiteLock
    report: Report
    let_pass: Callable[[], None] = lambda: None
    """Publishes what people wait for: called where longer work can be interrupted."""

    @property
    def home(self) -> Path:
        """The platform's HOME."""
        return self.runtime.settings.home

    @property
    def folder(self) -> SiteFolder:
        """Where the site's trees lie."""
        return PublicFolder(self.home).site(self.site_id)

    def reading(self) -> AbstractContextManager[WalledSession]:
        """A session that reads one snapshot of the tenant."""
        return self.runtime.tenant_session(self.tenant_id, reading=True)

    def writing(self) -> AbstractContextManager[WalledSession]:
        """A session whose changes are committed at the end of the block."""
        return self.runtime.tenant_session(self.tenant_id)

    def beat(self) -> None:
        """Show that we are alive."""
        self.lock.beat()

    def publish(
        self, plan: Plan, *, marks: Sequence[int], lane: str, following: Sequence[str] = ()
    ) -> None:
        """Put a plan before readers, then make the rows say so and forget its marks.

        `following` are keys that the marks mean too and that are left to their own job.
        """
        steps: list[Step] = []
        self._note_for_rebuild(plan)
        if plan.entries:
            copies = packed(plan.bodies)
            plan.entries = [with_digests(entry, copies) for entry in plan.entries]
            recorded = self._record(plan)
            self.note_for_rows(plan.entries, plan.names)
            self.put_in_tree(recorded.tree, plan.entries, plan.bodies, copies)
            steps += page_steps(self.site_id, plan.entries)
            steps.append(self.closing(recorded))
            self.report.change_sets.append(recorded.number)
        # Names before the change set is closed: a page without names would never be stale again.
        steps = [*name_steps(self.site_id, plan.names, plan.names_before), *steps]
        with self.reading() as session:
            tried = attempts_before(session, self.site_id)
        steps += failure_steps(self.site_id, plan.failures, plan.done, tried)
        steps += put_off_steps(self.site_id, following, lane)
        steps += forget_steps(marks)
        small = len(plan.done) <= _SMALL
        self.write([partial(in_one_go, steps=steps)] if small else steps, lane=lane)
        self.report.count(plan)

    def _note_for_rebuild(self, plan: Plan) -> None:
        """Tell a rebuild that goes on beside us which pages it must render once more.

        What is withdrawn leaves a staged tree at once: who looks at the preview is a reader too.
        """
        journal = self.folder.journal
        if not journal.is_file():
            return
        self.files.append(str(journal), "".join(f"{key}\n" for key in plan.done).encode())
        staged = self.folder.staged_number()
        if staged is not None:
            writer = TreeWriter(self.files, self.folder.staging, self.folder.tree(staged))
            for entry in plan.entries:
                if not entry.is_write:
                    writer.remove(entry.path)

    def note_for_rows(
        self, entries: Sequence[Entry], names: Mapping[int, set[str]] | None = None
    ) -> None:
        """After a switch, while rows are being brought in line: tell what they must say by now.

        Before the rows do, and once the link is recorded: whoever takes over finds the one or the
        other. Names that are not told stay those on record.
        """
        if not self.folder.rows.is_file():
            return
        final = {entry.key: entry for entry in entries if entry.new is not None}
        left = [entry for entry in entries if entry.key not in final]
        told = [(each, (names or {}).get(each.page)) for each in (*left, *final.values())]
        PlanFile(self.folder.rows).add(
            Line(each, None if used is None else frozenset(used)) for each, used in told
        )

    def _record(self, plan: Plan) -> ChangeSet:
        """Blobs first: what is recorded can always be finished."""
        self._keep(plan.bodies.values())
        with self.reading() as session:
            tree = changesets.current_tree(session, self.site_id)
        return self.record(CHANGES, tree, plan.entries)

    def _keep(self, bodies: Collection[bytes]) -> None:
        """Have blobs stored; many beside one another, since most of it is waiting for the store."""
        put = partial(self.store.put, self.tenant_id)
        with ThreadPoolExecutor(1 if len(bodies) <= _SMALL else _WRITERS, "blobs") as pool:
            for _ in pool.map(put, bodies):
                self.beat()

    def record(self, kind: str, tree: int, entries: Iterable[Entry], *steps: Step) -> ChangeSet:
        """Have a link signed and record it, with more steps in the same transaction.

        The entries of a switch or snapshot are all that stands in the tree, kept as a blob.
        """
        with self.reading() as session:
            last, is_signed = changesets.last_link(session, self.site_id)
        if last and not is_signed and kind == CHANGES:
            last = self._adopt(last)
        is_whole = kind != CHANGES
        listed = [] if is_whole else list(entries)
        text = text_of(entries if is_whole else listed)
        content = digest_of(text)
        if is_whole:
            self.store.put(self.tenant_id, text)
            self.store.sync()
        said = (last + 1, kind, tree, content, now().isoformat())
        signed = self.signer.sign(Link(self.tenant_id, self.site_id, *said))
        with self.writing() as session:
            snapshot = content if is_whole else ""
            recorded = changesets.record(session, signed, entries=listed, snapshot=snapshot)
            in_one_go(session, steps)
        # The signer remembers what is recorded: a chain that ends before it was cut.
        self.signer.confirm(signed)
        return recorded

    def _adopt(self, last: int) -> int:
        """Begin the chain with what the rows say, where there was no signer yet; the last number.

        Once the signer knows the site its word counts: rows that lost their signatures are forged.
        """
        if self.signer.head(self.tenant_id, self.site_id).number:
            return last
        with self.reading() as session:
            tree = changesets.current_tree(session, self.site_id)
            standing = sorted(every_standing(session, self.site_id), key=lambda here: here.path)
        entries = [as_it_stands(here) for here in standing]
        adopted = self.record(SNAPSHOT, tree, entries)
        self.write([self.closing(adopted)], lane=PERSON)
        return adopted.number

    def closing(self, change_set: ChangeSet, state: str = changesets.CLOSED) -> Step:
        """The step that marks a change set as done; the edges and late copies are to follow."""
        close = partial(
            changesets.close, site_id=self.site_id, number=change_set.number, state=state
        )
        edges = self.runtime.settings.edge_addresses
        follow = partial(promise_copy, edges=edges, site_id=self.site_id)
        pack = partial(promise_packing, site_id=self.site_id)
        return partial(in_one_go, steps=[close, follow, pack])

    def put_in_tree(
        self,
        tree: int,
        entries: Sequence[Entry],
        bodies: dict[str, bytes] | None = None,
        copies: Copies | None = None,
    ) -> None:
        """Bring entries into a tree; bytes that are not at hand are read from the store."""

        def body(entry: Entry) -> bytes:
            if bodies is not None and entry.path in bodies:
                return bodies[entry.path]
            assert entry.new is not None
            return self.store.read(self.tenant_id, entry.new)

        self.folder.prepare(self.files, tree)
        apply(
            self.files,
            self.folder,
            tree,
            entries,
            body,
            copies=copies,
            also=self.store.unsynced(),
            beat=self.beat,
        )

    def forget(self, marks: Sequence[int], *, lane: str, following: Sequence[str] = ()) -> None:
        """Delete marks whose pages are all done, or are left to the job of those that follow."""
        put_off = put_off_steps(self.site_id, following, lane)
        self.write([*put_off, *forget_steps(marks)], lane=lane)

    def write(self, steps: Iterable[Step], *, lane: str) -> None:
        """Write step by step, each in a transaction of its own.

        All but what a person waits for pauses as long as it held the database, so that people are
        not starved.
        """
        pace = Pace(self.runtime)
        for step in steps:
            self.beat()
            paced = nullcontext() if lane == PERSON else pace.transaction()
            with paced, self.writing() as session:
                step(session)


def in_one_go(session: WalledSession, steps: Sequence[Step]) -> None:
    """Several steps as one."""
    for step in steps:
        step(session)
