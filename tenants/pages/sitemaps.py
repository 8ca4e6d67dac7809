"""Sitemaps: how they are written (https://www.sitemaps.org/protocol.html) and cut into parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from sqlalchemy import update

from hosting.runtime.clock import now
from hosting.runtime.ids import new_id
from hosting.runtime.session import WalledSession, ensure_rows
from tenants.pages.models import SitemapPart

LONGEST = 1_000
"""Addresses in one part."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

_LINKS = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class Located:
    """A full address, percent-encoded, and when what stands there was last changed, where known.

    `alternates` are (tag, full address) of the same in all languages, its own among them.
    """

    address: str
    changed_at: datetime | None = None
    alternates: Sequence[tuple[str, str]] = ()


def parts(count: int) -> int:
    """How many parts so many slots or addresses have."""
    return -(-count // LONGEST)


def part_of_slot(number: int) -> int:
    """The part of its column that names the item in a slot: for ever, since slots never shift."""
    return (number - 1) // LONGEST + 1


def parts_of_slots(slots: Iterable[Iterable[int]]) -> list[tuple[int, int]]:
    """(column id, part) of those that name what stands in these slots, each once."""
    return sorted({(column_id, part_of_slot(number)) for column_id, number in slots})


def note_changed(session: WalledSession, touched: Collection[tuple[int, int]]) -> None:
    """Note that what these parts, as (column id, part) in order, name has changed now."""
    changed_at = now()
    rows = [
        {"id": new_id(), "column_id": column_id, "part": part, "changed_at": changed_at}
        for column_id, part in touched
    ]
    ensure_rows(session, SitemapPart, rows)
    for column_id, part in touched:
        session.execute(
            update(SitemapPart)
            .where(SitemapPart.column_id == column_id, SitemapPart.part == part)
            .values(changed_at=changed_at),
            execution_options={"synchronize_session": False},
        )


def sitemap(addresses: Iterable[Located]) -> bytes:
    """One part."""
    return _written("urlset", "url", addresses)


def sitemap_index(addresses: Iterable[Located]) -> bytes:
    """The list of all parts."""
    return _written("sitemapindex", "sitemap", addresses)


def _written(root_name: str, name: str, addresses: Iterable[Located]) -> bytes:
    listed = list(addresses)
    names = {"xmlns": _NAMESPACE}
    if any(each.alternates for each in listed):
        names["xmlns:xhtml"] = _LINKS
    root = Element(root_name, names)
    for each in listed:
        node = SubElement(root, name)
        SubElement(node, "loc").text = each.address
        if each.changed_at is not None:
            SubElement(node, "lastmod").text = each.changed_at.isoformat(timespec="seconds")
        for tag, address in each.alternates:
            link = {"rel": "alternate", "hreflang": tag, "href": address}
            SubElement(node, "xhtml:link", link)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
