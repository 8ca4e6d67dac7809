"""Rendering a batch of pages from one snapshot, and comparing them with what is public."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from hosting.publishing.blobs import digest_of
from hosting.publishing.changesets import GONE_MARK, Entry
from hosting.publishing.rendering import Batch, Gone, Outcome, render_key
from hosting.publishing.standing import Standing, names_used, standing_by_key, standing_by_path
from hosting.runtime.clock import now
from hosting.runtime.errors import Unavailable
from hosting.runtime.ids import new_id
from hosting.runtime.language import N_, text
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

log = logging.getLogger(__name__)

BATCH = 400
"""Pages in one change set; a person's click waits at most for one of somebody's bulk work."""

BATCH_BYTES = 48 * 1024 * 1024
"""A batch ends when the bodies that will be written exceed this."""


@dataclass(slots=True)
class Made:
    """One page as it came out: `new` is its digest, `gone`, or None where there is no page.

    `body` is kept only when it differs from what is public.
    """

    key: str
    path: str
    new: str | None
    rank: int
    names: set[str]
    body: bytes | None = None


@dataclass
class Plan:
    """What a batch of pages means for the tree and for the rows."""

    entries: list[Entry] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    # Page id -> names, as used now and as recorded before.
    names: dict[int, set[str]] = field(default_factory=dict)
    names_before: dict[int, set[str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    # The keys that were rendered; less than asked for when the batch grew too large.
    done: list[str] = field(default_factory=list)

    @property
    def withdrawals(self) -> set[str]:
        """Keys of pages that leave the tree and come back nowhere."""
        lost = {entry.key for entry in self.entries if entry.new in (None, GONE_MARK)}
        return lost - {entry.key for entry in self.entries if entry.is_write}

    def leave_out(self, keys: set[str]) -> None:
        """Do nothing about these keys yet."""
        pages = {entry.page for entry in self.entries if entry.key in keys}
        self.entries = [entry for entry in self.entries if entry.key not in keys]
        self.names = {page: names for page, names in self.names.items() if page not in pages}
        self.done = [key for key in self.done if key not in keys]


def make_plan(
    runtime: Runtime,
    session: WalledSession,
    site_id: int,
    keys: Sequence[str],
    *,
    beat: Callable[[], None],
    whole: bool = False,
    design_id: int | None = None,
) -> Plan:
    """Render pages and say what changes. Reads only; a page that fails is noted, and stays.

    A `whole` plan has an entry and a body also for the pages that come out as they stand.
    `design_id` names the design to render with, where it is not the site's own.
    Raises what concerns all pages alike: the database or the store is away.
    """
    maker = _Maker(runtime, session, site_id, beat, whole=whole, design_id=design_id)
    maker.make(keys, size_limit=BATCH_BYTES)
    maker.include_holders()
    return maker.plan()


class _Maker:
    def __init__(
        self,
        runtime: Runtime,
        session: WalledSession,
        site_id: int,
        beat: Callable[[], None],
        *,
        whole: bool,
        design_id: int | None,
    ) -> None:
        self._runtime = runtime
        self._session = session
        self._site_id = site_id
        self._beat = beat
        self._whole = whole
        self._design_id = design_id
        self._standing: dict[str, Standing] = {}
        self._made: dict[str, Made] = {}
        self._failures: dict[str, str] = {}
        self._here: dict[str, Standing] = {}
        self._at = int(now().timestamp())

    def make(self, keys: Sequence[str], *, size_limit: int | None = None) -> None:
        """Render the keys, or as many as the limit of bytes lets."""
        self._standing |= standing_by_key(self._session, self._site_id, keys)
        batch = Batch(self._runtime, self._session, self._site_id, keys, design_id=self._design_id)
        size = 0
        for key in keys:
            self._beat()
            made = self._try(batch, key)
            if made is not None:
                self._made[key] = made
                size += len(made.body or b"")
            if size_limit is not None and size > size_limit:
                return

    def _try(self, batch: Batch, key: str) -> Made | None:
        try:
            outcome, names = render_key(batch, key)
        except (SQLAlchemyError, Unavailable):
            raise
        except Exception as error:  # the edge of all renderers: one page must not stop the others
            log.exception("page %s of site %s could not be rendered", key, self._site_id)
            self._failures[key] = f"{type(error).__name__}: {error}"[:2000]
            return None
        return self._compared(key, outcome, names)

    def _compared(self, key: str, outcome: Outcome, names: set[str]) -> Made:
        if outcome is None:
            return Made(key, "", None, 0, names)
        if isinstance(outcome, Gone):
            return Made(key, outcome.path, GONE_MARK, 0, names)
        digest = digest_of(outcome.body)
        standing = self._standing.get(key)
        same = standing is not None and (standing.path, standing.digest) == (outcome.path, digest)
        body = None if same and not self._whole else outcome.body
        return Made(key, outcome.path, digest, outcome.rank, names, body)

    def include_holders(self) -> None:
        """Render those too who hold an address that a page of the batch asks for.

        Two pages may be about to change places; who still holds an address then keeps it.
        """
        wanted = {made.path for made in self._made.values() if made.new is not None}
        self._here = standing_by_path(self._session, self._site_id, wanted)
        others = [s.key for s in self._here.values() if s.key not in self._made]
        self._standing |= {s.key: s for s in self._here.values()}
        if others:
            self.make(others)
        self._keep_failed_holders()
        self._settle_claims()

    def _keep_failed_holders(self) -> None:
        for made in list(self._made.values()):
            here = self._here.get(made.path)
            if here is not None and here.key != made.key and here.key in self._failures:
                self._refuse(made, here.key)

    def _refuse(self, made: Made, holder: str) -> None:
        del self._made[made.key]
        self._failures[made.key] = text(
            N_("地址 {path} 已被页面 {holder} 占用"), path=made.path, holder=holder
        )

    def _settle_claims(self) -> None:
        """Of several pages that ask for one address, let the one have it that stands there."""
        claims: dict[str, list[Made]] = {}
        for made in self._made.values():
            if made.new is not None:
                claims.setdefault(made.path, []).append(made)
        for path, makers in claims.items():
            if len(makers) > 1:
                self._choose(path, sorted(makers, key=lambda made: made.key))

    def _choose(self, path: str, makers: list[Made]) -> None:
        live = [made for made in makers if made.new != GONE_MARK] or makers
        holder = next((m for m in live if self._holds(m.key, path)), live[0])
        for made in makers:
            if made is holder:
                continue
            if made.new == GONE_MARK:
                # The address is in use again: nothing is gone there any more.
                self._made[made.key] = Made(made.key, "", None, 0, made.names)
            else:
                self._refuse(made, holder.key)

    def _holds(self, key: str, path: str) -> bool:
        standing = self._standing.get(key)
        return standing is not None and standing.path == path

    def plan(self) -> Plan:
        """All of it as entries."""
        plan = Plan(failures=self._failures, done=[*self._made, *self._failures])
        for made in self._made.values():
            self._add(plan, made)
        known = [s.page for s in self._standing.values() if s.page in plan.names]
        plan.names_before = names_used(self._session, known)
        return plan

    def _add(self, plan: Plan, made: Made) -> None:
        standing = self._standing.get(made.key)
        page = standing.page if standing else new_id()
        if made.new is not None:
            plan.names[page] = made.names
            same = standing is not None and (standing.path, standing.mark) == (made.path, made.new)
            if self._whole or not same:
                at = standing.at if standing and same else self._next_stamp(made.path)
                old = here.mark if (here := self._here.get(made.path)) else None
                plan.entries.append(Entry(made.path, old, made.new, made.key, page, made.rank, at))
                if made.body is not None:
                    plan.bodies[made.path] = made.body
        if standing is not None and (made.new is None or standing.path != made.path):
            plan.entries.append(
                Entry(standing.path, standing.mark, None, made.key, page, standing.rank, self._at)
            )

    def _next_stamp(self, path: str) -> int:
        """A whole second later than the last: that is how nginx tells versions apart."""
        here = self._here.get(path)
        return max(self._at, here.at + 1) if here else self._at


def followers(runtime: Runtime, keys: Iterable[str]) -> set[str]:
    """Those of the keys whose pages follow, and are not what a click waits for."""
    families = {family.name for family in runtime.page_families.values() if family.follows}
    return {key for key in keys if key.partition(":")[0] in families}


def ranked(runtime: Runtime, keys: Iterable[str]) -> list[str]:
    """Keys in the order in which they are rendered: by their family's rank, then by themselves."""
    families = runtime.page_families
    ranks = {name: family.rank for name, family in families.items()}
    return sorted(keys, key=lambda key: (ranks.get(key.partition(":")[0], 0), key))
