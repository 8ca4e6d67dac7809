"""An item has an address for ever; an edition is one signed or signable state of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import SHANGHAI, local, now
from hosting.runtime.ids import id_text
from hosting.runtime.records import TenantRecord, tenant_reference

DRAFT, FIRST_REVIEW, SECOND_REVIEW, ISSUE = "draft", "first_review", "second_review", "issue"
SCHEDULED, PUBLISHED = "scheduled", "published"
SUPERSEDED, WITHDRAWN = "superseded", "withdrawn"

IN_REVIEW = (FIRST_REVIEW, SECOND_REVIEW, ISSUE)
"""States in which an edition waits for a signature."""

OPEN_STATES = (DRAFT, *IN_REVIEW, SCHEDULED)
"""States of an edition that is still on its way."""


ARTICLE, COLUMN, BANNER = "article", "column", "banner"
"""Kinds of matter: an item, what a site says of one of its columns, the banner on its pages."""


class Matter(TenantRecord):
    """What is reviewed as one (一事一审), edition by edition.

    An `Item`, a `ColumnMatter` or a `BannerMatter`.

    `draft_edition_id` is the edition on its way, `live_edition_id` the one readers see; a matter
    may have both. The second is kept for speed: what makes an edition public is a row of issue.
    """

    __tablename__ = "item"
    __table_args__ = (
        tenant_reference("site_id", "site"),
        tenant_reference("column_id", "column_node"),
        UniqueConstraint("tenant_id", "site_id", "path"),
        UniqueConstraint("tenant_id", "external_id"),
        Index("ix_item_column", "tenant_id", "column_id"),
        Index("ix_item_run", "tenant_id", "run"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}

    kind: Mapped[str] = mapped_column(default=ARTICLE, server_default=ARTICLE)
    site_id: Mapped[int]
    # The home column: that of the live edition, or of the first draft before there is one. Of a
    # banner, which stands in none, the first of the site's; see `place_id`.
    column_id: Mapped[int]
    # Its own for ever: of an item its public address, of a column a name that no reader asks for.
    path: Mapped[str]
    draft_edition_id: Mapped[int | None]
    live_edition_id: Mapped[int | None]
    # The server's stamp of first issue.
    published_at: Mapped[datetime | None]
    # Where it came from: its key in the source, its address there, the run that brought it.
    external_id: Mapped[str | None]
    old_address: Mapped[str] = mapped_column(default="")
    run: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int]

    @property
    def place_id(self) -> int | None:
        """The column whose people answer for it; None where only those of the whole site do."""
        return self.column_id


class Item(Matter):
    """A piece of content and its public address, fixed when it is made."""

    __mapper_args__ = {"polymorphic_identity": ARTICLE}


class ColumnMatter(Matter):
    """What a site says of one of its columns: name, place, texts, path, whether it is there."""

    __mapper_args__ = {"polymorphic_identity": COLUMN}


class BannerMatter(Matter):
    """What stands over all pages of a site: its banner (应急公告横幅), or that it is grey.

    One of each a site, edition by edition; the path says which.
    """

    __mapper_args__ = {"polymorphic_identity": BANNER}

    @property
    def is_grey(self) -> bool:
        """Whether it is about days of mourning (哀悼日灰度)."""
        return self.path == greyscale_matter_path(self.site_id)

    @property
    def place_id(self) -> None:
        """Nobody's who is confined to columns."""
        return None


def _index_of_time(name: str) -> Index:
    """For what is due: few editions name a time, and only they are looked through."""
    names_one = column(name).is_not(None)
    return Index(
        f"ix_edition_{name}",
        "tenant_id",
        name,
        sqlite_where=names_one,
        postgresql_where=names_one,
    )


class Edition(TenantRecord):
    """One state of a matter; `digest` covers all that a reader sees and what says when and where.

    draft -> first_review -> second_review -> issue -> (scheduled ->) published -> withdrawn, or
    superseded by a newer one; back to draft when it is returned.
    """

    __tablename__ = "edition"
    __table_args__ = (
        tenant_reference("item_id", "item"),
        tenant_reference("column_id", "column_node"),
        UniqueConstraint("tenant_id", "item_id", "number"),
        Index("ix_edition_state", "tenant_id", "state"),
        _index_of_time("publish_at"),
        _index_of_time("withdraw_at"),
        _index_of_time("valid_until"),
    )

    item_id: Mapped[int]
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default=DRAFT)
    column_id: Mapped[int]
    title: Mapped[str]
    subtitle: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    keywords: Mapped[str] = mapped_column(default="")
    source_name: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    body_text: Mapped[str] = mapped_column(Text, default="")
    # What the source says about when; needs a named source of that date.
    original_date: Mapped[date | None]
    original_date_source: Mapped[str] = mapped_column(default="")
    publish_at: Mapped[datetime | None]
    withdraw_at: Mapped[datetime | None]
    # Why what was due of it could not be done, as a code; no part of what is signed.
    hindrance: Mapped[str | None]
    # The header of an official document (STANDARDS 4.3), where the item is one.
    doc_number: Mapped[str] = mapped_column(default="")
    index_no: Mapped[str] = mapped_column(default="")
    issuing_body: Mapped[str] = mapped_column(default="")
    theme_class: Mapped[str] = mapped_column(default="")
    validity: Mapped[str] = mapped_column(default="")
    formed_date: Mapped[date | None]
    effective_date: Mapped[date | None]
    # The last day on which it is in force; from the next on it is shown as 失效.
    valid_until: Mapped[date | None]
    lost_attachments: Mapped[list[str]] = mapped_column(default=list)
    # Of an edition of a column: all it says beside the name, which is the title.
    column_facts: Mapped[dict[str, Any] | None]
    # Of an edition of a banner: what it says beside its title, and how much it weighs, or grey.
    banner_facts: Mapped[dict[str, Any] | None]
    digest: Mapped[str] = mapped_column(default="")
    written_by: Mapped[list[int]]
    written_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def place_id(self) -> int | None:
        """The column whose people answer for it; None where only those of the whole site do."""
        return self.column_id if self.banner_facts is None else None

    @property
    def is_of_item(self) -> bool:
        """Whether an item says it, and not a column or a banner."""
        return self.column_facts is None and self.banner_facts is None

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in OPEN_STATES

    @property
    def ends_at(self) -> datetime | None:
        """When its validity is over: as the day after the last one begins, by Beijing time."""
        if self.valid_until is None:
            return None
        return datetime.combine(self.valid_until + timedelta(days=1), time(), SHANGHAI)

    @property
    def is_document(self) -> bool:
        """Whether it carries the header of an official document.

        So does what ends some day, since the header tells whether it is still in force.
        """
        return bool(self.doc_number or self.index_no or self.issuing_body or self.valid_until)


class EditionAsset(TenantRecord):
    """A file that an edition shows: an attachment in its order, or an image of the text."""

    __tablename__ = "edition_asset"
    __table_args__ = (
        tenant_reference("edition_id", "edition"),
        tenant_reference("asset_id", "asset"),
        Index("ix_edition_asset_edition", "tenant_id", "edition_id"),
        Index("ix_edition_asset_asset", "tenant_id", "asset_id"),
    )

    edition_id: Mapped[int]
    asset_id: Mapped[int]
    role: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    # What the reader is shown as the attachment's name.
    name: Mapped[str] = mapped_column(default="")


class EditionColumn(TenantRecord):
    """A column beside the home column in which an edition is shown."""

    __tablename__ = "edition_column"
    __table_args__ = (
        tenant_reference("edition_id", "edition"),
        tenant_reference("column_id", "column_node"),
        UniqueConstraint("tenant_id", "edition_id", "column_id"),
    )

    edition_id: Mapped[int]
    column_id: Mapped[int]


class EditionTranslation(TenantRecord):
    """Of which item of the main site an edition of a foreign-language one is a translation."""

    __tablename__ = "edition_translation"
    __table_args__ = (
        tenant_reference("edition_id", "edition"),
        tenant_reference("original_id", "item"),
        UniqueConstraint("tenant_id", "edition_id"),
        Index("ix_edition_translation_original", "tenant_id", "original_id"),
    )

    edition_id: Mapped[int]
    original_id: Mapped[int]


def column_matter_path(column_id: int) -> str:
    """The name under which a column's own matter is kept; no page stands there."""
    return f"/columns/{id_text(column_id)}"


def banner_matter_path(site_id: int) -> str:
    """The name under which a site's banner is kept; no page stands there."""
    return f"/banners/{id_text(site_id)}"


def greyscale_matter_path(site_id: int) -> str:
    """The same of its days of mourning."""
    return f"/greyscale/{id_text(site_id)}"


def item_path(item_id: int, made_at: datetime) -> str:
    """`/art/<year>/<last two of the id>/<id in base32>.html`: independent of column and title."""
    text = id_text(item_id)
    return f"/art/{local(made_at, SHANGHAI).year}/{text[-2:]}/{text}.html"
