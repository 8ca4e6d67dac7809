"""What will happen of itself."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hosting.console.lists import Listing
from hosting.runtime import web
from hosting.security.guards import current_actor, guarded
from tenants.workspace.blueprint import blueprint
from tenants.workspace.presenters.planned import planned_lines
from tenants.workspace.queries.planned import columns_by_id, planned, planned_count


@blueprint.get("/schedule/")
@guarded("content.read")
def schedule() -> ResponseReturnValue:
    """All that is planned within this person's reach, the soonest first."""
    session, actor = web.session(), current_actor()
    listing = Listing.read(sorts=("at",))
    paging = listing.of(planned_count(session, actor))
    found = planned(session, actor, offset=paging.offset, limit=listing.size)
    lines = planned_lines(found, columns_by_id(session))
    return render_template("workspace/schedule.html", paging=paging, lines=lines)
