"""What was read of one old address: plain facts, no tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrations.legacy.reading.bodies import Steps
from migrations.legacy.reading.dates import Dated
from migrations.legacy.reading.files import PAGE_KINDS, Kind
from migrations.legacy.reading.headers import DocumentHeader
from migrations.legacy.reading.lists import Entry
from migrations.legacy.sources.addresses import Reference


@dataclass(frozen=True)
class Charset:
    """How the bytes were read; `label` is the page's own claim where it was wrong."""

    encoding: str
    evidence: str
    lost: int = 0
    label: str | None = None


@dataclass(frozen=True)
class Linked:
    """A picture or a file of an article. `address` is None where the old site no longer has it.

    `written` is what the page says, `moved` that it was found in another place by its name, `dead`
    that the page's link itself leads nowhere.
    """

    name: str
    written: str
    address: str | None
    moved: bool = False
    dead: bool = False


@dataclass
class Page:
    """One address of the source. Facts of articles are empty for every other kind."""

    address: str
    location: str
    aliases: tuple[str, ...]
    size_bytes: int
    digest: str
    kind: Kind
    trouble: str | None = None
    charset: Charset | None = None
    template: int | None = None
    raw_title: str = ""
    title: str = ""
    title_source: str = "none"
    date: Dated | None = None
    date_source: str = ""
    source_name: str = ""
    author: str = ""
    header: DocumentHeader | None = None
    column: tuple[str, ...] = ()
    column_source: str = ""
    sends_to: tuple[str, Reference] | None = None
    entries: list[Entry] = field(default_factory=list)
    body: Steps | None = None
    text: str = ""
    images: tuple[Linked, ...] = ()
    attachments: tuple[Linked, ...] = ()
    dead_links: tuple[str, ...] = ()
    variant_of: str | None = None

    @property
    def is_page(self) -> bool:
        return self.kind in PAGE_KINDS or self.charset is not None


@dataclass(frozen=True)
class Column:
    """A column of the old site: its names from the top, its pages from the first."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Signs:
    """What a page shows of its kind; see `kinds.judge`."""

    says_article: bool = False
    says_list: bool = False
    tail: str = ""
    byline: bool = False
    entries: int = 0
    dated_entries: int = 0
    weight: float = 0.0
    lines_inside: int = 0
    pictures: int = 0
    is_form: bool = False
    is_login: bool = False
    sent_on: bool = False
    in_menu: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the page shows nothing of its own at all."""
        return self.weight < _NOTHING and not (self.entries or self.byline or self.pictures)


# A stray word that chrome left over.
_NOTHING = 20.0
