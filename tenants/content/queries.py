"""Reads of items and editions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import QueryableAttribute, defer

from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.session import WalledSession
from tenants.content.facts import (
    ROW_FIELDS,
    Attachment,
    EditionFacts,
    banner_digest,
    column_digest,
    digest_of,
)
from tenants.content.models import (
    DRAFT,
    IN_REVIEW,
    PUBLISHED,
    SCHEDULED,
    WITHDRAWN,
    Edition,
    EditionAsset,
    EditionColumn,
    EditionTranslation,
    Item,
    Matter,
)
from tenants.content.rules import EVERYTHING, Reach
from tenants.content.writing import ATTACHMENT, IMAGE
from tenants.media.models import Asset
from tenants.media.queries import assets


def item(session: WalledSession, item_id: int) -> Item:
    """One item; NotFound for a missing one and a foreign one alike."""
    found = session.scalars(select(Item).where(Item.id == item_id)).first()
    if found is None:
        raise NotFound("no_such_item", N_("没有找到这篇稿件"))
    return found


def matter(session: WalledSession, matter_id: int) -> Matter:
    """One matter of whatever kind; NotFound for a missing and a foreign one alike."""
    found = session.scalars(select(Matter).where(Matter.id == matter_id)).first()
    if found is None:
        raise NotFound("no_such_item", N_("没有找到这篇稿件"))
    return found


def edition(session: WalledSession, edition_id: int) -> Edition:
    """One edition; NotFound for a missing one and a foreign one alike."""
    found = session.scalars(select(Edition).where(Edition.id == edition_id)).first()
    if found is None:
        raise NotFound("no_such_edition", N_("没有找到这个版本"))
    return found


def editions_of(session: WalledSession, item_id: int) -> Sequence[Edition]:
    """All editions of an item, the newest first."""
    return session.scalars(
        select(Edition).where(Edition.item_id == item_id).order_by(Edition.number.desc())
    ).all()


@dataclass(frozen=True)
class Content:
    """An edition with its files and columns, as one thing to read."""

    edition: Edition
    attachments: tuple[tuple[EditionAsset, Asset], ...]
    images: tuple[Asset, ...]
    extra_column_ids: tuple[int, ...]
    translation_of_id: int | None = None

    @property
    def facts(self) -> EditionFacts:
        """What the edition says, as a person would say it."""
        said = {field: getattr(self.edition, field) for field in ROW_FIELDS}
        return EditionFacts(
            **said,
            lost_attachments=tuple(self.edition.lost_attachments),
            attachments=tuple(Attachment(a.id, shown.name) for shown, a in self.attachments),
            extra_column_ids=self.extra_column_ids,
            translation_of_id=self.translation_of_id,
        )

    def digest(self) -> str:
        """The digest of what stands in the database now, whatever was stored as digest."""
        said = self.edition
        if said.column_facts is not None:
            return column_digest(said.column_id, said.title, said.column_facts)
        if said.banner_facts is not None:
            times = said.publish_at, said.withdraw_at
            return banner_digest(said.title, said.banner_facts, *times)
        return digest_of(
            self.facts,
            attachments=[(shown.name, a.digest) for shown, a in self.attachments],
            images=[image.digest for image in self.images],
        )


def content_of(session: WalledSession, edition_id: int) -> Content:
    """One edition's content; NotFound for a missing one and a foreign one alike."""
    return contents_of(session, [edition(session, edition_id)])[edition_id]


def contents_of(session: WalledSession, editions: Sequence[Edition]) -> dict[int, Content]:
    """Contents of many editions by edition id, in four queries a thousand."""
    found: dict[int, Content] = {}
    for start in range(0, len(editions), 1000):
        found |= _contents(session, editions[start : start + 1000])
    return found


def _contents(session: WalledSession, editions: Sequence[Edition]) -> dict[int, Content]:
    ids = [each.id for each in editions]
    shown: dict[int, list[EditionAsset]] = defaultdict(list)
    for row in session.scalars(
        select(EditionAsset).where(EditionAsset.edition_id.in_(ids)).order_by(EditionAsset.position)
    ):
        shown[row.edition_id].append(row)
    columns: dict[int, list[int]] = defaultdict(list)
    for extra in session.scalars(select(EditionColumn).where(EditionColumn.edition_id.in_(ids))):
        columns[extra.edition_id].append(extra.column_id)
    translated = originals_of_editions(session, ids)
    files = assets(session, (row.asset_id for rows in shown.values() for row in rows))
    return {
        each.id: Content(
            each,
            tuple((r, files[r.asset_id]) for r in shown[each.id] if r.role == ATTACHMENT),
            tuple(files[r.asset_id] for r in shown[each.id] if r.role == IMAGE),
            tuple(sorted(columns[each.id])),
            translated.get(each.id),
        )
        for each in editions
    }


def originals_of_editions(session: WalledSession, edition_ids: Iterable[int]) -> dict[int, int]:
    """Of which item each of these editions is a translation; those of none are left out."""
    rows = session.execute(
        select(EditionTranslation.edition_id, EditionTranslation.original_id).where(
            EditionTranslation.edition_id.in_(list(edition_ids))
        )
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class ItemFilter:
    """What a list of items is narrowed to; empty values narrow nothing."""

    site_id: int | None = None
    column_ids: tuple[int, ...] = ()
    state: str = ""
    words: str = ""
    created_by: int | None = None
    run: str = ""
    reach: Reach = EVERYTHING


SHOWN_STATES = (DRAFT, *IN_REVIEW, SCHEDULED, PUBLISHED, WITHDRAWN)
"""States a list can be narrowed to, in the order of the work."""

# Lists show titles; bodies would be most of what is read.
WITHOUT_TEXT = (defer(Edition.body_html), defer(Edition.body_text))

SORTS: dict[str, QueryableAttribute[Any]] = {
    "written": Edition.written_at,
    "published": Item.published_at,
    "title": Edition.title,
}
"""What a list of items can be sorted by."""


def item_rows(
    session: WalledSession,
    narrowed: ItemFilter,
    *,
    offset: int = 0,
    limit: int = 50,
    sort: str = "written",
    descending: bool = True,
) -> Sequence[tuple[Item, Edition]]:
    """Items with their newest edition, sorted by one of SORTS; at most `limit`."""
    keys = [SORTS[sort], Item.id]
    statement = (
        _narrowed(select(Item, Edition), narrowed)
        .options(*WITHOUT_TEXT)
        .order_by(*(key.desc().nulls_last() if descending else key.asc() for key in keys))
        .offset(offset)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def item_count(session: WalledSession, narrowed: ItemFilter) -> int:
    """How many items the filter leaves."""
    return session.scalar(_narrowed(select(func.count(Item.id)), narrowed)) or 0


def _narrowed(
    statement: Select[*tuple[Any, ...]], narrowed: ItemFilter
) -> Select[*tuple[Any, ...]]:
    statement = statement.select_from(Item).join(
        Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.id == newest_edition_id())
    )
    return statement.where(*_conditions(narrowed))


def newest_edition_id(kind: type[Matter] = Item) -> ColumnElement[int]:
    """The edition on its way, else the live one, else (of a withdrawn item) the last."""
    last = (
        select(func.max(Edition.id))
        .where(Edition.item_id == kind.id)
        .correlate(kind)
        .scalar_subquery()
    )
    return func.coalesce(kind.draft_edition_id, kind.live_edition_id, last)


def _conditions(narrowed: ItemFilter) -> Iterable[ColumnElement[bool]]:
    if narrowed.site_id is not None:
        yield Item.site_id == narrowed.site_id
    if narrowed.column_ids:
        yield Edition.column_id.in_(narrowed.column_ids)
    if narrowed.state == PUBLISHED:
        yield Item.live_edition_id.is_not(None)
    elif narrowed.state == WITHDRAWN:
        yield Item.live_edition_id.is_(None) & Item.draft_edition_id.is_(None)
    elif narrowed.state:
        yield Edition.state == narrowed.state
    if narrowed.created_by is not None:
        yield Item.created_by == narrowed.created_by
    if narrowed.reach.column_ids is not None:
        yield or_(
            Edition.column_id.in_(narrowed.reach.column_ids),
            Item.created_by == narrowed.reach.created_by,
        )
    if narrowed.run:
        yield Item.run == narrowed.run
    if narrowed.words:
        wanted = narrowed.words
        yield or_(
            Edition.title.contains(wanted, autoescape=True),
            Edition.doc_number.contains(wanted, autoescape=True),
        )


def items_showing(
    session: WalledSession, asset_id: int, *, limit: int = 50
) -> Sequence[tuple[Item, Edition]]:
    """Items whose edition on its way or live edition shows a file, the last written first."""
    rows = session.execute(
        select(Item, Edition)
        .join(Edition, (Edition.tenant_id == Item.tenant_id) & (Edition.item_id == Item.id))
        .where(
            Edition.id.in_(
                select(EditionAsset.edition_id).where(EditionAsset.asset_id == asset_id)
            ),
            or_(Edition.id == Item.draft_edition_id, Edition.id == Item.live_edition_id),
        )
        .options(*WITHOUT_TEXT)
        .order_by(Edition.written_at.desc(), Edition.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def column_has_items(session: WalledSession, column_id: int) -> bool:
    """Whether any item or open edition is at home in a column or shown in it."""
    at_home = select(Item.id).where(Item.column_id == column_id).limit(1)
    moving = (
        select(Edition.id)
        .join(Item, (Item.tenant_id == Edition.tenant_id) & (Item.id == Edition.item_id))
        .where(Edition.column_id == column_id)
        .limit(1)
    )
    shown = select(EditionColumn.id).where(EditionColumn.column_id == column_id).limit(1)
    return any(session.scalar(each) is not None for each in (at_home, moving, shown))
