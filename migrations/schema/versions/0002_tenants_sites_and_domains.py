"""Tenants, sites and domains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "domain",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("for_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain")),
        sa.UniqueConstraint("host", name=op.f("uq_domain_host")),
    )
    with op.batch_alter_table("domain", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_domain_for_tenant_id"), ["for_tenant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_domain_site_id"), ["site_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("main_host", sa.String(), nullable=False),
        sa.Column("site_id_code", sa.String(), nullable=False),
        sa.Column("sponsor", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("icp_number", sa.String(), nullable=False),
        sa.Column("police_number", sa.String(), nullable=False),
        sa.Column(
            "contact", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "tokens", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "layout", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("history_until", sa.Date(), nullable=True),
        sa.Column(
            "quotas", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("code", name=op.f("uq_tenant_code")),
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table("tenant")
    op.drop_table("site")
    with op.batch_alter_table("domain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_domain_site_id"))
        batch_op.drop_index(batch_op.f("ix_domain_for_tenant_id"))

    op.drop_table("domain")
