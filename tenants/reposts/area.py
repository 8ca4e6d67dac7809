"""The reposts' part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area, Job
from hosting.runtime.erasing import rows_of
from hosting.runtime.events import Subscription
from hosting.runtime.language import N_
from tenants.content.events import DraftDeleted
from tenants.reposts.commands import repost_group
from tenants.reposts.jobs import (
    CARRY,
    REPORT,
    TELL_ORIGIN,
    carry_repost,
    report_repost,
    spread_repost,
    tell_origin,
)
from tenants.reposts.models import Repost, RepostTaker, SentRepost
from tenants.reposts.operations.sending import SPREAD
from tenants.reposts.subscriptions import (
    decline_deleted,
    decline_withdrawn,
    on_acceptance,
    on_item_withdrawn,
    on_items_issued,
)
from tenants.reposts.traces import TRACES
from tenants.review.events import (
    ItemsIssued,
    ItemWithdrawn,
    RepostAcceptanceEnded,
    RepostAcceptanceIssued,
)

area = Area(
    name="reposts",
    needs=("review", "publishing"),
    models=(Repost, RepostTaker, SentRepost),
    commands=(repost_group,),
    jobs=(
        Job(SPREAD, spread_repost),
        Job(CARRY, carry_repost),
        Job(REPORT, report_repost),
        Job(TELL_ORIGIN, tell_origin),
    ),
    subscriptions=(
        Subscription(ItemsIssued, on_items_issued),
        Subscription(ItemWithdrawn, on_item_withdrawn),
        Subscription(ItemWithdrawn, decline_withdrawn, immediate=True),
        Subscription(DraftDeleted, decline_deleted, immediate=True),
        Subscription(RepostAcceptanceIssued, on_acceptance),
        Subscription(RepostAcceptanceEnded, on_acceptance),
    ),
    traces=TRACES,
    erases=(rows_of(N_("转载记录"), Repost, SentRepost, RepostTaker),),
)
