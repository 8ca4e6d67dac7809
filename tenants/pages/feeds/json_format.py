"""JSON Feed, version 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from tenants.pages.feeds.facts import Feed, FeedEntry, writable


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": writable(feed.title),
        "description": writable(feed.description),
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": feed.language,
        "authors": [{"name": writable(feed.sponsor)}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _item(entry: FeedEntry) -> dict[str, Any]:
    names = dict.fromkeys(name for name in (entry.author, entry.source) if name)
    return {
        "id": entry.id,
        "url": entry.address,
        "title": writable(entry.title),
        # An item must have a content; the text itself is the page's.
        "content_text": writable(entry.summary),
        "date_published": entry.published_at.isoformat(timespec="seconds"),
        "date_modified": entry.updated_at.isoformat(timespec="seconds"),
        "authors": [{"name": writable(name)} for name in names],
        "tags": [writable(entry.column)],
    }
