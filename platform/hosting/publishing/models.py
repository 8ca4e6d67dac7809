"""What is public now, what has to be made again, and what was done to the public tree.

The first three tables are derived: they can be thrown away and are made again by a full build.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord, tenant_reference


class PublicPage(TenantRecord):
    """One address of a site's tree; without a digest it is a gone marker.

    `changed_at` is when these bytes first stood there, in whole seconds: the file's time stamp,
    which grows with each change because nginx tells versions apart by it.
    """

    __tablename__ = "public_page"
    __table_args__ = (
        UniqueConstraint("tenant_id", "site_id", "key"),
        UniqueConstraint("tenant_id", "site_id", "path"),
        tenant_reference("site_id", "site"),
    )

    site_id: Mapped[int]
    key: Mapped[str]
    path: Mapped[str]
    digest: Mapped[str | None]
    rank: Mapped[int]
    changed_at: Mapped[int]


class PageDependency(TenantRecord):
    """A name that a page used when it was rendered last.

    No foreign key to the page: rows of moving pages are deleted and written again in slices.
    """

    __tablename__ = "page_dependency"
    __table_args__ = (
        UniqueConstraint("tenant_id", "page_id", "name"),
        Index("ix_page_dependency_name", "tenant_id", "site_id", "name", "page_id"),
    )

    site_id: Mapped[int]
    page_id: Mapped[int]
    name: Mapped[str]


class StaleMark(TenantRecord):
    """Something changed: a page (`kind` key) or all pages that used a name (`kind` name).

    Marks are only added and deleted, never changed, so that those who mark never wait for each
    other; a publisher deletes the very marks it has taken, and what came later stays.
    """

    __tablename__ = "stale_mark"
    __table_args__ = (
        Index("ix_stale_mark_site_lane", "tenant_id", "site_id", "lane", "id"),
        tenant_reference("site_id", "site"),
    )

    site_id: Mapped[int]
    kind: Mapped[str]
    subject: Mapped[str]
    lane: Mapped[str]
    marked_at: Mapped[datetime] = mapped_column(default=now)


class ChangeSet(TenantRecord):
    """What one build does to one tree: recorded before the first file is touched, closed after.

    `entries` are those of `changesets.Entry`; a change set that switches to a new tree has none.
    `snapshot` is the blob that lists all that stands in the tree after it: a switch has one, and
    whoever reads the chain begins at the last. The others make it a link of the site's chain
    (`manifest.statement`); rows from before there was a signer lack them.
    open -> closed | abandoned.
    """

    __tablename__ = "change_set"
    __table_args__ = (
        UniqueConstraint("tenant_id", "site_id", "number"),
        Index("ix_change_set_state", "tenant_id", "site_id", "state"),
        tenant_reference("site_id", "site"),
    )

    site_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    tree: Mapped[int]
    is_switch: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[list[Any]] = mapped_column(default=list)
    snapshot: Mapped[str | None]
    previous: Mapped[str | None]
    algorithm: Mapped[str | None]
    key_id: Mapped[str | None]
    signature: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]


class BuildFailure(TenantRecord):
    """A page that could not be rendered; what was public stays, and it is tried again."""

    __tablename__ = "build_failure"
    __table_args__ = (
        UniqueConstraint("tenant_id", "site_id", "key"),
        tenant_reference("site_id", "site"),
    )

    site_id: Mapped[int]
    key: Mapped[str]
    reason: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=1)
    failed_at: Mapped[datetime] = mapped_column(default=now)


class Redirect(TenantRecord):
    """Where an old address leads: 301 or 302 to a target on the same site, or 410 without one.

    `address` is the old path with its query as `redirects.normalised` writes it.
    """

    __tablename__ = "redirect"
    __table_args__ = (
        UniqueConstraint("tenant_id", "site_id", "address"),
        tenant_reference("site_id", "site"),
    )

    site_id: Mapped[int]
    address: Mapped[str]
    target: Mapped[str] = mapped_column(default="")
    status: Mapped[int] = mapped_column(default=301)
    added_at: Mapped[datetime] = mapped_column(default=now)
