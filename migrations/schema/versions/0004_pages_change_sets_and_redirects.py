"""Pages, change sets and redirects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "page_dependency",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("page_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_page_dependency")),
        sa.UniqueConstraint(
            "tenant_id", "page_id", "name", name=op.f("uq_page_dependency_tenant_id_page_id_name")
        ),
    )
    with op.batch_alter_table("page_dependency", schema=None) as batch_op:
        batch_op.create_index(
            "ix_page_dependency_name", ["tenant_id", "site_id", "name", "page_id"], unique=False
        )

    op.create_table(
        "build_failure",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_build_failure_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_build_failure")),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "key", name=op.f("uq_build_failure_tenant_id_site_id_key")
        ),
    )
    op.create_table(
        "change_set",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tree", sa.BigInteger(), nullable=False),
        sa.Column("is_switch", sa.Boolean(), nullable=False),
        sa.Column(
            "entries", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_change_set_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_change_set")),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "number", name=op.f("uq_change_set_tenant_id_site_id_number")
        ),
    )
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.create_index(
            "ix_change_set_state", ["tenant_id", "site_id", "state"], unique=False
        )

    op.create_table(
        "public_page",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_public_page_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_public_page")),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "key", name=op.f("uq_public_page_tenant_id_site_id_key")
        ),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "path", name=op.f("uq_public_page_tenant_id_site_id_path")
        ),
    )
    op.create_table(
        "redirect",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_redirect_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_redirect")),
        sa.UniqueConstraint(
            "tenant_id", "site_id", "address", name=op.f("uq_redirect_tenant_id_site_id_address")
        ),
    )
    op.create_table(
        "stale_mark",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("fk_stale_mark_tenant_id_site_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_stale_mark")),
    )
    with op.batch_alter_table("stale_mark", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stale_mark_site_lane", ["tenant_id", "site_id", "lane", "id"], unique=False
        )


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("stale_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_stale_mark_site_lane")

    op.drop_table("stale_mark")
    op.drop_table("redirect")
    op.drop_table("public_page")
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.drop_index("ix_change_set_state")

    op.drop_table("change_set")
    op.drop_table("build_failure")
    with op.batch_alter_table("page_dependency", schema=None) as batch_op:
        batch_op.drop_index("ix_page_dependency_name")

    op.drop_table("page_dependency")
