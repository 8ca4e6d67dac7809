"""The receipts' part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area, Every, Job
from hosting.runtime.erasing import rows_of
from hosting.runtime.events import Subscription
from hosting.runtime.language import N_
from tenants.receipts import commands
from tenants.receipts.jobs import SWEEP_CHECKS, check_withdrawal, sweep_checks
from tenants.receipts.models import WithdrawalCheck, WithdrawalReceipt
from tenants.receipts.operations import CHECK_WITHDRAWAL, LANES, enqueue_check, promise_check
from tenants.review.events import ItemWithdrawn

COMMANDS = commands
"""Its command stands in the group `publish`; named, so that importing it has a reader."""

area = Area(
    name="receipts",
    needs=("pages", "publishing", "review"),
    models=(WithdrawalCheck, WithdrawalReceipt),
    erases=(rows_of(N_("撤稿核查和回执"), WithdrawalReceipt, WithdrawalCheck),),
    jobs=(Job(CHECK_WITHDRAWAL, check_withdrawal), Job(SWEEP_CHECKS, sweep_checks)),
    # Asking waits for answers: it must hold up nothing that people wait for.
    lanes=lambda _settings: (LANES,),
    drained=LANES,
    # A lost job must not leave a withdrawal without its proof.
    timetable=(Every(60, SWEEP_CHECKS),),
    subscriptions=(
        Subscription(ItemWithdrawn, promise_check, immediate=True),
        Subscription(ItemWithdrawn, enqueue_check),
    ),
)
