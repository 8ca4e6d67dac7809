"""Change sets: what a build is about to do to a tree, recorded before it does it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from hosting.publishing.blobs import digest_of
from hosting.publishing.manifest.statement import SWITCH, Signed
from hosting.publishing.models import ChangeSet
from hosting.publishing.tree import FIRST_TREE
from hosting.runtime.clock import now
from hosting.runtime.session import WalledSession

OPEN, CLOSED, ABANDONED = "open", "closed", "abandoned"

GONE_MARK = "gone"
"""Stands in the place of a digest where the address answers 410."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address and what happens to it.

    `old` and `new` are digests, `gone`, or None where nothing stands there. `page` is the id of
    the page's row and `at` its time stamp. `copies` are the digests of the page's compressed copies
    by their suffix, as far as they were known when the link was signed.
    """

    path: str
    old: str | None
    new: str | None
    key: str
    page: int
    rank: int
    at: int
    copies: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_write(self) -> bool:
        """Whether bytes are put at the address."""
        return self.new is not None and self.new != GONE_MARK

    def facts(self) -> dict[str, Any]:
        """Its fields by name; `dataclasses.asdict` takes ten times as long.

        Without copies nothing is said of them: links from before they were told have the same text.
        """
        facts: dict[str, Any] = {
            "path": self.path,
            "old": self.old,
            "new": self.new,
            "key": self.key,
            "page": self.page,
            "rank": self.rank,
            "at": self.at,
        }
        if self.copies:
            facts["copies"] = dict(self.copies)
        return facts


def in_safe_order(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Assets, pages, lists, home; then markers; removals last: no link ever leads nowhere.

    An address that one page leaves and another takes is written, not removed.
    """
    taken = {entry.path for entry in entries if entry.new is not None}
    acting = (entry for entry in entries if entry.new is not None or entry.path not in taken)
    yield from sorted(acting, key=lambda entry: (_turn(entry), entry.path))


def _turn(entry: Entry) -> int:
    if entry.is_write:
        return entry.rank
    return 100 if entry.new == GONE_MARK else 101


def record(
    session: WalledSession, signed: Signed, *, entries: Sequence[Entry] = (), snapshot: str = ""
) -> ChangeSet:
    """Record what is about to happen; the caller holds the site's lock. Flushes.

    `snapshot` is the blob that lists all that stands in the tree, where the link states the whole.
    """
    told = signed.statement
    change_set = ChangeSet(
        site_id=told.site_id,
        number=told.number,
        tree=told.tree,
        is_switch=told.kind == SWITCH,
        entries=[entry.facts() for entry in entries],
        snapshot=snapshot or None,
        recorded_at=datetime.fromisoformat(told.recorded_at),
        previous=told.previous,
        algorithm=signed.algorithm,
        key_id=signed.key_id,
        signature=signed.signature,
    )
    session.add(change_set)
    session.flush()
    return change_set


def last_link(session: WalledSession, site_id: int) -> tuple[int, bool]:
    """The number of the site's last change set, 0 where there is none, and whether it is signed."""
    last = session.execute(
        select(ChangeSet.number, ChangeSet.signature)
        .where(ChangeSet.site_id == site_id)
        .order_by(ChangeSet.number.desc())
        .limit(1)
    ).first()
    return (0, False) if last is None else (last[0], last[1] is not None)


def content_of(entries: Iterable[Entry]) -> str:
    """The digest of what a change set does, in the order in which it is kept."""
    return digest_of(text_of(entries))


# json.dumps makes an encoder anew for each.
_always_the_same = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def text_of(entries: Iterable[Entry]) -> bytes:
    """Entries as lines, always the same for the same entries."""
    return b"".join(_always_the_same(entry.facts()).encode() + b"\n" for entry in entries)


def entries_of(change_set: ChangeSet) -> list[Entry]:
    """The entries as they were recorded."""
    return [Entry(**facts) for facts in change_set.entries]


def open_change_sets(session: WalledSession, site_id: int) -> Sequence[ChangeSet]:
    """What was begun and not closed, in order: after a crash at most one."""
    return session.scalars(
        select(ChangeSet)
        .where(ChangeSet.site_id == site_id, ChangeSet.state == OPEN)
        .order_by(ChangeSet.number)
    ).all()


def close(session: WalledSession, site_id: int, number: int, *, state: str = CLOSED) -> None:
    """Mark a change set as done (or abandoned)."""
    session.execute(
        update(ChangeSet)
        .where(ChangeSet.site_id == site_id, ChangeSet.number == number)
        .values(state=state, closed_at=now())
    )


def current_tree(session: WalledSession, site_id: int) -> int:
    """The tree that readers should see, by what was recorded."""
    found: Any = session.scalar(
        select(ChangeSet.tree)
        .where(ChangeSet.site_id == site_id, ChangeSet.state == CLOSED)
        .order_by(ChangeSet.number.desc())
        .limit(1)
    )
    return FIRST_TREE if found is None else int(found)
