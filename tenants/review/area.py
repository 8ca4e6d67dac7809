"""Review's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area, Every, Job
from hosting.runtime.erasing import rows_of
from hosting.runtime.language import N_
from tenants.review.jobs import SWEEP_DUE, carry_out_due, carry_out_order, sweep_due
from tenants.review.models import (
    ColumnTally,
    Expiry,
    Issue,
    MigrationOrder,
    MigrationOrderLine,
    Register,
    RepostAcceptance,
    SecrecyReview,
    Signature,
    Slot,
    Submission,
    Withdrawal,
)
from tenants.review.operations.order import CARRY_OUT
from tenants.review.operations.promises import WHEN_DUE

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
        Expiry,
        Slot,
        ColumnTally,
        MigrationOrder,
        MigrationOrderLine,
        RepostAcceptance,
    ),
    erases=(
        rows_of(
            N_("审签和发布记录"),
            Signature,
            SecrecyReview,
            Submission,
            Withdrawal,
            Expiry,
            Issue,
            Slot,
            ColumnTally,
            MigrationOrderLine,
            MigrationOrder,
            RepostAcceptance,
            Register,
        ),
    ),
    jobs=(
        Job(WHEN_DUE, carry_out_due),
        Job(SWEEP_DUE, sweep_due),
        Job(CARRY_OUT, carry_out_order),
    ),
    # What is due is looked for every minute as well: a lost job must not keep a page public.
    timetable=(Every(60, SWEEP_DUE),),
)
