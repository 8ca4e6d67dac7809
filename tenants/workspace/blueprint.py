"""The blueprint of all pages of the workspace; views register on it."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, request

from hosting.console.assets import serve_folder

blueprint = Blueprint(
    "workspace", __name__, url_prefix="/t/<tenant:code>", template_folder="templates"
)
serve_folder(blueprint, Path(__file__).parent / "static")


@blueprint.before_request
def leave_out_tenant() -> None:
    """Views need not take the tenant's code: the guard has bound the request to the tenant."""
    if request.view_args is not None:
        request.view_args.pop("code", None)
