"""What an edge can do: the same for a folder and for a bucket (one contract test for both)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from hosting.publishing.changesets import Entry
from hosting.publishing.compression import LATE
from hosting.publishing.standing import Standing
from hosting.runtime.errors import Conflict, Unavailable
from hosting.runtime.language import N_

Body = Callable[[str, str], bytes]
"""`body(path, digest)`: the bytes that were signed for an address, checked against the digest."""


@dataclass(frozen=True)
class Wanted:
    """All that an edge should hold of a site.

    `late(path)` is the late copy of a page as it lies here: unchecked; None where there is none.
    """

    site_id: int
    tree: int
    standing: Mapping[str, Standing]
    body: Body
    late: Callable[[str], bytes | None] = lambda _path: None

    def late_of(self, here: Standing) -> bytes | None:
        """The late copy of what was signed for an address; reads and unpacks it."""
        copy = self.late(here.path)
        if copy is None or here.digest is None:
            return None
        return copy if LATE.is_copy(copy, self.body(here.path, here.digest)) else None


@dataclass(frozen=True)
class Turn:
    """One stretch of work at an edge.

    `number` is the link of the chain that is brought. An object that a later link put is left
    alone, if there is such a link: `newest` asks the signer.
    """

    number: int
    newest: Callable[[], int]
    beat: Callable[[], None]


class Edge(Protocol):
    """A copy of the public trees. Calls may be repeated, and be broken off anywhere.

    Use every method but `answering` inside of `answering`, which raises Unavailable where the edge
    cannot be reached or does not do what it is asked.
    """

    name: str
    # Whether all that lies there can be read, host links or not: a suspended site must leave it.
    is_open: bool

    def answering(self) -> AbstractContextManager[None]:
        """Says which edge failed and why."""

    def claim(self, platform: str, *, may_begin: bool) -> None:
        """See that the edge is this platform's; an empty one becomes so, where we `may_begin`.

        Raises Conflict for the place of another platform or one with strangers' files, Unavailable
        for an edge that was never begun (a folder that is not mounted is as empty as a new one).
        """

    def bookmark(self, site_id: int) -> bytes | None:
        """How far the site's copy has come, as it was kept here; not to be trusted."""

    def bookmarks(self) -> dict[int, str]:
        """The MD5 of each site's bookmark (or something else that tells states apart)."""

    def keep_bookmark(self, site_id: int, bookmark: bytes, turn: Turn) -> None:
        """Keep it, where no reader comes."""

    def clear(self, site_id: int) -> None:
        """Clear what a killed run left on its way; the caller holds the copy's lock."""

    def live(self, site_id: int) -> int | None:
        """The tree that readers see; None where there is one copy, whatever the tree's number."""

    def takes_changes(self, site_id: int, tree: int, entries: Sequence[Entry]) -> bool:
        """Whether these can be brought into this tree: it is the one that readers see."""

    def wrong(self, wanted: Wanted, beat: Callable[[], None]) -> set[str]:
        """Addresses where anything is missing, altered or foreign."""

    def confirmed(self, wanted: Wanted, addresses: Iterable[str]) -> set[str]:
        """Those of the addresses where something is wrong now."""

    def evict(self, wanted: Wanted, addresses: Iterable[str]) -> None:
        """Take away what stands there and must not, where bringing entries would not do it.

        Other pages may go with it: where a folder is a link, or stands in a page's place.
        """

    def apply(
        self, site_id: int, tree: int, entries: Sequence[Entry], body: Body, turn: Turn
    ) -> None:
        """Bring entries into a tree in the safe order: removals last."""

    def late_copies(self, site_id: int, tree: int) -> set[str]:
        """The late copies that stand there, by the paths of their files."""

    def put_late(
        self,
        site_id: int,
        tree: int,
        entries: Sequence[Entry],
        late: Mapping[str, bytes],
        turn: Turn,
    ) -> None:
        """Put late copies, by the paths of their pages, beside the pages of these entries."""

    def show(self, site_id: int, tree: int, beat: Callable[[], None]) -> None:
        """Let readers see a tree that is whole, and remove the others."""

    def holds(self, site_id: int, here: Standing) -> bool:
        """Whether readers get there what should stand at an address."""

    def left(self, site_id: int, addresses: Iterable[str]) -> list[str]:
        """Those addresses at which readers still get a page."""

    def bind(self, shown: Mapping[str, int | str]) -> None:
        """Make the hosts show these and no others: a site by its id, a notice by its name."""

    def keep_redirects(self, site_id: int, lines: bytes) -> None:
        """Keep a site's old addresses for the gateway there; empty: it has none."""

    def expel(self, known: Iterable[int]) -> list[str]:
        """Take away folders of sites that nobody knows; their names."""

    def discard(self, site_id: int, most: int) -> int:
        """Remove at most so many files of a site, its bookmark first; how many. 0: none is left."""


def away(edge: str, reason: str) -> Unavailable:
    """An edge that cannot be reached, or refuses."""
    return Unavailable(
        "edge_away",
        N_(
            "边缘节点“{edge}”不可用（{reason}）：请检查网络、挂载、存储空间和访问密钥，恢复后会自动补齐"
        ),
        edge=edge,
        reason=reason,
    )


def overtaken(edge: str) -> Unavailable:
    """Somebody brought something newer meanwhile."""
    return Unavailable(
        "edge_overtaken", N_("边缘节点“{edge}”已由另一进程更新，稍后重试"), edge=edge
    )


def not_begun(edge: str) -> Unavailable:
    """A place that holds no copy of ours."""
    return Unavailable(
        "edge_not_begun",
        N_("边缘节点“{edge}”尚未启用或没有挂载：请确认后运行一次 jiyue edge sync"),
        edge=edge,
    )


def of_another(edge: str) -> Conflict:
    """The copy of another platform."""
    return Conflict("edge_of_another", N_("边缘节点“{edge}”属于另一个平台，未作改动"), edge=edge)


def not_empty(edge: str) -> Conflict:
    """A place with files that are not ours."""
    return Conflict(
        "edge_not_empty",
        N_("边缘节点“{edge}”处已有别的文件：请换一个空文件夹或空前缀"),
        edge=edge,
    )
