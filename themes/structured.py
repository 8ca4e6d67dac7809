"""Structured data for machines that read pages: JSON-LD in the words of schema.org."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from themes.contract import ColumnView, ItemView, Link, SiteView

# What could end the script element or open a comment in it, written so that JSON means the same;
# and the two line ends that JSON allows in a text and older JavaScript does not.
_ESCAPES = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def organization(site: SiteView) -> Markup:
    """The body that answers for the site, for its home page."""
    return _script({"@type": "GovernmentOrganization", **_organization(site)})


def article(item: ItemView) -> Markup:
    """The item, for its page; documents of government are articles with a document number."""
    site = item.site
    date, _, time = item.pub_date.partition(" ")
    return _script(
        {
            "@type": "NewsArticle",
            "headline": item.title,
            "description": item.summary or item.beginning,
            "articleSection": item.column.name,
            "datePublished": f"{date}T{time}" if time else date,
            "author": {"@type": "Organization", "name": item.source},
            "publisher": {"@type": "GovernmentOrganization", **_organization(site)},
            "image": f"{site.base_url}{item.image.path}" if item.image and site.base_url else "",
            "mainEntityOfPage": f"{site.base_url}{item.path}" if site.base_url else "",
            "identifier": item.document.doc_number if item.document else "",
            "inLanguage": site.language,
        }
    )


def breadcrumbs(site: SiteView, column: ColumnView, item: ItemView | None = None) -> Markup:
    """The way from the home page to a column's page, or to an item in it.

    Addresses are relative where the site has no domain of its own yet, as JSON-LD allows.
    """
    way = [Link(site.name, "/"), *column.breadcrumbs, Link(column.name, column.path)]
    if item is not None:
        way.append(Link(item.title, item.path))
    steps = [
        {
            "@type": "ListItem",
            "position": position,
            "name": step.name,
            "item": f"{site.base_url}{step.path}",
        }
        for position, step in enumerate(way, 1)
    ]
    return _script({"@type": "BreadcrumbList", "itemListElement": steps})


def _organization(site: SiteView) -> dict[str, Any]:
    return {
        "name": site.sponsor or site.name,
        "url": f"{site.base_url}/" if site.base_url else "",
        "address": site.contact.address,
        "telephone": site.contact.phone,
        "email": site.contact.email,
    }


def _script(facts: dict[str, Any]) -> Markup:
    document = {"@context": "https://schema.org", **_stated(facts)}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    # Markup: a data block, not HTML; what could leave it is escaped above.
    return Markup(text)  # noqa: S704


def _stated(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that have a value, at both depths."""
    nested = {
        name: _stated(fact) if isinstance(fact, dict) else fact for name, fact in facts.items()
    }
    return {name: fact for name, fact in nested.items() if fact}
