"""RSS 2.0 (the RSS Advisory Board's specification, 2.0.11) and Atom (RFC 4287)."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from tenants.pages.feeds.facts import Feed, FeedEntry, writable

_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_RSS_TYPE, _ATOM_TYPE = "application/rss+xml", "application/atom+xml"


def rss(feed: Feed) -> bytes:
    """The feed as RSS; what RSS has no element for is said in Atom's and Dublin Core's."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": _ATOM, "xmlns:dc": _DUBLIN_CORE})
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(feed.updated_at))
    _link(channel, "atom:link", feed.address, "self", _RSS_TYPE)
    for entry in feed.entries:
        _add_rss_item(SubElement(channel, "item"), entry)
    return _document(root)


def _add_rss_item(item: Element, entry: FeedEntry) -> None:
    _add(item, "title", entry.title)
    _add(item, "link", entry.address)
    _add(item, "guid", entry.id).set("isPermaLink", "false")
    # Its `author` is a mail address, which nobody gives away here.
    _add(item, "dc:creator", entry.author or entry.source)
    _add(item, "dc:source", entry.source)
    _add(item, "category", entry.column)
    _add(item, "pubDate", format_datetime(entry.published_at))
    _add(item, "atom:updated", _instant(entry.updated_at))
    if entry.summary:
        # Readers take a description for HTML, so that plain text is escaped once more.
        _add(item, "description", escape(entry.summary, quote=False))


def atom(feed: Feed) -> bytes:
    """The feed as Atom; texts are of type "text", which no reader takes for markup."""
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _instant(feed.updated_at))
    _link(root, "link", feed.address, "self", _ATOM_TYPE)
    _link(root, "link", feed.home, "alternate", "text/html")
    _add(SubElement(root, "author"), "name", feed.sponsor)
    for entry in feed.entries:
        _add_atom_entry(SubElement(root, "entry"), entry)
    return _document(root)


def _add_atom_entry(node: Element, entry: FeedEntry) -> None:
    _add(node, "id", entry.id)
    _add(node, "title", entry.title)
    _link(node, "link", entry.address, "alternate", "text/html")
    _add(node, "published", _instant(entry.published_at))
    _add(node, "updated", _instant(entry.updated_at))
    _add(SubElement(node, "author"), "name", entry.author or entry.source)
    if entry.author:
        _add(SubElement(node, "contributor"), "name", entry.source)
    SubElement(node, "category", {"term": writable(entry.column)})
    if entry.summary:
        _add(node, "summary", entry.summary)


def _add(parent: Element, name: str, text: str) -> Element:
    node = SubElement(parent, name)
    node.text = writable(text)
    return node


def _link(parent: Element, name: str, address: str, relation: str, media_type: str) -> None:
    SubElement(parent, name, {"rel": relation, "type": media_type, "href": address})


def _instant(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _document(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
