"""A column with as many public items as a test wants, without writing and signing each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hosting.directory.queries import main_site
from hosting.runtime.ids import new_id
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession, insert_many
from hosting.runtime.worker import drain
from parts.office import office
from parts.platform import Place
from tenants.content.models import PUBLISHED, Edition, Item, item_path
from tenants.review.events import ColumnRenumbered
from tenants.review.models import ColumnTally, Issue, Slot
from tenants.sites.events import SiteChanged
from tenants.sites.models import Column

_FIRST_DAY = date(2001, 1, 1)
_ISSUED_AT = datetime(2024, 5, 1, 8, tzinfo=UTC)

Rows = dict[type[Any], dict[str, Any]]


def show_long_column(runtime: Runtime, place: Place, count: int) -> int:
    """The id of a column with so many items that the home page lists, too.

    All its pages are public but the items' own.
    """
    with office(runtime, place) as desk:
        column = desk.columns[0]
        fill_column(desk.session, column, count)
        notices = {"kind": "notices", "columns": [column.id]}
        main_site(desk.session).layout = {"home": [notices]}
        desk.session.record(SiteChanged(place.tenant_id, place.site_id))
        desk.session.record(ColumnRenumbered(place.tenant_id, column.id, count))
        column_id = column.id
    drain(runtime, seconds=120)
    return column_id


def fill_column(session: WalledSession, column: Column, count: int) -> list[str]:
    """Let a column have so many items, one a day; their paths, the oldest first."""
    site_id = main_site(session).id
    everything = list(_items(site_id, column.id, count))
    for model in (Item, Edition, Issue, Slot):
        insert_many(session, model, [rows[model] for rows in everything])
    latest = _FIRST_DAY + timedelta(days=count - 1)
    session.add(ColumnTally(id=column.id, slots=count, shown=count, latest=latest))
    return [rows[Item]["path"] for rows in everything]


def _items(site_id: int, column_id: int, count: int) -> Iterator[Rows]:
    for number in range(1, count + 1):
        item_id, edition_id = new_id(), new_id()
        issued_at = _ISSUED_AT + timedelta(minutes=number)
        yield {
            Item: {
                "id": item_id,
                "kind": "article",
                "site_id": site_id,
                "column_id": column_id,
                "path": item_path(item_id, issued_at),
                "live_edition_id": edition_id,
                "published_at": issued_at,
                "created_by": 1,
            },
            Edition: {
                "id": edition_id,
                "item_id": item_id,
                "state": PUBLISHED,
                "column_id": column_id,
                "title": f"第{number}号通知",
                "written_by": [1],
            },
            Issue: {
                "id": new_id(),
                "item_id": item_id,
                "edition_id": edition_id,
                "digest": "",
                "year": 1999,
                "number": number,
                "issued_by": 1,
                "issued_name": "审发",
                "issued_at": issued_at,
            },
            Slot: {
                "id": new_id(),
                "column_id": column_id,
                "number": number,
                "item_id": item_id,
                "date": _FIRST_DAY + timedelta(days=number - 1),
            },
        }
