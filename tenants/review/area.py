"""Review's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area, Job
from hosting.runtime.erasing import rows_of
from hosting.runtime.language import N_
from tenants.review.jobs import carry_out_order, issue_when_due
from tenants.review.models import (
    ColumnTally,
    Issue,
    MigrationOrder,
    MigrationOrderLine,
    Register,
    SecrecyReview,
    Signature,
    Slot,
    Submission,
    Withdrawal,
)
from tenants.review.operations.order import CARRY_OUT
from tenants.review.operations.signing import ISSUE_DUE

area = Area(
    name="review",
    needs=("content",),
    models=(
        Submission,
        Signature,
        SecrecyReview,
        Register,
        Issue,
        Withdrawal,
        Slot,
        ColumnTally,
        MigrationOrder,
        MigrationOrderLine,
    ),
    erases=(
        rows_of(
            N_("审签和发布记录"),
            Signature,
            SecrecyReview,
            Submission,
            Withdrawal,
            Issue,
            Slot,
            ColumnTally,
            MigrationOrderLine,
            MigrationOrder,
            Register,
        ),
    ),
    jobs=(Job(ISSUE_DUE, issue_when_due), Job(CARRY_OUT, carry_out_order)),
)
