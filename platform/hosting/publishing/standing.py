"""The rows of what is public: read for comparison, written when a change set is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from sqlalchemy import Select, delete, select

from hosting.publishing.changesets import GONE_MARK, Entry
from hosting.publishing.models import PageDependency, PublicPage
from hosting.runtime.session import WalledSession, insert_many

IN_LIMIT = 400
"""How many values one IN list holds."""

WRITE_LIMIT = 600
"""How many rows one transaction writes: on SQLite it then lasts under 20 ms."""

T = TypeVar("T")

Step = Callable[[WalledSession], None]
"""A part of a longer piece of writing, small enough for a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at an address now.

    `copies` are digests of compressed copies by suffix, where the signed chain tells them: rows do
    not, and are not compared by them.
    """

    page: int
    key: str
    path: str
    digest: str | None
    rank: int
    at: int
    copies: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def mark(self) -> str:
        """What change sets call it: its digest, or `gone`."""
        return GONE_MARK if self.digest is None else self.digest

    @property
    def stood_at(self) -> datetime:
        """Since when it stands there, to the second."""
        return datetime.fromtimestamp(self.at, UTC)


_COLUMNS = (
    PublicPage.id,
    PublicPage.key,
    PublicPage.path,
    PublicPage.digest,
    PublicPage.rank,
    PublicPage.changed_at,
)


def slices(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    iterator = iter(things)
    while piece := list(islice(iterator, size)):
        yield piece


def standing_by_key(
    session: WalledSession, site_id: int, keys: Iterable[str]
) -> dict[str, Standing]:
    """What is public under these keys."""
    found: dict[str, Standing] = {}
    for some in slices(keys, IN_LIMIT):
        for row in _rows(session, site_id, select(*_COLUMNS).where(PublicPage.key.in_(some))):
            found[row.key] = row
    return found


def standing_by_path(
    session: WalledSession, site_id: int, paths: Iterable[str]
) -> dict[str, Standing]:
    """What stands at these addresses."""
    found: dict[str, Standing] = {}
    for some in slices(paths, IN_LIMIT):
        for row in _rows(session, site_id, select(*_COLUMNS).where(PublicPage.path.in_(some))):
            found[row.path] = row
    return found


def all_standing(
    session: WalledSession, site_id: int, *, after: str = "", limit: int
) -> list[Standing]:
    """The site's addresses in order of their paths, from the one after `after`."""
    statement = (
        select(*_COLUMNS).where(PublicPage.path > after).order_by(PublicPage.path).limit(limit)
    )
    return list(_rows(session, site_id, statement))


def every_standing(session: WalledSession, site_id: int) -> Iterator[Standing]:
    """All the site's addresses in order of their paths, slice by slice."""
    after = ""
    while some := all_standing(session, site_id, after=after, limit=IN_LIMIT):
        yield from some
        after = some[-1].path


def _rows(
    session: WalledSession, site_id: int, statement: Select[int, str, str, str | None, int, int]
) -> Iterator[Standing]:
    for row in session.execute(statement.where(PublicPage.site_id == site_id)):
        yield Standing(row.id, row.key, row.path, row.digest, row.rank, row.changed_at)


def keys_using(session: WalledSession, site_id: int, names: Iterable[str]) -> set[str]:
    """The keys of all pages that used one of these names when they were rendered last."""
    keys: set[str] = set()
    for some in slices(names, IN_LIMIT):
        keys.update(
            session.scalars(
                select(PublicPage.key)
                .join(
                    PageDependency,
                    (PageDependency.tenant_id == PublicPage.tenant_id)
                    & (PageDependency.page_id == PublicPage.id),
                )
                .where(PageDependency.site_id == site_id, PageDependency.name.in_(some))
                .distinct()
            )
        )
    return keys


def names_used(session: WalledSession, pages: Iterable[int]) -> dict[int, set[str]]:
    """The names each page used, by the page's id; pages without any are left out."""
    used: dict[int, set[str]] = {}
    for some in slices(pages, IN_LIMIT):
        rows = session.execute(
            select(PageDependency.page_id, PageDependency.name).where(
                PageDependency.page_id.in_(some)
            )
        )
        for page, name in rows:
            used.setdefault(page, set()).add(name)
    return used


def page_steps(site_id: int, entries: Sequence[Entry]) -> Iterator[Step]:
    """Make the rows say what the entries did; safe to repeat.

    Addresses that were left are freed first, so that another page can take them.
    """
    final = {entry.key: entry for entry in entries if entry.new is not None}
    left = list(dict.fromkeys(entry.key for entry in entries if entry.new is None))
    lost = [entry.page for entry in entries if entry.new is None and entry.key not in final]
    for pages in slices(lost, IN_LIMIT):
        yield partial(forget_names, pages=pages)
    for keys in slices(left, IN_LIMIT):
        yield partial(delete_pages, site_id=site_id, keys=keys)
    for some in slices(final.values(), WRITE_LIMIT // 2):
        yield partial(write_pages, site_id=site_id, entries=some)


def delete_pages(session: WalledSession, site_id: int, keys: Sequence[str]) -> None:
    for some in slices(keys, IN_LIMIT):
        session.execute(
            delete(PublicPage).where(PublicPage.site_id == site_id, PublicPage.key.in_(some)),
            execution_options={"synchronize_session": False},
        )


def write_pages(session: WalledSession, site_id: int, entries: Sequence[Entry]) -> None:
    delete_pages(session, site_id, [entry.key for entry in entries])
    rows = [
        {
            "id": entry.page,
            "site_id": site_id,
            "key": entry.key,
            "path": entry.path,
            "digest": entry.new if entry.is_write else None,
            "rank": entry.rank,
            "changed_at": entry.at,
        }
        for entry in entries
    ]
    insert_many(session, PublicPage, rows)


def name_steps(
    site_id: int, now_used: Mapping[int, set[str]], before: Mapping[int, set[str]]
) -> Iterator[Step]:
    """Replace the recorded names of those pages whose names are others than before."""
    differing = [page for page, names in now_used.items() if names != before.get(page, set())]
    stale = [page for page in differing if before.get(page, set()) - now_used[page]]
    for pages in slices(stale, IN_LIMIT):
        yield partial(forget_names, pages=pages)
    kept = {page: before.get(page, set()) for page in set(differing) - set(stale)}
    rows = (
        {"site_id": site_id, "page_id": page, "name": name}
        for page in differing
        for name in sorted(now_used[page] - kept.get(page, set()))
    )
    for some in slices(rows, WRITE_LIMIT):
        yield partial(insert_many, model=PageDependency, rows=some)


def forget_names(session: WalledSession, pages: Sequence[int]) -> None:
    session.execute(
        delete(PageDependency).where(PageDependency.page_id.in_(pages)),
        execution_options={"synchronize_session": False},
    )
