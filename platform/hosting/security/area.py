"""Security's part in the platform."""

from __future__ import annotations

from hosting.runtime.areas import Area
from hosting.runtime.events import Event, Subscription
from hosting.security.audit import AuditEntry, AuditHead, keep
from hosting.security.models import Account, Credential, Membership, SignIn

area = Area(
    name="security",
    needs=("directory",),
    models=(Account, Credential, Membership, SignIn, AuditEntry, AuditHead),
    subscriptions=(Subscription(Event, keep, immediate=True),),
)
