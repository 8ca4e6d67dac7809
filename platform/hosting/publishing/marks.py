"""Taking stale marks, and the pages that could not be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, select

from hosting.publishing.models import BuildFailure, StaleMark
from hosting.publishing.stale import KEY, put_off
from hosting.publishing.standing import IN_LIMIT, WRITE_LIMIT, Step, keys_using, slices
from hosting.runtime.clock import now
from hosting.runtime.session import WalledSession, insert_many


@dataclass
class Taken:
    """Marks that a publisher works on: those of a key by key, those of names together."""

    by_key: dict[str, list[int]] = field(default_factory=dict)
    of_names: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.by_key or self.of_names)

    def ids(self) -> set[int]:
        """All marks taken."""
        return {*self.of_names, *(id_ for ids in self.by_key.values() for id_ in ids)}

    def beyond(self, other: Taken) -> Taken:
        """Those marks that the other has not."""
        known = other.ids()
        by_key = {
            key: new
            for key, ids in self.by_key.items()
            if (new := [id_ for id_ in ids if id_ not in known])
        }
        of_names = [id_ for id_ in self.of_names if id_ not in known]
        return Taken(by_key, of_names, self.names if of_names else set())

    def include(self, other: Taken) -> None:
        """Take these too."""
        for key, ids in other.by_key.items():
            self.by_key.setdefault(key, []).extend(ids)
        self.of_names += other.of_names
        self.names |= other.names

    def of_keys(self, keys: Sequence[str]) -> list[int]:
        """The marks of these keys alone."""
        return [id_ for key in keys for id_ in self.by_key.get(key, ())]


def take(session: WalledSession, site_id: int, lane: str) -> Taken:
    """All marks of a lane as they stand in this snapshot."""
    rows = session.execute(
        select(StaleMark.id, StaleMark.kind, StaleMark.subject).where(
            StaleMark.site_id == site_id, StaleMark.lane == lane
        )
    )
    taken = Taken()
    for id_, kind, subject in rows:
        if kind == KEY:
            taken.by_key.setdefault(subject, []).append(id_)
        else:
            taken.of_names.append(id_)
            taken.names.add(subject)
    return taken


def keys_of(session: WalledSession, site_id: int, taken: Taken) -> set[str]:
    """The pages that the marks mean."""
    return {*taken.by_key, *keys_using(session, site_id, taken.names)}


def has_marks(session: WalledSession, site_id: int, lane: str, *, older_seconds: int = 0) -> bool:
    """Whether anything waits in a lane, and has waited so long."""
    waiting = select(StaleMark.id).where(StaleMark.site_id == site_id, StaleMark.lane == lane)
    if older_seconds:
        waiting = waiting.where(StaleMark.marked_at <= now() - timedelta(seconds=older_seconds))
    return session.scalar(waiting.limit(1)) is not None


def put_off_steps(site_id: int, keys: Sequence[str], lane: str) -> Iterator[Step]:
    """Leave pages that follow to their own job; before the marks that meant them are forgotten."""
    for some in slices(keys, WRITE_LIMIT):
        yield partial(put_off, site_id=site_id, keys=some, lane=lane)


def forget_steps(marks: Sequence[int]) -> Iterator[Step]:
    """Delete these very marks; those that came meanwhile stay."""
    for some in slices(marks, IN_LIMIT):
        yield partial(_forget, marks=some)


def _forget(session: WalledSession, marks: Sequence[int]) -> None:
    session.execute(
        delete(StaleMark).where(StaleMark.id.in_(marks)),
        execution_options={"synchronize_session": False},
    )


def failure_steps(
    site_id: int,
    failures: Mapping[str, str],
    done: Sequence[str],
    attempts_before: Mapping[str, int],
) -> Iterator[Step]:
    """Note what failed, and forget the failures of what was made."""
    settled = [key for key in done if key in attempts_before]
    for some in slices(settled, IN_LIMIT):
        yield partial(_forget_failures, site_id=site_id, keys=some)
    failed_at = now()
    rows = [
        {
            "site_id": site_id,
            "key": key,
            "reason": reason,
            "attempts": attempts_before.get(key, 0) + 1,
            "failed_at": failed_at,
        }
        for key, reason in failures.items()
    ]
    if rows:
        yield partial(insert_many, model=BuildFailure, rows=rows)


def _forget_failures(session: WalledSession, site_id: int, keys: Sequence[str]) -> None:
    session.execute(
        delete(BuildFailure).where(BuildFailure.site_id == site_id, BuildFailure.key.in_(keys)),
        execution_options={"synchronize_session": False},
    )


def attempts_before(session: WalledSession, site_id: int) -> dict[str, int]:
    """How often each failed page of the site has failed."""
    rows = session.execute(
        select(BuildFailure.key, BuildFailure.attempts).where(BuildFailure.site_id == site_id)
    )
    return {row.key: row.attempts for row in rows}
