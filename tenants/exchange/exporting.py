"""A tenant's items out, one a line, as another system would want them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from hosting.directory.models import Site
from hosting.publishing.blobs import open_store
from hosting.runtime.clock import local
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from tenants.content.models import Edition, Item
from tenants.content.queries import Content, contents_of, newest_edition_id
from tenants.sites.models import Column
from tenants.sites.queries import columns_of, trail

_PART = 200


def export_items(
    runtime: Runtime, tenant_id: int, site_id: int, *, column_ids: Sequence[int] | None = None
) -> Iterator[dict[str, Any]]:
    """All items of a site (or of some columns) by id; one snapshot for each part of 200."""
    last = 0
    while True:
        with runtime.tenant_session(tenant_id, reading=True) as session:
            rows = _part(session, site_id, column_ids, last)
            if not rows:
                return
            last = rows[-1][0].id
            yield from _lines(runtime, session, site_id, rows)


def _part(
    session: WalledSession, site_id: int, column_ids: Sequence[int] | None, after: int
) -> list[tuple[Item, Edition]]:
    """Items with the live edition where there is one, else the newest."""
    statement = (
        select(Item, Edition)
        .join(
            Edition,
            (Edition.tenant_id == Item.tenant_id) & (Edition.id == _shown_edition_id()),
        )
        .where(Item.site_id == site_id, Item.id > after)
        .order_by(Item.id)
        .limit(_PART)
    )
    if column_ids is not None:
        statement = statement.where(Edition.column_id.in_(column_ids))
    return [(row[0], row[1]) for row in session.execute(statement)]


def _shown_edition_id() -> ColumnElement[int]:
    return func.coalesce(Item.live_edition_id, newest_edition_id())


def _lines(
    runtime: Runtime, session: WalledSession, site_id: int, rows: list[tuple[Item, Edition]]
) -> Iterator[dict[str, Any]]:
    site = session.scalars(select(Site).where(Site.id == site_id)).one()
    columns = {each.id: each for each in columns_of(session, site_id)}
    contents = contents_of(session, [edition for _, edition in rows])
    for item, edition in rows:
        yield _line(runtime, site, columns, item, contents[edition.id])


def _line(
    runtime: Runtime, site: Site, columns: Mapping[int, Column], item: Item, content: Content
) -> dict[str, Any]:
    edition, settings = content.edition, runtime.settings
    published_at = item.published_at
    day = edition.original_date or (
        local(published_at, settings.zone).date() if published_at else None
    )

    def address(path: str) -> str:
        return settings.address(site.main_host, path)

    return {
        "id": str(item.id),
        "external_id": item.external_id,
        "state": edition.state,
        "title": edition.title,
        "date": day.isoformat() if day else None,
        "published_at": published_at.isoformat() if published_at else None,
        "source": edition.source_name,
        "author": edition.author,
        "column": [each.name for each in trail(columns, edition.column_id)],
        "body_html": edition.body_html,
        "body_text": edition.body_text,
        "attachments": [
            {
                "name": shown.name or asset.name,
                "url": address(asset.path),
                "missing": not open_store(settings).exists(site.tenant_id, asset.digest),
            }
            for shown, asset in content.attachments
        ]
        + [{"name": name, "url": "", "missing": True} for name in edition.lost_attachments],
        "images": [address(image.path) for image in content.images],
        "url": address(item.path),
        "old_address": item.old_address,
        "run": item.run,
    }
