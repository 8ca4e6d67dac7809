"""All pages but an item's: home, columns, site map, search, messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from themes.contract.parts import (
    Block,
    FeedLink,
    Fragment,
    Link,
    LinkGroup,
    ListEntry,
    Service,
    Topic,
    Translation,
)
from themes.contract.site import SiteView


class PageView(Protocol):
    """What every view has."""

    @property
    def site(self) -> SiteView:
        """The site whose header and footer the page bears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """The column that a page stands in; its facts are the page's column labels.

    `keywords` are joined by commas. `column_type` is a word of the national list (首页, …).
    `breadcrumbs` lead from the top down to this column's parent, without the home page and without
    the column itself. `children` are the columns below, `siblings` those beside (itself included).
    """

    name: str
    path: str
    description: str
    keywords: str
    column_type: str
    breadcrumbs: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()
    siblings: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Interaction:
    """Ways to reach the government (at most six), and the latest public replies."""

    channels: tuple[Link, ...]
    replies: Block | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """A site's home page: the blocks it has. Which of them stands where is the theme's.

    `column` is the root, with column_type 首页. The first ten of `services` are shown. The names
    of blocks that are no lists may be set; where empty, the theme has its own. `alternates` are the
    home pages of all the tenant's sites, as of an item.
    """

    site: SiteView
    column: ColumnView
    hot_words: tuple[Link, ...] = ()
    services: tuple[Service, ...] = ()
    services_path: str = ""
    focus: tuple[ListEntry, ...] = ()
    focus_name: str = ""
    alternates: tuple[Translation, ...] = ()
    news: Block | None = None
    notices: Block | None = None
    documents: Block | None = None
    interpretation: Block | None = None
    disclosure: LinkGroup | None = None
    interaction: Interaction | None = None
    topics: tuple[Topic, ...] = ()
    topics_path: str = ""
    topics_name: str = ""
    subsites: tuple[LinkGroup, ...] = ()
    subsites_name: str = ""
    friendly_links: tuple[LinkGroup, ...] = ()
    feeds: tuple[FeedLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsiteHomeView:
    """A subsite's first page; `site.subsite` is set. `blocks` are further columns of its own."""

    site: SiteView
    column: ColumnView
    introduction: str = ""
    services: tuple[Service, ...] = ()
    services_path: str = ""
    notices: Block | None = None
    news: Block | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPageView:
    """A page of a column.

    `blocks` are for a column that only leads to others: each child with its newest entries.
    `number` is the page's own permanent number; the four paths are "" where this page is it or
    there is none. `total` and `feeds` are given on the newest page only: other pages must not
    change with them.
    """

    site: SiteView
    column: ColumnView
    entries: tuple[ListEntry, ...] = ()
    blocks: tuple[Block, ...] = ()
    number: int = 1
    newest_path: str = ""
    newer_path: str = ""
    older_path: str = ""
    oldest_path: str = ""
    total: int | None = None
    feeds: tuple[FeedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteMapView:
    """Every column that readers may open, a group for each column at the top."""

    site: SiteView
    groups: tuple[LinkGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One find; title and excerpt in pieces, so that hits can be marked without markup in data."""

    path: str
    title: tuple[Fragment, ...]
    excerpt: tuple[Fragment, ...] = ()
    date: str = ""
    column: str = ""
    doc_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """A page of results; with `available` False the static page that stands in for search."""

    site: SiteView
    query: str = ""
    results: tuple[SearchResult, ...] = ()
    total: int = 0
    number: int = 1
    pages: int = 1
    previous_path: str = ""
    next_path: str = ""
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A page that says one thing.

    `reason` is one of themes.renderer.REASONS (not_found, gone, unavailable, suspended, closed,
    moved); the theme has the words, unless a `title` is given: then `text` explains it. Else `text`
    adds a paragraph. `links` are ways onward.
    """

    site: SiteView
    reason: str
    title: str = ""
    text: str = ""
    links: tuple[Link, ...] = ()
