"""The blueprint of signing in and of one's own account; views register on it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask
from flask.sansio.blueprints import BlueprintSetupState

from hosting.console.language import say
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.runtime.runtime import Runtime
from hosting.security.guards import install_guards
from hosting.security.openid import init_openid

blueprint = Blueprint("security", __name__, template_folder="templates")
install_guards(blueprint)


@blueprint.record_once
def _init(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    init_openid(app, cast("Runtime", app.extensions["jiyue"]).settings)


@blueprint.app_context_processor
def _openid() -> dict[str, str]:
    """What the button of the city's identity provider says; "" where there is none."""
    settings = web.current_runtime().settings
    name = settings.openid_name or say(N_("统一身份认证"))
    return {"openid_name": name if settings.openid_issuer else ""}
