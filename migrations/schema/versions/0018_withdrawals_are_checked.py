"""Checks and receipts of withdrawals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "withdrawal_check",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawal_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "pages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_withdrawal_check_tenant_id_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawal_id"],
            ["withdrawal.tenant_id", "withdrawal.id"],
            name=op.f("fk_withdrawal_check_tenant_id_withdrawal_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_withdrawal_check")),
    )
    with op.batch_alter_table("withdrawal_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_withdrawal_check_asked_at", ["tenant_id", "asked_at"], unique=False
        )
        batch_op.create_index("ix_withdrawal_check_item", ["tenant_id", "item_id"], unique=False)

    op.create_table(
        "withdrawal_receipt",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawal_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "places", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("leftovers", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_id"],
            ["withdrawal_check.tenant_id", "withdrawal_check.id"],
            name=op.f("fk_withdrawal_receipt_tenant_id_check_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_withdrawal_receipt_tenant_id_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawal_id"],
            ["withdrawal.tenant_id", "withdrawal.id"],
            name=op.f("fk_withdrawal_receipt_tenant_id_withdrawal_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_withdrawal_receipt")),
        sa.UniqueConstraint(
            "tenant_id", "check_id", name=op.f("uq_withdrawal_receipt_tenant_id_check_id")
        ),
    )
    with op.batch_alter_table("withdrawal_receipt", schema=None) as batch_op:
        batch_op.create_index("ix_withdrawal_receipt_item", ["tenant_id", "item_id"], unique=False)
        batch_op.create_index("ix_withdrawal_receipt_state", ["tenant_id", "state"], unique=False)


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("withdrawal_receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_withdrawal_receipt_state")
        batch_op.drop_index("ix_withdrawal_receipt_item")

    op.drop_table("withdrawal_receipt")
    with op.batch_alter_table("withdrawal_check", schema=None) as batch_op:
        batch_op.drop_index("ix_withdrawal_check_item")
        batch_op.drop_index("ix_withdrawal_check_asked_at")

    op.drop_table("withdrawal_check")
