"""The nodes of a site's column tree, and the designs that it is shown in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import READ, PlatformRecord, TenantRecord, tenant_reference

MAXIMUM_DEPTH = 5
"""Levels of the tree; a reader finds nothing that lies deeper."""

COLUMN_KINDS = ("column", "subsite")

PLANNED, OPEN, CLOSED = "planned", "open", "closed"
"""States of a column: wanted and not yet signed; before readers; taken out of the tree."""


class Column(TenantRecord):
    """A column (栏目) or subsite (子站): a node with its own public path.

    `path` is the slugs from the top, "/zwgk/tzgg/", and unique in the site. The row says what
    readers see; what is wanted of it is an edition until it is signed. planned -> open -> closed.
    """

    __tablename__ = "column_node"
    __table_args__ = (
        tenant_reference("site_id", "site"),
        tenant_reference("parent_id", "column_node"),
        UniqueConstraint("tenant_id", "site_id", "path"),
        Index("ix_column_node_parent", "tenant_id", "parent_id"),
    )

    site_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=OPEN, server_default=OPEN)
    parent_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(default="column")
    name: Mapped[str]
    slug: Mapped[str]
    path: Mapped[str]
    depth: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    # What the page labels say of the column (STANDARDS 2.5).
    description: Mapped[str] = mapped_column(default="")
    keywords: Mapped[str] = mapped_column(default="")
    column_type: Mapped[str] = mapped_column(default="")
    # Which update rule of STANDARDS 7.4 holds, and its window in days where it is its own.
    update_class: Mapped[str] = mapped_column(default="default")
    update_days: Mapped[int | None]
    page_size: Mapped[int] = mapped_column(default=20)
    # Subsites may look different from the site that holds them.
    theme_variant: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_subsite(self) -> bool:
        """Whether it is a subsite: own people and theme variant, never an own host."""
        return self.kind == "subsite"


STAGED, SHOWN, PAST, LEFT = "staged", "shown", "past", "left"
"""States of a design: on trial; what readers see; what they saw before; given up."""


_NOW = column("state").in_((STAGED, SHOWN))
"""At most one of a site is on trial, and one is shown."""


class SiteDesign(TenantRecord):
    """A design (版式) of a whole site: theme, main colour, drawing, and the home page's blocks.

    staged -> shown -> past, and from past back to shown; or staged -> left. The site's own row says
    what is shown now; a site that was never redesigned has no design on record.
    """

    __tablename__ = "site_design"
    __table_args__ = (
        tenant_reference("site_id", "site"),
        tenant_reference("earlier_id", "site_design"),
        Index(
            "uq_site_design_now",
            "tenant_id",
            "site_id",
            "state",
            unique=True,
            sqlite_where=_NOW,
            postgresql_where=_NOW,
        ),
    )

    site_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=STAGED)
    theme: Mapped[str]
    # "" leaves the theme's own.
    main: Mapped[str] = mapped_column(default="")
    motif: Mapped[str] = mapped_column(default="")
    # The home page's blocks as `Site.layout` has them.
    home: Mapped[list[Any]] = mapped_column(default=list)
    # The account, 0 for the operator of the platform.
    made_by: Mapped[int]
    made_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)
    shown_name: Mapped[str] = mapped_column(default="")
    shown_at: Mapped[datetime | None]
    # What was shown before this one, and the tree that readers saw then.
    earlier_id: Mapped[int | None]
    earlier_tree: Mapped[int | None]


BANNER, GREYSCALE = "banner", "greyscale"
NOTICE_KINDS = (BANNER, GREYSCALE)
"""What the city may put over sites: words on top of every page, or a day of mourning."""

PLANNED_NOTICE, STANDING, OVER = "planned", "standing", "over"
"""States of a notice: its time has not come; pages have it; it ended, or never began."""


class CityNotice(PlatformRecord):
    """What the city puts over all sites, or those of some tenants, for a time.

    planned -> standing -> over. Pages read the state and no clock; `told_through` is the last site
    that was told of it. It is the city's to write; tenants' pages read what all their readers see.
    """

    __tablename__ = "city_notice"
    tenant_rights = READ
    __table_args__ = (Index("ix_city_notice_state", "state"),)

    kind: Mapped[str]
    # Of a banner what it says, as BannerWords.
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_for_all: Mapped[bool]
    tenant_ids: Mapped[list[int]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default=PLANNED_NOTICE)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
    ordered_by: Mapped[int]
    ordered_name: Mapped[str]
    ordered_at: Mapped[datetime] = mapped_column(default=now)
    # Who ended it before its time, and why.
    ended_name: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    told_through: Mapped[int] = mapped_column(default=0)

    def covers(self, tenant_id: int) -> bool:
        """Whether it is over the sites of a tenant, also of one that was opened since."""
        return self.is_for_all or tenant_id in self.tenant_ids
