"""Sites in foreign languages, and what their items are translations of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(), server_default="open", nullable=False))
        batch_op.create_index("uq_site_locale", ["tenant_id", "locale"], unique=True)

    op.create_table(
        "edition_translation",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("original_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "edition_id"],
            ["edition.tenant_id", "edition.id"],
            name=op.f("fk_edition_translation_tenant_id_edition_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "original_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_edition_translation_tenant_id_original_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edition_translation")),
        sa.UniqueConstraint(
            "tenant_id", "edition_id", name=op.f("uq_edition_translation_tenant_id_edition_id")
        ),
    )
    with op.batch_alter_table("edition_translation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_edition_translation_original", ["tenant_id", "original_id"], unique=False
        )


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("edition_translation", schema=None) as batch_op:
        batch_op.drop_index("ix_edition_translation_original")

    op.drop_table("edition_translation")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index("uq_site_locale")
        batch_op.drop_column("state")
