"""Columns are reviewed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("column_node", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(), server_default="open", nullable=False))

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "column_facts",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=True,
            )
        )

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(), server_default="article", nullable=False)
        )


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_column("column_facts")

    with op.batch_alter_table("column_node", schema=None) as batch_op:
        batch_op.drop_column("state")
