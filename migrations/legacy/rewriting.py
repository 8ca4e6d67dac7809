"""An article's text as it is to stand here: links and pictures by their new addresses, by parsing.

Nothing is searched and replaced: a link is an attribute of an element, and what it means was
resolved before it is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrations.legacy.reading.articles import inner_html, picture_address
from migrations.legacy.reading.documents import Element
from migrations.legacy.reading.extraction import part_of
from migrations.legacy.reading.references import base_of
from migrations.legacy.reading.sites import Site
from migrations.legacy.reading.views import View
from migrations.legacy.sources.addresses import Reference, ReferenceKind, resolve

_KEPT = frozenset({ReferenceKind.FOREIGN, ReferenceKind.MAIL, ReferenceKind.ANCHOR})


def body_html(
    site: Site, view: View, targets: Mapping[str, str], inline: Callable[[str], str | None]
) -> str:
    """The article's text with what it points to at its new address; not yet sanitised.

    `targets` are new paths by old address; `inline` takes in a picture that is written into the
    page itself (``data:``) and says where it is. Links to what is gone become words; pictures that
    are gone go: both are named in the findings.
    """
    if view.body is None:
        return ""
    part = part_of(view)
    base = base_of(view.sheet.root, view.page.address, site.host)
    for link in list(part.iter("a")):
        _relink(link, resolve(base, link.get("href") or "", site.host), site, targets)
    for image in list(part.iter("img")):
        address = picture_address(image, base, site.host, site.book)
        source = image.get("src") or ""
        path = inline(source) if source.startswith("data:") else targets.get(address or "")
        _show(image, path)
    return inner_html(part)


def links_of(site: Site, view: View) -> set[str]:
    """Old addresses that the article's text links to."""
    if view.body is None:
        return set()
    base = base_of(view.sheet.root, view.page.address, site.host)
    references = (resolve(base, link.get("href") or "", site.host) for link in view.body.iter("a"))
    found = (site.book.find_folded(one.address) for one in references if _is_own(one))
    return {address for address in found if address is not None}


def _is_own(reference: Reference) -> bool:
    return reference.kind is ReferenceKind.OWN


def _relink(link: Element, reference: Reference, site: Site, targets: Mapping[str, str]) -> None:
    if link.get("href") is None or reference.kind in _KEPT:
        return
    address = site.book.find_folded(reference.address) if _is_own(reference) else None
    target = targets.get(address) if address is not None else None
    if target is None:
        link.drop_tag()
    else:
        link.set("href", target)


def _show(image: Element, target: str | None) -> None:
    if target is None:
        image.drop_tree()
        return
    for name in ("srcset", "data-src", "data-original", "oldsrc", "orisrc"):
        image.attrib.pop(name, None)
    image.set("src", target)
