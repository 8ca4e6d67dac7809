"""A whole old site as it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo

from migrations.legacy.reading.bodies import Steps
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.pages import Column, Page
from migrations.legacy.reading.references import AddressBook
from migrations.legacy.reading.sheets import Sheet
from migrations.legacy.reading.shelf import Shelf
from migrations.legacy.reading.templates import Templates, learn
from migrations.legacy.reading.titles import TitleHabits
from migrations.legacy.sources.addresses import resolve
from migrations.legacy.sources.source import Source

# Told what is being done, how many are done, and how many there are.
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Fields:
    """How many fields to fill in, and how many of them are secret."""

    count: int = 0
    secret: int = 0


@dataclass
class Site:
    """`pages` holds every address, in order; `columns` what lists and articles form together.

    `called` counts what links call each address, `linked` are the addresses that any page links
    to, `fields` is what pages commonly ask for (a search box, a box to sign in). `bodies` has, per
    template, the way to the text, `habits` how its titles are written; `css` the site's style
    sheets by address.
    """

    source: Source
    zone: tzinfo
    shelf: Shelf
    book: AddressBook
    pages: dict[str, Page] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    templates: Templates = field(default_factory=lambda: learn({}, {}))
    habits: dict[int | None, TitleHabits] = field(default_factory=dict)
    bodies: dict[int, Steps] = field(default_factory=dict)
    css: dict[str, str] = field(default_factory=dict)
    column_names: frozenset[str] = frozenset()
    called: dict[str, Counter[str]] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    fields: Fields = Fields()

    @property
    def host(self) -> str | None:
        return self.source.host

    def of_kind(self, *wanted: Kind) -> Iterator[Page]:
        return (page for page in self.pages.values() if page.kind in wanted)

    def markup(self) -> list[Page]:
        """The addresses that hold markup, whatever their kind, in order."""
        return [page for page in self.pages.values() if page.charset is not None]

    def styles_of(self, sheet: Sheet) -> list[str]:
        """The texts of the style sheets that a page loads from its own site."""
        written = (link.get("href") or "" for link in sheet.root.iter("link"))
        found = (self.book.find(resolve(sheet.address, one, self.host).address) for one in written)
        return [self.css[address] for address in found if address in self.css]
