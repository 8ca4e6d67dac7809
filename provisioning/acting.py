"""How a command changes a tenant: one transaction, the jobs it caused, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from hosting.directory.models import Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.command_line import answer, settle
from hosting.runtime.runtime import Runtime
from hosting.runtime.session import WalledSession
from provisioning.onboarding.queries import tenant_details
from provisioning.presenters import details_text


def change_tenant(
    runtime: Runtime,
    code: str,
    verb: Callable[[WalledSession, Tenant], object],
    *,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Do one thing to a tenant, finish the jobs it caused, and show the tenant as it is then."""
    with runtime.platform_session(reason="change tenant") as session:
        verb(session, tenant_by_code(session, code))
    settle(runtime, no_wait=no_wait)
    with runtime.platform_session(reason="show tenant", reading=True) as session:
        details = tenant_details(session, tenant_by_code(session, code))
    answer(details, as_json=as_json, human=details_text)
