"""Provisioning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "tenant_step",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("old_state", sa.String(), nullable=False),
        sa.Column("new_state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("successor", sa.String(), nullable=False),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=False),
        sa.Column("taken_name", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["tenant.id"], name=op.f("fk_tenant_step_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_step")),
    )
    with op.batch_alter_table("tenant_step", schema=None) as batch_op:
        batch_op.create_index("ix_tenant_step_subject_id", ["subject_id"], unique=False)


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("tenant_step", schema=None) as batch_op:
        batch_op.drop_index("ix_tenant_step_subject_id")

    op.drop_table("tenant_step")
