"""When pages come down and when their validity ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "expiry",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.BigInteger(), nullable=False),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_expiry_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_expiry_tenant_id_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_expiry")),
        sa.UniqueConstraint("tenant_id", "edition_id", name=op.f("uq_expiry_tenant_id_edition_id")),
    )
    with op.batch_alter_table("expiry", schema=None) as batch_op:
        batch_op.create_index("ix_expiry_item", ["tenant_id", "item_id"], unique=False)

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdraw_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hindrance", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_edition_publish_at",
            ["tenant_id", "publish_at"],
            unique=False,
            sqlite_where=sa.text("publish_at IS NOT NULL"),
            postgresql_where=sa.text("publish_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_edition_valid_until",
            ["tenant_id", "valid_until"],
            unique=False,
            sqlite_where=sa.text("valid_until IS NOT NULL"),
            postgresql_where=sa.text("valid_until IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_edition_withdraw_at",
            ["tenant_id", "withdraw_at"],
            unique=False,
            sqlite_where=sa.text("withdraw_at IS NOT NULL"),
            postgresql_where=sa.text("withdraw_at IS NOT NULL"),
        )

    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_column("due_at")

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_edition_withdraw_at",
            sqlite_where=sa.text("withdraw_at IS NOT NULL"),
            postgresql_where=sa.text("withdraw_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_edition_valid_until",
            sqlite_where=sa.text("valid_until IS NOT NULL"),
            postgresql_where=sa.text("valid_until IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_edition_publish_at",
            sqlite_where=sa.text("publish_at IS NOT NULL"),
            postgresql_where=sa.text("publish_at IS NOT NULL"),
        )
        batch_op.drop_column("valid_until")
        batch_op.drop_column("hindrance")
        batch_op.drop_column("withdraw_at")

    with op.batch_alter_table("expiry", schema=None) as batch_op:
        batch_op.drop_index("ix_expiry_item")

    op.drop_table("expiry")
