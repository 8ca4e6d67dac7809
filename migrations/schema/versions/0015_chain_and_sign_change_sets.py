"""chain and sign change sets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snapshot", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("previous", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("algorithm", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("key_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.String(), nullable=True))


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.drop_column("signature")
        batch_op.drop_column("key_id")
        batch_op.drop_column("algorithm")
        batch_op.drop_column("previous")
        batch_op.drop_column("snapshot")
