"""Security's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area, Every, Job, MenuEntry
from hosting.runtime.events import Event, Subscription
from hosting.runtime.language import N_
from hosting.security.audit import AuditEntry, AuditHead, keep
from hosting.security.audit_checkpoints import AuditCheckpoint
from hosting.security.audit_key import prepare as prepare_audit_key
from hosting.security.audit_queries import VERIFY_AUDIT
from hosting.security.blueprint import blueprint
from hosting.security.commands import account_group, audit_group, list_routes
from hosting.security.erasing import ERASES, KEEPS
from hosting.security.first_administrators import prepare
from hosting.security.guards import assert_all_guarded
from hosting.security.jobs import prune_audit, verify_audit
from hosting.security.models import (
    Account,
    Credential,
    Identity,
    Membership,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from hosting.security.views import (  # noqa: F401 - they register
    account,
    openid,
    second_factor,
    signing_in,
)

_A_DAY_SECONDS = 86_400
_PRUNE = "prune_audit"

area = Area(
    name="security",
    needs=("console", "directory"),
    models=(
        Account,
        Credential,
        SecondFactor,
        RecoveryCode,
        Identity,
        Membership,
        SignIn,
        AuditEntry,
        AuditHead,
        AuditCheckpoint,
    ),
    checks=(assert_all_guarded,),
    console=(blueprint,),
    jobs=(Job(VERIFY_AUDIT, verify_audit), Job(_PRUNE, prune_audit)),
    timetable=(Every(_A_DAY_SECONDS, VERIFY_AUDIT), Every(_A_DAY_SECONDS, _PRUNE)),
    commands=(account_group, audit_group, list_routes),
    subscriptions=(Subscription(Event, keep, immediate=True),),
    prepares=(prepare_audit_key, prepare),
    erases=ERASES,
    keeps=KEEPS,
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
