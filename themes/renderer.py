"""One renderer for every page that the public sees; preview and publishing both come here.

Templates are compiled once for each theme and language. What pages share is rendered once and kept:
the header and footer of a site, the labels and surroundings of a column.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from typing import Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from hosting.runtime.language import language_of, text
from themes import dates, labels, structured
from themes.assets import asset_path
from themes.banners import said
from themes.body import laid_out
from themes.contract import (
    Banner,
    ColumnView,
    HomeView,
    ItemView,
    ListPageView,
    MessageView,
    PageView,
    SearchView,
    SiteMapView,
    SiteView,
    SubsiteHomeView,
    Translation,
)
from themes.registry import chain

# What a MessageView may say.
REASONS = ("not_found", "gone", "unavailable", "suspended", "closed", "moved")

_SCHEMES = ("https://", "http://", "mailto:", "tel:", "#")

_TEMPLATES: dict[type, str] = {
    HomeView: "home.html",
    SubsiteHomeView: "subsite.html",
    ListPageView: "list.html",
    ItemView: "item.html",
    SiteMapView: "sitemap.html",
    SearchView: "search.html",
    MessageView: "message.html",
}


# Markup: there is nothing in it to escape.
_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class _Chrome:
    """The parts of a page that all pages of a section share."""

    head: Markup
    header: Markup
    footer: Markup


@dataclass(frozen=True, slots=True)
class _Place:
    """What all pages of a column share; `labels` alone where there is no column."""

    labels: Markup
    crumbs: Markup = _NOTHING
    near: Markup = _NOTHING


def render(theme: str, view: PageView) -> bytes:
    """The page, UTF-8. Raises Invalid for an unknown theme; the same input gives the same bytes."""
    site = view.site
    environment = _environment(theme, _catalogue(site.locale))
    column: ColumnView | None = getattr(view, "column", None)
    home = isinstance(view, HomeView | SubsiteHomeView)
    # The header of an item that is there in other languages leads to it there: nobody shares it.
    make = _chrome.__wrapped__ if _others(view) else _chrome
    chrome = make(theme, _leading(view), _section(site, column), home)
    template = environment.get_template(_TEMPLATES[type(view)])
    return template.render(
        view=view,
        site=site,
        column=column,
        chrome=chrome,
        place=_place(theme, site, column),
        labels=labels.item_labels(view) if isinstance(view, ItemView) else (),
    ).encode()


def _section(site: SiteView, column: ColumnView | None) -> str:
    """The path of the menu entry that the page stands under, "" where it stands under none."""
    if column is None:
        return ""
    above = {link.path for link in column.breadcrumbs} | {column.path}
    menu = site.subsite.menu if site.subsite else site.menu
    return next((entry.path for entry in menu if entry.path in above), "")


@lru_cache(maxsize=2048)
def _chrome(theme: str, site: SiteView, section: str, home: bool) -> _Chrome:
    environment = _environment(theme, _catalogue(site.locale))
    parts = (
        environment.get_template(name).render(site=site, section=section, home=home)
        for name in ("head.html", "header.html", "footer.html")
    )
    # Markup: each was just rendered by our own templates, which escape.
    return _Chrome(*(Markup(part) for part in parts))  # noqa: S704


@lru_cache(maxsize=2048)
def _place(theme: str, site: SiteView, column: ColumnView | None) -> _Place:
    blocks: Any = _environment(theme, _catalogue(site.locale)).get_template("blocks.html").module
    if column is None:
        return _Place(blocks.labels(labels.site_labels(site)))
    return _Place(
        blocks.labels(labels.site_labels(site) + labels.column_labels(column)),
        blocks.crumbs(site, column),
        blocks.links(column.siblings) if column.breadcrumbs and column.siblings else _NOTHING,
    )


def _others(view: PageView) -> tuple[Translation, ...]:
    """An item in the other languages that it is public in."""
    alternates = view.alternates if isinstance(view, ItemView) else ()
    return tuple(each for each in alternates if each.tag != view.site.language)


def _leading(view: PageView) -> SiteView:
    """The site; in other languages, where this very item is there, not home but to it."""
    there = {each.tag: each for each in _others(view)}
    if not there:
        return view.site
    languages = tuple(there.get(each.tag, each) for each in view.site.languages)
    return replace(view.site, languages=languages)


def _catalogue(locale: str) -> str:
    """The catalogue for a site's language: any Chinese is the source."""
    return language_of(locale).locale


@cache
def _environment(theme: str, locale: str) -> Environment:
    folders = {above.name: above.folder / "templates" for above in chain(theme)}
    environment = _Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(list(folders.values())),
                # A theme's page extends the page of the same name above it: "base/home.html".
                PrefixLoader({name: FileSystemLoader(folder) for name, folder in folders.items()}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_BYTECODE,
    )
    environment.globals.update(
        _=partial(_translated, locale),
        asset=partial(asset_path, theme),
        organization=structured.organization,
        article=structured.article,
        breadcrumbs=structured.breadcrumbs,
    )
    environment.filters.update(
        said=partial(_said, locale),
        day=partial(dates.day, locale),
        address=_address,
        laid_out=laid_out,
        digits=_digits,
        dialled=_dialled,
    )
    return environment


def _translated(locale: str, message: str, **facts: object) -> str:
    return text(message, locale, **facts)


def _said(locale: str, banner: Banner) -> dict[str, str]:
    return said(banner, locale)


def _address(path: str) -> str:
    """The address if it is one a page may lead to; schemes that run something go nowhere."""
    if path.startswith(_SCHEMES) or (path.startswith("/") and not path.startswith(("//", "/\\"))):
        return path
    return "#main"


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


def _dialled(phone: str) -> str:
    """The telephone number as a tel: address wants it."""
    return "".join(letter for letter in phone if letter in "+-0123456789")


class _Environment(Environment):
    """Templates whose globals never change once they are set."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dictionary: Jinja2's chain of them costs a tenth of a page."""
        return {**self.globals, **(d or {})}


class _MemoryCache(BytecodeCache):
    """Compiled templates of one process: themes and languages share what they inherit."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled before, if this source was."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_BYTECODE = _MemoryCache()
