"""add site designs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "site_design",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("main", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("home", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_name", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earlier_id", sa.BigInteger(), nullable=True),
        sa.Column("earlier_tree", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "earlier_id"],
            ["site_design.tenant_id", "site_design.id"],
            name=op.f("fk_site_design_tenant_id_earlier_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_site_design_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_design")),
    )
    with op.batch_alter_table("site_design", schema=None) as batch_op:
        batch_op.create_index(
            "uq_site_design_now",
            ["tenant_id", "site_id", "state"],
            unique=True,
            sqlite_where=sa.text("state IN ('staged', 'shown')"),
            postgresql_where=sa.text("state IN ('staged', 'shown')"),
        )


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("site_design", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_site_design_now",
            sqlite_where=sa.text("state IN ('staged', 'shown')"),
            postgresql_where=sa.text("state IN ('staged', 'shown')"),
        )

    op.drop_table("site_design")
