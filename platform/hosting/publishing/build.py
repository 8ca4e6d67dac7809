"""Building a site: what is stale is rendered, what differs is put before readers.

Everything may be killed anywhere. Marks are deleted last, so whatever was not finished is rendered
again; a change set that was recorded is finished first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from hosting.publishing.batches import BATCH, Plan, followers, make_plan, ranked
from hosting.publishing.blobs import open_store
from hosting.publishing.files import Files
from hosting.publishing.lock import locks_folder, publish_lock, site_lock
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.marks import Taken, has_marks, keys_of, take
from hosting.publishing.press import Press, Report
from hosting.publishing.recovery import finish_interrupted
from hosting.publishing.rendering import LIST
from hosting.publishing.stale import FOLLOW_SECONDS, FOLLOWING, changed
from hosting.runtime.errors import Unavailable
from hosting.runtime.jobs import BULK, PERSON
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

_PATIENCE_SECONDS = 120.0

_MOST_RETURNS = 20
"""How often lists wait for pages that came in meanwhile, before they are rendered anyhow."""

Progress = Callable[[int, int], None]
"""Called with the pages done and the pages known to be stale."""


def build_site(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    files: Files | None = None,
    progress: Progress | None = None,
    following: bool = False,
) -> Report:
    """Publish all that is stale in a site; opens its own sessions, so call it from an edge.

    Pages that follow are left to their job until they are due, unless `following`. The report's
    `busy` is true when another publisher holds the site: that one does all that was marked before
    this call, save what is to follow later.
    """
    report = Report()
    while True:
        with open_press(runtime, tenant_id, site_id, files=files, report=report) as press:
            if press is None:
                report.busy = True
                return report
            finish_interrupted(press)
            builder = _Builder(press, progress, following)
            builder.work()
        # Whoever marked while we held the site has been told that we would see to it.
        if not builder.has_work():
            return report


def catch_up(press: Press) -> None:
    """Publish all that is stale, what follows included; the caller holds the site's lock."""
    finish_interrupted(press)
    _Builder(press, None, following=True).work()


@contextmanager
def open_press(
    runtime: Runtime,
    tenant_id: int,
    site_id: int,
    *,
    files: Files | None = None,
    report: Report | None = None,
    name: str = "",
) -> Iterator[Press | None]:
    """The site's publisher, with its lock held; None when another one holds it."""
    files = files or Files()
    store = open_store(runtime.settings, files)
    name = name or publish_lock(site_id)
    with site_lock(locks_folder(runtime.settings.home), name) as lock:
        if lock is None:
            yield None
            return
        signer = open_signer(runtime.settings)
        press = Press(runtime, tenant_id, site_id, files, store, signer, lock, report or Report())
        press.let_pass = partial(_let_people_pass, press)
        yield press


def _let_people_pass(press: Press) -> None:
    """Publish what people wait for, amid something longer."""
    builder = _Builder(press, None)
    while builder.round(PERSON):
        pass


@contextmanager
def free_press(
    runtime: Runtime, tenant_id: int, site_id: int, *, files: Files | None = None
) -> Iterator[Press | None]:
    """The press where nobody holds the site, else None.

    What was marked stale while we held it is published in the end: whoever found us at work has
    left it to us.
    """
    with open_press(runtime, tenant_id, site_id, files=files) as press:
        yield press
    if press is not None and _Builder(press, None).has_work():
        build_site(runtime, tenant_id, site_id, files=files)


@contextmanager
def waiting_press(
    runtime: Runtime, tenant_id: int, site_id: int, *, files: Files | None = None
) -> Iterator[Press]:
    """The same as soon as its holder lets go; Unavailable when he does not."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with free_press(runtime, tenant_id, site_id, files=files) as press:
            if press is not None:
                yield press
                return
        if time.monotonic() > deadline:
            raise Unavailable("publisher_busy", N_("网站正在发布中，请稍后再试"))
        time.sleep(0.05)


@dataclass
class _Builder:
    press: Press
    progress: Progress | None
    following: bool = False

    def work(self) -> None:
        """Lane by lane until nothing is stale."""
        while self.round(PERSON) or self.round_of_followers() or self.round(BULK):
            pass

    def has_work(self) -> bool:
        """Whether anything is stale that this builder must not leave."""
        with self.press.reading() as session:
            lanes = (PERSON, BULK)
            waits = any(has_marks(session, self.press.site_id, lane) for lane in lanes)
            return waits or self._must_follow(session)

    def round_of_followers(self) -> bool:
        """Publish the pages that follow when they are due: also amid a long piece of bulk work."""
        with self.press.reading() as session:
            is_due = self._must_follow(session)
        return is_due and self.round(FOLLOWING)

    def _must_follow(self, session: WalledSession) -> bool:
        seconds = 0 if self.following else FOLLOW_SECONDS
        return has_marks(session, self.press.site_id, FOLLOWING, older_seconds=seconds)

    def round(self, lane: str) -> bool:
        """Publish what is stale in a lane; False when nothing is.

        What fits into one batch is rendered in the snapshot in which its marks were read.
        """
        with self.press.reading() as session:
            taken = take(session, self.press.site_id, lane)
            if not taken:
                return False
            keys, following = self.divided(keys_of(session, self.press.site_id, taken), lane)
            plan = self.plan(session, keys) if len(keys) <= BATCH else None
        if lane == PERSON and self.press.folder.rows.is_file():
            self.repeat_later(taken)
        if plan is not None and len(plan.done) >= len(keys):
            self.press.publish(plan, marks=list(taken.ids()), lane=lane, following=following)
            self.tell(len(keys), len(keys))
        else:
            _Bulk(self, taken, keys, following, lane).work()
        return True

    def repeat_later(self, taken: Taken) -> None:
        """Have all of it done once more: what pages of a new tree use may not be on record yet.

        For who passes while rows are brought in line after a switch.
        """
        again = partial(
            changed,
            site_id=self.press.site_id,
            names=taken.names,
            keys=list(taken.by_key),
            lane=BULK,
        )
        self.press.write([again], lane=PERSON)

    def divided(self, keys: set[str], lane: str) -> tuple[list[str], list[str]]:
        """Keys to render now in the order of their ranks, and those that follow."""
        following = set() if lane == FOLLOWING else followers(self.press.runtime, keys)
        return ranked(self.press.runtime, keys - following), sorted(following)

    def plan(self, session: WalledSession, keys: list[str]) -> Plan:
        """Render keys and say what changes.

        After a switch rows may still be of the tree before: all pages are written then.
        """
        return make_plan(
            self.press.runtime,
            session,
            self.press.site_id,
            keys,
            beat=self.press.beat,
            whole=self.press.folder.rows.is_file(),
        )

    def tell(self, done: int, known: int) -> None:
        """Report progress to whoever watches."""
        if self.progress is not None:
            self.progress(done, known)


class _Bulk:
    """More pages than one batch: by rank, each batch a change set with a snapshot of its own."""

    def __init__(
        self, builder: _Builder, taken: Taken, keys: list[str], following: list[str], lane: str
    ) -> None:
        self._builder = builder
        self._press = builder.press
        self._taken = taken
        self._waiting = keys
        self._following = following
        self._withdrawn: list[str] = []
        self._lane = lane
        self._done = 0
        self._returns = 0

    def work(self) -> None:
        """Pages, then lists, then home; what is withdrawn leaves when nothing links to it."""
        while self._waiting:
            self._batch(may_postpone=True)
            self._let_people_pass()
        self._waiting, self._withdrawn = self._withdrawn, []
        while self._waiting:
            self._batch(may_postpone=False)
        marks = [*self._taken.of_names, *self._taken.of_keys(self._following)]
        self._press.forget(marks, lane=self._lane, following=self._following)

    def _batch(self, *, may_postpone: bool) -> None:
        keys = self._waiting[:BATCH]
        with self._press.reading() as session:
            if may_postpone and self._must_return(session, keys):
                return
            plan = self._builder.plan(session, keys)
        postponed = plan.withdrawals if may_postpone else set()
        if postponed:
            self._withdrawn += sorted(postponed)
            plan.leave_out(postponed)
        done = set(plan.done) | postponed
        self._waiting = [key for key in self._waiting if key not in done]
        self._press.publish(plan, marks=self._taken.of_keys(plan.done), lane=self._lane)
        self._done += len(plan.done)
        self._builder.tell(self._done, self._done + len(self._waiting))

    def _must_return(self, session: WalledSession, keys: list[str]) -> bool:
        """Whether pages came in that these lists would link to before they are there."""
        family = self._press.runtime.page_families.get(keys[-1].partition(":")[0])
        if family is None or family.rank < LIST or self._returns >= _MOST_RETURNS:
            return False
        newer = take(session, self._press.site_id, self._lane).beyond(self._taken)
        if not newer:
            return False
        self._returns += 1
        fresh = keys_of(session, self._press.site_id, newer)
        self._taken.include(newer)
        self._waiting, following = self._builder.divided({*self._waiting, *fresh}, self._lane)
        self._following = sorted({*self._following, *following})
        return True

    def _let_people_pass(self) -> None:
        if self._lane == PERSON:
            return
        while self._builder.round(PERSON):
            pass
        if self._lane == BULK:
            self._builder.round_of_followers()
