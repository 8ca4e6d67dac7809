"""An item's page."""

from __future__ import annotations

from dataclasses import dataclass

from themes.contract.pages import ColumnView
from themes.contract.parts import CleanHtml, ListEntry, Picture, Translation
from themes.contract.site import SiteView


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to take away: `size` as people read it ("1.2 MB"), `kind` its ending ("pdf").

    With an empty `path` the file was lost before it came here; its name stands without a link.
    """

    name: str
    path: str
    size: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OriginalDate:
    """When it first appeared elsewhere, and who says so; shown beside this site's own date."""

    date: str
    source: str


@dataclass(frozen=True, slots=True)
class RepostOf:
    """Of a repost (转载): the original's full address, and when it was taken over here."""

    url: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The header of an official document (公文), as the disclosure rules name its elements.

    `letterhead` is the red head ("云溪市人民政府文件") where the document was issued under one; the
    page is then laid out and printed as GB/T 9704—2012 lays out paper. `validity` is one of valid,
    amended, repealed, expired, or ""; `validity_note` says by what and when and stands with it.
    """

    title: str
    index_no: str = ""
    theme_class: str = ""
    issuing_body: str = ""
    formed_date: str = ""
    doc_number: str = ""
    publish_date: str = ""
    effective_date: str = ""
    valid_until: str = ""
    validity: str = ""
    validity_note: str = ""
    letterhead: str = ""
    signatory: str = ""


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """Related items under one heading: 政策解读, 相关文件, …"""

    name: str
    entries: tuple[ListEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An article or document.

    `pub_date` ("YYYY-MM-DD HH:MM") is the item's date: shown, and the PubDate label. Where that is
    an original date, `original` names it with its source and `published` is this site's own time
    of issue; both are empty otherwise. `beginning` are the text's first words, for programs that
    show the page where it has no `summary`. `image` is for the Image label. `alternates` are the
    same item in all languages that it is public in, its own among them, the tenant's main one
    first; empty where it is in one alone. `path` is the item's own
    address. Of a `repost` the source is the site that it was taken from, and the canonical address
    is the original's.
    """

    site: SiteView
    column: ColumnView
    path: str
    title: str
    pub_date: str
    source: str
    body: CleanHtml
    subtitle: str = ""
    source_path: str = ""
    author: str = ""
    editor: str = ""
    summary: str = ""
    beginning: str = ""
    keywords: str = ""
    image: Picture | None = None
    original: OriginalDate | None = None
    repost: RepostOf | None = None
    published: str = ""
    document: Document | None = None
    attachments: tuple[Attachment, ...] = ()
    related: tuple[RelatedGroup, ...] = ()
    alternates: tuple[Translation, ...] = ()
    register_number: str = ""
