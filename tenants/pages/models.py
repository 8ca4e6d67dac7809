"""What is kept of pages beside what publishing keeps of all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hosting.runtime.clock import now
from hosting.runtime.records import TenantRecord, tenant_reference


class SitemapPart(TenantRecord):
    """When what one part of a column's sitemap names was last issued or withdrawn.

    So the index need not read every slot of the site. Parts of which nothing is noted yet are from
    before there was this table.
    """

    __tablename__ = "sitemap_part"
    __table_args__ = (
        tenant_reference("column_id", "column_node"),
        UniqueConstraint("tenant_id", "column_id", "part"),
    )

    column_id: Mapped[int]
    part: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(default=now)
