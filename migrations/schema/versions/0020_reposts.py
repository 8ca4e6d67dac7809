"""Items are carried by other tenants, under a signed acceptance or as drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "repost_taker",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("receiver_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("acceptance_id", sa.BigInteger(), nullable=False),
        sa.Column("column_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_repost_taker")),
        sa.UniqueConstraint(
            "tenant_id",
            "receiver_tenant_id",
            "acceptance_id",
            name=op.f("uq_repost_taker_tenant_id_receiver_tenant_id_acceptance_id"),
        ),
    )
    op.create_table(
        "repost_acceptance",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_column_id", sa.BigInteger(), nullable=True),
        sa.Column("origin_name", sa.String(), nullable=False),
        sa.Column("origin_column_name", sa.String(), nullable=False),
        sa.Column("column_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("proposed_name", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=True),
        sa.Column("issued_name", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_name", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "column_id"],
            ["column_node.tenant_id", "column_node.id"],
            name=op.f("fk_repost_acceptance_tenant_id_column_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_repost_acceptance")),
    )
    with op.batch_alter_table("repost_acceptance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_repost_acceptance_origin", ["tenant_id", "origin_tenant_id"], unique=False
        )

    op.create_table(
        "repost",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_item_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_edition_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_digest", sa.String(), nullable=False),
        sa.Column("origin_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_repost_tenant_id_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_repost")),
        sa.UniqueConstraint(
            "tenant_id",
            "origin_tenant_id",
            "origin_item_id",
            name=op.f("uq_repost_tenant_id_origin_tenant_id_origin_item_id"),
        ),
    )
    with op.batch_alter_table("repost", schema=None) as batch_op:
        batch_op.create_index("ix_repost_item", ["tenant_id", "item_id"], unique=False)

    op.create_table(
        "sent_repost",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("receiver_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_by", sa.BigInteger(), nullable=True),
        sa.Column("sent_name", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["item.tenant_id", "item.id"],
            name=op.f("fk_sent_repost_tenant_id_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sent_repost")),
        sa.UniqueConstraint(
            "tenant_id",
            "item_id",
            "receiver_tenant_id",
            name=op.f("uq_sent_repost_tenant_id_item_id_receiver_tenant_id"),
        ),
    )
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acceptance_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("origin_digest", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_issue_tenant_id_acceptance_id"),
            "repost_acceptance",
            ["tenant_id", "acceptance_id"],
            ["tenant_id", "id"],
            initially="DEFERRED",
            deferrable=True,
        )


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issue_tenant_id_acceptance_id"), type_="foreignkey")
        batch_op.drop_column("origin_digest")
        batch_op.drop_column("acceptance_id")

    op.drop_table("sent_repost")
    with op.batch_alter_table("repost", schema=None) as batch_op:
        batch_op.drop_index("ix_repost_item")

    op.drop_table("repost")
    with op.batch_alter_table("repost_acceptance", schema=None) as batch_op:
        batch_op.drop_index("ix_repost_acceptance_origin")

    op.drop_table("repost_acceptance")
    op.drop_table("repost_taker")
