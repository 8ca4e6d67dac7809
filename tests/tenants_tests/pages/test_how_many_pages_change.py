"""One item in a column of thousands touches a handful of pages, whatever happens to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from hosting.publishing.changesets import entries_of
from hosting.publishing.models import ChangeSet, StaleMark
from hosting.runtime.ids import id_text
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.long_column import show_long_column
from parts.office import ISSUER, Desk, office
from parts.platform import Place
from tenants.review.models import Slot
from tenants.review.operations.withdraw import withdraw

SLOTS = 3_250
MOST = 20


@pytest.fixture
def long_column(runtime: Runtime, river: Place) -> int:
    """A column with thousands of items, all its pages public but the items' own."""
    return show_long_column(runtime, river, SLOTS)


def changed_paths(runtime: Runtime, place: Place, do: Callable[[Desk], None]) -> list[str]:
    """What all change sets put, marked or removed because of what was done."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        before = session.scalar(select(func.max(ChangeSet.number))) or 0
    with office(runtime, place) as desk:
        do(desk)
    drain(runtime, seconds=60)
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        new = session.scalars(select(ChangeSet).where(ChangeSet.number > before)).all()
        assert session.scalar(select(func.count()).select_from(StaleMark)) == 0
        return [entry.path for change_set in new for entry in entries_of(change_set)]


def sitemaps_in(paths: list[str]) -> list[str]:
    return sorted(path for path in paths if path.startswith("/sitemap"))


def feeds_in(paths: list[str]) -> set[str]:
    return {path for path in paths if path.startswith("/feeds/")}


def feeds_of(column_id: int) -> set[str]:
    names = ("site", id_text(column_id))
    return {f"/feeds/{name}.{ending}" for name in names for ending in ("rss", "atom", "jsonfeed")}


def test_a_new_item_touches_a_handful_of_pages(
    runtime: Runtime, river: Place, long_column: int
) -> None:
    paths = changed_paths(runtime, river, lambda desk: desk.pass_all(desk.write("防汛通知")))

    assert len(paths) <= MOST
    assert sitemaps_in(paths) == [f"/sitemap-{id_text(long_column)}-4.xml", "/sitemap.xml"]
    assert feeds_in(paths) == feeds_of(long_column)
    assert {"/tzgg/index.html", "/index.html"} <= set(paths)


def test_an_old_dated_item_shifts_nothing(runtime: Runtime, river: Place, long_column: int) -> None:
    old = {"original_date": date(2003, 6, 1), "original_date_source": "《清河县公报》"}
    paths = changed_paths(runtime, river, lambda desk: desk.pass_all(desk.write("旧文", **old)))

    assert len(paths) <= MOST
    assert sitemaps_in(paths) == [f"/sitemap-{id_text(long_column)}-4.xml", "/sitemap.xml"]


def test_a_withdrawal_from_the_middle_touches_its_own_part_alone(
    runtime: Runtime, river: Place, long_column: int
) -> None:
    def withdraw_one(desk: Desk) -> None:
        slot = select(Slot.item_id).where(Slot.column_id == long_column, Slot.number == 1_500)
        withdraw(desk.session, desk.session.scalars(slot).one(), reason="内容有误", by=ISSUER)

    paths = changed_paths(runtime, river, withdraw_one)

    assert len(paths) <= MOST
    # The index says when each part was last changed.
    assert sitemaps_in(paths) == [f"/sitemap-{id_text(long_column)}-2.xml", "/sitemap.xml"]
    assert feeds_in(paths) == set()
