"""Feeds: of the whole site and of each column that has a list, in three formats.

A reader's program asks for them by absolute address, as RSS and JSON Feed demand, so a feed names
its site's main host, on whatever domain. The host is a recorded fact of the directory and whoever
changes it records SiteChanged, by which every page is made again: pages of the site, which name
their domain as a page label, depend on it in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time

from hosting.publishing.media_types import MEDIA_TYPES
from hosting.publishing.rendering import LIST, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from hosting.runtime.clock import local
from hosting.runtime.ids import id_text, made_at, parse_id
from tenants.pages.entries import tally_of
from tenants.pages.feeds.facts import Feed, FeedEntry, lasting_id
from tenants.pages.feeds.json_format import json_feed
from tenants.pages.feeds.newest import NewItem, newest_of_all, newest_of_columns
from tenants.pages.feeds.xml_formats import atom, rss
from tenants.pages.frame import Frame, frame_of
from themes.contract import FeedLink

_FORMATS: dict[str, Callable[[Feed], bytes]] = {"rss": rss, "atom": atom, "jsonfeed": json_feed}
"""The formats, by the ending of their addresses."""

_NAMES = {"rss": "RSS", "atom": "Atom", "jsonfeed": "JSON Feed"}
_SITE = "site"
_FOLDER = "/feeds/"


def feed_keys(column_ids: Iterable[int]) -> list[str]:
    """The keys of the site's feeds and of those of these columns."""
    return [f"feed:{each}:{ending}" for each in (_SITE, *column_ids) for ending in _FORMATS]


def feed_links(
    rendering: Rendering, frame: Frame, column_id: int | None = None
) -> tuple[FeedLink, ...]:
    """What a home or column page announces; nothing for a column without a list."""
    if column_id is not None and not _has_feed(rendering, frame, column_id):
        return ()
    title = _title(frame, column_id)
    return tuple(
        FeedLink(f"{title} {_NAMES[ending]}", feed_path(column_id, ending), _type(ending))
        for ending in _FORMATS
    )


def feed_path(column_id: int | None, ending: str) -> str:
    """The address of a feed: it stays when the column's own changes."""
    name = _SITE if column_id is None else id_text(column_id)
    return f"{_FOLDER}{name}.{ending}"


def _has_feed(rendering: Rendering, frame: Frame, column_id: int) -> bool:
    node = frame.by_id.get(column_id)
    if node is None or node.is_subsite:
        return False
    return tally_of(rendering, frame, column_id).slots > 0


def _title(frame: Frame, column_id: int | None) -> str:
    return (
        frame.site.name if column_id is None else f"{frame.by_id[column_id].name}_{frame.site.name}"
    )


def _type(ending: str) -> str:
    return MEDIA_TYPES[ending].name.partition(";")[0]


def _render(rendering: Rendering, argument: str) -> Outcome:
    frame = frame_of(rendering)
    column_id, ending = _read(argument)
    if column_id is not None:
        rendering.uses(f"column:{column_id}", f"column:{column_id}:head")
        if not _has_feed(rendering, frame, column_id):
            return None
    new = _newest(rendering, frame, column_id)
    rendering.uses(*(f"item:{each.item_id}" for each in new))
    rendering.uses(*(f"column:{each.column_id}" for each in new))
    path = feed_path(column_id, ending)
    feed = _feed(frame, column_id, new, frame.absolute(path))
    return Page(path, _FORMATS[ending](feed), MEDIA_TYPES[ending].name, LIST)


def _read(argument: str) -> tuple[int | None, str]:
    name, _, ending = argument.partition(":")
    return (None if name == _SITE else int(name)), ending


def _newest(rendering: Rendering, frame: Frame, column_id: int | None) -> list[NewItem]:
    session = rendering.session
    if column_id is None:
        return rendering.once("site feed", lambda: newest_of_all(session, list(frame.by_id)))
    asked = sorted({each for each, _ in map(_read, rendering.batch) if each is not None})
    return rendering.once("column feeds", lambda: newest_of_columns(session, asked)).get(
        column_id, []
    )


def _feed(frame: Frame, column_id: int | None, new: Sequence[NewItem], address: str) -> Feed:
    node = None if column_id is None else frame.by_id[column_id]
    entries = tuple(_entry(frame, each) for each in new)
    subject = frame.site.id if node is None else node.id
    # A feed without entries was last changed when what it belongs to was made.
    updated = max((each.updated_at for each in entries), default=made_at(subject))
    return Feed(
        id=lasting_id("feed", subject),
        title=_title(frame, column_id),
        description=(node.description or node.name) if node else frame.site.name,
        language=frame.view.language,
        sponsor=frame.view.sponsor,
        home=frame.absolute(node.path if node else "/"),
        address=address,
        updated_at=local(updated, frame.settings.zone),
        entries=entries,
    )


def _entry(frame: Frame, new: NewItem) -> FeedEntry:
    home = frame.by_id.get(new.column_id)
    return FeedEntry(
        id=lasting_id("item", new.item_id),
        title=new.title,
        address=frame.absolute(new.path),
        published_at=_date_of(frame, new),
        updated_at=local(new.issued_at, frame.settings.zone),
        summary=new.summary or new.beginning,
        source=new.source_name or frame.view.sponsor,
        author=new.author,
        column=home.name if home else "",
    )


def _date_of(frame: Frame, new: NewItem) -> datetime:
    zone = frame.settings.zone
    if new.original_date is not None:
        return datetime.combine(new.original_date, time.min, zone)
    return local(new.published_at, zone)


def _resolve(_rendering: Rendering, path: str) -> str | None:
    name, _, ending = path.removeprefix(_FOLDER).rpartition(".")
    if not path.startswith(_FOLDER) or ending not in _FORMATS:
        return None
    if name == _SITE:
        return f"{_SITE}:{ending}"
    column_id = parse_id(name)
    return None if column_id is None else f"{column_id}:{ending}"


def _arguments(rendering: Rendering) -> Iterable[str]:
    frame = frame_of(rendering)
    listed = [each.id for each in frame.columns if _has_feed(rendering, frame, each.id)]
    return [key.removeprefix("feed:") for key in feed_keys(listed)]


feeds = PageFamily("feed", _render, _resolve, _arguments, LIST, follows=True)
