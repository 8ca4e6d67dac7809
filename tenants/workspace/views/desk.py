"""The first page of a tenant."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hosting.runtime import web
from hosting.security.guards import current_actor, guarded
from tenants.workspace.blueprint import blueprint
from tenants.workspace.presenters.desk import desk_view
from tenants.workspace.queries.desk import desk


@blueprint.get("/")
@guarded("content.read")
def first_page() -> ResponseReturnValue:
    """What waits for me, what has happened, what falls behind."""
    actor = current_actor()
    shown = desk_view(desk(web.session(), actor), actor)
    return render_template("workspace/desk.html", desk=shown)
