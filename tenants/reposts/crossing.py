"""What is named at another tenant, looked up in a session of that tenant which only reads."""

from __future__ import annotations

from hosting.directory.queries import main_site
from hosting.runtime.errors import NotFound
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from tenants.review.operations.accepting import AcceptanceFacts
from tenants.sites.models import OPEN
from tenants.sites.queries import column_at


def named_facts(
    runtime: Runtime, origin_id: int, origin_path: str, column_id: int
) -> AcceptanceFacts:
    """An acceptance of what stands at a public path of another tenant's site; "": of everything.

    NotFound where readers find no such column there.
    """
    if not origin_path.strip("/ ") or origin_id <= 0:
        return AcceptanceFacts(origin_id, column_id)
    with runtime.tenant_session(origin_id, reading=True) as session:
        there = column_at(session, main_site(session).id, origin_path)
        if there.state != OPEN:
            raise NotFound("no_such_column", N_("没有路径为“{path}”的栏目"), path=origin_path)
        return AcceptanceFacts(origin_id, column_id, there.id, there.name)
