"""Security's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area, Every, Job, MenuEntry
from hosting.runtime.events import Event, Subscription
from hosting.runtime.language import N_
from hosting.security.audit import AuditEntry, AuditHead, keep
from hosting.security.audit_queries import VERIFY_AUDIT
from hosting.security.blueprint import blueprint
from hosting.security.commands import account_group, audit_group, list_routes
from hosting.security.first_administrators import prepare
from hosting.security.guards import assert_all_guarded
from hosting.security.jobs import verify_audit
from hosting.security.models import Account, Credential, Membership, SignIn
from hosting.security.views import (  # noqa: F401 - they register
    account,
    openid,
    second_factor,
    signing_in,
)

_A_DAY_SECONDS = 86_400

area = Area(
    name="security",
    needs=("console", "directory"),
    models=(Account, Credential, Membership, SignIn, AuditEntry, AuditHead),
    checks=(assert_all_guarded,),
    console=(blueprint,),
    jobs=(Job(VERIFY_AUDIT, verify_audit),),
    timetable=(Every(_A_DAY_SECONDS, VERIFY_AUDIT),),
    commands=(account_group, audit_group, list_routes),
    subscriptions=(Subscription(Event, keep, immediate=True),),
    prepares=(prepare,),
    menu=(
        MenuEntry(
            label=N_("我的账号"),
            endpoint="security.account",
            permission="",
            section="account",
            icon="person",
        ),
    ),
)
