"""The nodes of a site's column tree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord, tenant_reference

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
