"""Columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "column_node",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("depth", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("keywords", sa.String(), nullable=False),
        sa.Column("column_type", sa.String(), nullable=False),
        sa.Column("update_class", sa.String(), nullable=False),
        sa.Column("update_days", sa.BigInteger(), nullable=True),
        sa.Column("page_size", sa.BigInteger(), nullable=False),
        sa.Column("theme_variant", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["column_node.tenant_id", "column_node.id"],
            name=op.f("fk_column_node_tenant_id_parent_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_column_node_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_column_node")),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "path", name=op.f("uq_column_node_tenant_id_site_id_path")
        ),
    )
    with op.batch_alter_table("column_node", schema=None) as batch_op:
        batch_op.create_index("ix_column_node_parent", ["tenant_id", "parent_id"], unique=False)


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("column_node", schema=None) as batch_op:
        batch_op.drop_index("ix_column_node_parent")

    op.drop_table("column_node")
