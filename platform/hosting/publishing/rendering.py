"""What a page family gets and gives: the rendering it renders with, and the page it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from hosting.publishing.paths import INDEX, checked_path
from hosting.runtime.areas import PageFamily
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession

ASSET, PAGE, LIST, HOME = 0, 1, 2, 3
"""Ranks: what is linked to is put in place before what links to it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as readers get it. `path` ends in a file name: `/zwgk/index.html`.

    Raises UnsafePath when no tree can hold the path. How it is announced follows from the
    extension; `content_type` is for the preview, which has no tree.
    """

    path: str
    body: bytes
    content_type: str
    rank: int = PAGE

    def __post_init__(self) -> None:
        checked_path(self.path)


@dataclass(frozen=True, slots=True)
class Gone:
    """The page at this path was withdrawn: the address answers 410 from now on."""

    path: str

    def __post_init__(self) -> None:
        checked_path(self.path)


Outcome = Page | Gone | None
"""None: there should be no such page, and no trace that there was."""


class UnknownFamily(LookupError):
    """No area renders pages with such a key; what is public stays until one does."""


class Batch:
    """Pages rendered from one snapshot of the database; what they share is loaded once."""

    def __init__(
        self,
        runtime: Runtime,
        session: WalledSession,
        site_id: int,
        keys: Sequence[str] = (),
        *,
        drafts: bool = False,
        design_id: int | None = None,
    ) -> None:
        self.runtime = runtime
        self.session = session
        self.site_id = site_id
        self.drafts = drafts
        self.design_id = design_id
        self.memory: dict[str, Any] = {}
        self._arguments: dict[str, list[str]] = {}
        for key in keys:
            family, argument = split_key(key)
            self._arguments.setdefault(family, []).append(argument)

    def rendering(self, family: str = "") -> Rendering:
        """A rendering for one page of a family."""
        return Rendering(self, self._arguments.get(family, []))


class Rendering:
    """What one page is rendered with; it notes on what the page depends.

    `session` reads one snapshot. `drafts` is true in the preview alone. `design_id` names the
    design to render with, where it is not the site's own. `batch` holds the arguments of all pages
    of this family that are rendered from the same snapshot: load what they need in one query,
    inside `once`.
    """

    __slots__ = ("_batch", "batch", "design_id", "drafts", "names", "runtime", "session", "site_id")

    def __init__(self, batch: Batch, arguments: Sequence[str]) -> None:
        self._batch = batch
        self.batch = arguments
        self.runtime = batch.runtime
        self.session = batch.session
        self.site_id = batch.site_id
        self.drafts = batch.drafts
        self.design_id = batch.design_id
        self.names: set[str] = set()

    @property
    def tenant_id(self) -> int:
        """Whose site it is."""
        return self.session.tenant_id

    def uses(self, *names: str) -> None:
        """Note that the page shows what these names stand for (`item:8123`, `column:55:head`)."""
        self.names.update(names)

    def once(self, name: str, load: Callable[[], T]) -> T:
        """What `load` gives, loaded once a batch. It must not call `uses`: it serves many pages."""
        memory = self._batch.memory
        if name not in memory:
            memory[name] = load()
        return cast(T, memory[name])


def split_key(key: str) -> tuple[str, str]:
    """`list:55:3` -> `list`, `55:3`."""
    family, _, argument = key.partition(":")
    return family, argument


def render_key(batch: Batch, key: str) -> tuple[Outcome, set[str]]:
    """Render one page; its outcome and the names it depends on.

    Raises UnknownFamily, and whatever the family raises.
    """
    name, argument = split_key(key)
    family: PageFamily | None = batch.runtime.page_families.get(name)
    if family is None:
        raise UnknownFamily(key)
    rendering = batch.rendering(name)
    outcome = cast(Outcome, family.render(rendering, argument))
    return outcome, rendering.names


def render_path(
    runtime: Runtime, session: WalledSession, site_id: int, path: str, *, drafts: bool
) -> Outcome:
    """Render whatever page stands at a path, by the same renderer that publishes (law 9).

    `/zwgk/` means its index page. None when no family knows the path.
    """
    if path.endswith("/"):
        path += INDEX
    batch = Batch(runtime, session, site_id, drafts=drafts)
    for family in runtime.page_families.values():
        rendering = batch.rendering(family.name)
        argument = family.resolve(rendering, path)
        if argument is not None:
            key = f"{family.name}:{argument}"
            return render_key(Batch(runtime, session, site_id, [key], drafts=drafts), key)[0]
    return None
