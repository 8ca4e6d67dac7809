"""The small facts that all pages are put together from."""

from __future__ import annotations

from dataclasses import dataclass


class CleanHtml(str):
    """HTML that has passed the platform's sanitiser; the one text that templates do not escape.

    Whoever makes one vouches for that: `CleanHtml(html.clean(...))`, or a body stored clean.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """Tell the template engine that this is markup already."""
        return self


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded image; `alt` is empty only for decoration. Sizes are pixels, 0 where unknown."""

    path: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A name that leads somewhere; `note` is a short line below it."""

    name: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A page in another language: that language by its own name and tag (BCP 47), full address."""

    name: str
    tag: str
    address: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page announces: its title for who subscribes, its address, its media type."""

    name: str
    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links under one heading; an empty name means no heading."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A wanted service. `icon` is a name of themes.registry.ICONS; empty or unknown: none drawn."""

    name: str
    path: str
    note: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic column (专题专栏) as a tile."""

    name: str
    path: str
    note: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the organisation that answers for a site or subsite."""

    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """One line of a list.

    `column` is the name of the column it comes from, where a list mixes several. `doc_number` and
    `validity` (valid, amended, repealed, expired) are for documents. There is no "new" mark: a page
    that depended on the day would have to be rendered every day.
    """

    title: str
    path: str
    date: str
    column: str = ""
    summary: str = ""
    image: Picture | None = None
    doc_number: str = ""
    validity: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A named list and, by `path`, the column where it goes on ("" where there is none)."""

    name: str
    path: str
    entries: tuple[ListEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a search result's text; `hit` where the query was found."""

    text: str
    hit: bool = False
