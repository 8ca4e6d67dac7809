"""When the parts of sitemaps changed is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "sitemap_part",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("column_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "column_id"],
            ["column_node.tenant_id", "column_node.id"],
            name=op.f("fk_sitemap_part_tenant_id_column_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sitemap_part")),
        sa.UniqueConstraint(
            "tenant_id", "column_id", "part", name=op.f("uq_sitemap_part_tenant_id_column_id_part")
        ),
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table("sitemap_part")
