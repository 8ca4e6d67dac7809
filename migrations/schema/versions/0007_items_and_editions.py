"""Items and editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "item",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("column_id", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("draft_edition_id", sa.BigInteger(), nullable=True),
        sa.Column("live_edition_id", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("old_address", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "column_id"],
            ["column_node.tenant_id", "column_node.id"],
            name=op.f("fk_item_tenant_id_column_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_item_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_item")),
        sa.UniqueConstraint("tenant_id", "external_id", name=op.f("uq_item_tenant_id_external_id")),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "path", name=op.f("uq_item_tenant_id_site_id_path")
        ),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index("ix_item_column", ["tenant_id", "column_id"], unique=False)
        batch_op.create_index("ix_item_run", ["tenant_id", "run"], unique=False)

    op.create_table(
        "edition",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("column_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subtitle", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("keywords", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("original_date", sa.Date(), nullable=True),
        sa.Column("original_date_source", sa.String(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("doc_number", sa.String(), nullable=False),
        sa.Column("index_no", sa.String(), nullable=False),
        sa.Column("issuing_body", sa.String(), nullable=False),
        sa.Column("theme_class", sa.String(), nullable=False),
        sa.Column("validity", sa.String(), nullable=False),
        sa.Column("formed_date", sa.Date(), nullable=True),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column(
            "lost_attachments",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column(
            "written_by", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "column_id"],
            ["column_node.tenant_id", "column_node.id"],
            name=op.f("fk_edition_tenant_id_column_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_edition_tenant_id_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edition")),
        sa.UniqueConstraint(
            "tenant_id", "item_id", "number", name=op.f("uq_edition_tenant_id_item_id_number")
        ),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index("ix_edition_state", ["tenant_id", "state"], unique=False)

    op.create_table(
        "edition_asset",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["asset.tenant_id", "asset.id"],
            name=op.f("fk_edition_asset_tenant_id_asset_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_edition_asset_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edition_asset")),
    )
    with op.batch_alter_table("edition_asset", schema=None) as batch_op:
        batch_op.create_index("ix_edition_asset_asset", ["tenant_id", "asset_id"], unique=False)
        batch_op.create_index("ix_edition_asset_edition", ["tenant_id", "edition_id"], unique=False)

    op.create_table(
        "edition_column",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("column_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "column_id"],
            ["column_node.tenant_id", "column_node.id"],
            name=op.f("fk_edition_column_tenant_id_column_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_edition_column_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edition_column")),
        sa.UniqueConstraint(
            "tenant_id",
            "edition_id",
            "column_id",
            name=op.f("uq_edition_column_tenant_id_edition_id_column_id"),
        ),
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table("edition_column")
    with op.batch_alter_table("edition_asset", schema=None) as batch_op:
        batch_op.drop_index("ix_edition_asset_edition")
        batch_op.drop_index("ix_edition_asset_asset")

    op.drop_table("edition_asset")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index("ix_edition_state")

    op.drop_table("edition")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index("ix_item_run")
        batch_op.drop_index("ix_item_column")

    op.drop_table("item")
