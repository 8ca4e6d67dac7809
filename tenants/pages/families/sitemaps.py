"""Sitemaps: an index, parts for the items of each column, parts for the pages that lead to them.

An item is named once, in the part of its home column in which its slot lies, so that a new item, an
old-dated one and a withdrawal each touch one part and the index. All stand at the root: a sitemap
speaks only for addresses below its own folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from hosting.publishing.rendering import LIST, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from hosting.runtime.clock import local
from hosting.runtime.ids import decimal_id, id_text, parse_id
from tenants.content.models import Item
from tenants.content.translations import versions_of
from tenants.pages.entries import tally_of
from tenants.pages.frame import Frame, frame_of
from tenants.pages.models import SitemapPart
from tenants.pages.sitemaps import LONGEST, Located, parts, sitemap, sitemap_index
from tenants.review.models import Issue, Slot
from themes.contract import Translation

INDEX_PATH = "/sitemap.xml"
_XML = "text/xml; charset=utf-8"
_SITE = "site"
_ALWAYS = ("/", "/sitemap.html")


def sitemap_keys(column_parts: Iterable[tuple[int, int]]) -> list[str]:
    """The keys of the index and of these parts of columns, as (column id, part)."""
    return ["sitemap:", *sitemap_parts(column_parts)]


def sitemap_parts(column_parts: Iterable[tuple[int, int]]) -> list[str]:
    """The keys of these parts alone: where what they name stays the same, the index does."""
    return [f"sitemap:{column_id}:{part}" for column_id, part in column_parts]


def site_part_keys(columns: int) -> list[str]:
    """The keys of the index and of the parts that name so many columns."""
    return ["sitemap:", *(f"sitemap:{_SITE}:{part}" for part in _site_parts(columns))]


def _site_parts(columns: int) -> range:
    return range(1, parts(columns + len(_ALWAYS)) + 1)


def _path(name: str, part: int) -> str:
    return f"/sitemap-{name}-{part}.xml"


def _render(rendering: Rendering, argument: str) -> Outcome:
    frame = frame_of(rendering)
    name, _, number = argument.partition(":")
    if not name:
        return Page(INDEX_PATH, sitemap_index(_all_parts(rendering, frame)), _XML, LIST)
    part = int(number)
    if name == _SITE:
        rendering.uses(*(f"column:{each.id}" for each in frame.columns))
        path, located = _path(_SITE, part), _of_site(frame, part)
    else:
        rendering.uses(f"column:{name}")
        path, located = (
            _path(id_text(int(name)), part),
            _of_column(rendering, frame, int(name), part),
        )
    # No sitemap may be empty: a part whose items were all withdrawn is none.
    return Page(path, sitemap(located), _XML, LIST) if located else None


def _of_site(frame: Frame, part: int) -> list[Located]:
    """Columns in the order in which they were made, so that a new one shifts no other."""
    columns = sorted(frame.columns, key=lambda each: each.id)
    paths = [*_ALWAYS, *(each.path for each in columns)]
    homes = _alternates(frame.home_pages())
    return [
        Located(frame.absolute(path), None, homes if path == "/" else ())
        for path in paths[(part - 1) * LONGEST : part * LONGEST]
    ]


def _of_column(rendering: Rendering, frame: Frame, column_id: int, part: int) -> list[Located]:
    if column_id not in frame.by_id:
        return []
    last = part * LONGEST
    rows = rendering.session.execute(
        select(Item.id, Item.path, Issue.issued_at)
        .select_from(Slot)
        .join(Item, _is_at_home())
        .join(Issue, _is_live())
        .where(
            Slot.column_id == column_id,
            Slot.number.between(last - LONGEST + 1, last),
            Slot.is_shown,
        )
        .order_by(Slot.number)
    ).all()
    alternates = _alternates_of(rendering, frame, [row[0] for row in rows])
    return [
        Located(frame.absolute(path), _shown(frame, issued_at), alternates.get(item_id, ()))
        for item_id, path, issued_at in rows
    ]


def _alternates_of(
    rendering: Rendering, frame: Frame, item_ids: Sequence[int]
) -> dict[int, Sequence[tuple[str, str]]]:
    """Of items that readers find in several languages, where."""
    if not frame.languages:
        return {}
    found = versions_of(rendering.session, item_ids, is_main=frame.site.is_main)
    return {
        item_id: _alternates(
            frame.translations({each.site_id: each.path for each in versions.values()})
        )
        for item_id, versions in found.items()
    }


def _alternates(translations: Sequence[Translation]) -> Sequence[tuple[str, str]]:
    """With the main site's as what a reader of any other language is sent to."""
    listed = [(each.tag, each.address) for each in translations]
    return [*listed, ("x-default", translations[0].address)] if listed else ()


def _is_at_home() -> ColumnElement[bool]:
    return (
        (Item.tenant_id == Slot.tenant_id)
        & (Item.id == Slot.item_id)
        & (Item.column_id == Slot.column_id)
    )


def _is_live() -> ColumnElement[bool]:
    return (Issue.tenant_id == Item.tenant_id) & (Issue.edition_id == Item.live_edition_id)


def _all_parts(rendering: Rendering, frame: Frame) -> list[Located]:
    """Every part that has an address, with the time of its last change where that is noted."""
    noted = _noted(rendering, frame)
    located: list[Located] = [
        Located(frame.absolute(_path(_SITE, each))) for each in _site_parts(len(frame.columns))
    ]
    for column_id in sorted(frame.by_id):
        for part in range(1, parts(tally_of(rendering, frame, column_id).slots) + 1):
            if (column_id, part) in noted:
                changed_at, names_any = noted[column_id, part]
            else:
                changed_at, names_any = None, _names_any(rendering, column_id, part)
            if names_any:
                address = frame.absolute(_path(id_text(column_id), part))
                located.append(Located(address, changed_at))
    return located


def _noted(rendering: Rendering, frame: Frame) -> dict[tuple[int, int], tuple[datetime, bool]]:
    """(column id, part) -> when it changed, and whether it names any item.

    Of each part the first slots are read, mostly the very first alone, and not those of the site.
    """
    rows = rendering.session.execute(
        select(
            SitemapPart.column_id,
            SitemapPart.part,
            SitemapPart.changed_at,
            exists(
                _named(SitemapPart.column_id, SitemapPart.part)
                .where(Slot.tenant_id == SitemapPart.tenant_id)
                .correlate(SitemapPart)
            ),
        ).where(SitemapPart.column_id.in_(list(frame.by_id)))
    )
    return {
        (column_id, part): (_shown(frame, at), names_any) for column_id, part, at, names_any in rows
    }


def _names_any(rendering: Rendering, column_id: int, part: int) -> bool:
    return rendering.session.scalar(_named(column_id, part).limit(1)) is not None


def _named(
    column_id: int | InstrumentedAttribute[int], part: int | InstrumentedAttribute[int]
) -> Select[int]:
    """Slots of what a part names."""
    first = (part - 1) * LONGEST + 1
    return (
        select(Slot.id)
        .join(Item, _is_at_home())
        .where(
            Slot.column_id == column_id,
            Slot.number.between(first, part * LONGEST),
            Slot.is_shown,
            Item.live_edition_id.is_not(None),
        )
    )


def _shown(frame: Frame, instant: datetime) -> datetime:
    return local(instant, frame.settings.zone)


def _resolve(_rendering: Rendering, path: str) -> str | None:
    if path == INDEX_PATH:
        return ""
    name, _, number = path.removeprefix("/sitemap-").removesuffix(".xml").partition("-")
    part = decimal_id(number)
    if part is None or path != _path(name, part):
        return None
    if name == _SITE:
        return f"{_SITE}:{part}"
    column_id = parse_id(name)
    return None if column_id is None else f"{column_id}:{part}"


def _arguments(rendering: Rendering) -> Iterable[str]:
    frame = frame_of(rendering)
    keys = site_part_keys(len(frame.columns))
    for node in frame.columns:
        slots = tally_of(rendering, frame, node.id).slots
        keys += [f"sitemap:{node.id}:{part}" for part in range(1, parts(slots) + 1)]
    return [key.removeprefix("sitemap:") for key in keys]


sitemaps = PageFamily("sitemap", _render, _resolve, _arguments, LIST, follows=True)
