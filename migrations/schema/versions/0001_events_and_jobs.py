"""Events and jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("for_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column(
            "payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_for_tenant_id"), ["for_tenant_id"], unique=False)
        batch_op.create_index("ix_job_state_lane_run_at", ["state", "lane", "run_at"], unique=False)
        batch_op.create_index(
            "uq_job_waiting",
            ["for_tenant_id", "kind", "key"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting' AND \"key\" IS NOT NULL"),
            postgresql_where=sa.text("state = 'waiting' AND \"key\" IS NOT NULL"),
        )

    op.create_table(
        "outbox_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("for_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
    )
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_event_for_tenant_id"), ["for_tenant_id"], unique=False
        )
        batch_op.create_index("ix_outbox_event_state_id", ["state", "id"], unique=False)

    op.create_table(
        "tenant_turn",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("for_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_turn")),
    )
    with op.batch_alter_table("tenant_turn", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tenant_turn_for_tenant_id"), ["for_tenant_id"], unique=False
        )
        batch_op.create_index("uq_tenant_turn", ["for_tenant_id", "lane"], unique=True)

    op.create_table(
        "timetable_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("for_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_entry")),
        sa.UniqueConstraint("kind", name=op.f("uq_timetable_entry_kind")),
    )
    with op.batch_alter_table("timetable_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timetable_entry_for_tenant_id"), ["for_tenant_id"], unique=False
        )


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("timetable_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timetable_entry_for_tenant_id"))

    op.drop_table("timetable_entry")
    with op.batch_alter_table("tenant_turn", schema=None) as batch_op:
        batch_op.drop_index("uq_tenant_turn")
        batch_op.drop_index(batch_op.f("ix_tenant_turn_for_tenant_id"))

    op.drop_table("tenant_turn")
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_event_state_id")
        batch_op.drop_index(batch_op.f("ix_outbox_event_for_tenant_id"))

    op.drop_table("outbox_event")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_waiting",
            sqlite_where=sa.text("state = 'waiting' AND \"key\" IS NOT NULL"),
            postgresql_where=sa.text("state = 'waiting' AND \"key\" IS NOT NULL"),
        )
        batch_op.drop_index("ix_job_state_lane_run_at")
        batch_op.drop_index(batch_op.f("ix_job_for_tenant_id"))

    op.drop_table("job")
