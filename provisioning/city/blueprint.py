"""What all pages of the city share: templates, stylesheet, palette; and the views themselves."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from hosting.console.admin import serve
from hosting.console.assets import serve_folder
from hosting.console.palette import add_source
from provisioning.city.palette import find
from provisioning.city.views.accounts import AccountsView
from provisioning.city.views.audit import AuditView
from provisioning.city.views.deletion import DeletionsView, DeletionView
from provisioning.city.views.home import HomeView
from provisioning.city.views.hosts import HostsView
from provisioning.city.views.limits import LimitsView
from provisioning.city.views.notices import NoticesView
from provisioning.city.views.opening import OpeningView
from provisioning.city.views.roles import RolesView
from provisioning.city.views.sites import SitesView
from provisioning.city.views.state import StateView
from provisioning.city.views.tenants import TenantsView

blueprint = Blueprint("city", __name__, template_folder="templates")
serve_folder(blueprint, Path(__file__).parent / "static")
add_source(blueprint, find)


def _serve_views(state: BlueprintSetupState) -> None:
    """Each application gets views of its own: Flask-Admin keeps the application in them."""
    tenant = "/city/tenants/<tenant:code>"
    serve(
        cast("Flask", state.app),
        HomeView(endpoint="city_home", url="/city"),
        (
            TenantsView(endpoint="city_tenants", url="/city/tenants"),
            OpeningView(endpoint="city_opening", url="/city/opening"),
            HostsView(endpoint="city_hosts", url=f"{tenant}/hosts"),
            SitesView(endpoint="city_sites", url=f"{tenant}/sites"),
            LimitsView(endpoint="city_limits", url=f"{tenant}/limits"),
            StateView(endpoint="city_state", url=f"{tenant}/state"),
            DeletionView(endpoint="city_deletion", url=f"{tenant}/deletion"),
            DeletionsView(endpoint="city_deletions", url="/city/deletions"),
            NoticesView(endpoint="city_notices", url="/city/notices"),
            AccountsView(endpoint="city_accounts", url="/city/accounts"),
            RolesView(endpoint="city_roles", url="/city/accounts/<id:account_id>/roles"),
            AuditView(endpoint="city_audit", url="/city/audit"),
        ),
    )


blueprint.record(_serve_views)
