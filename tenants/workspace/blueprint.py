"""The blueprint of all pages of the workspace; views register on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, g, request, url_for

from hosting.console.assets import serve_folder
from hosting.directory.models import Site
from hosting.directory.queries import main_site, sites_of_tenant
from hosting.runtime import web
from tenants.sites.queries import site_of
from tenants.workspace.presenters.trees import site_choices

blueprint = Blueprint(
    "workspace", __name__, url_prefix="/t/<tenant:code>", template_folder="templates"
)
serve_folder(blueprint, Path(__file__).parent / "static")


_SITE, _SITE_ASKED = "site", "site_asked"
_OF_ONE_SITE = ("columns", "new_column", "create_column", "banners", "banner_preview", "originals")
_OF_ITS_BANNER = ("banner", "greyscale")


@blueprint.url_defaults
def keep_site(endpoint: str, values: dict[str, Any]) -> None:
    """Pages about one of the tenant's sites lead to pages about the same one.

    The address names a site in a foreign language; where it names none it is the main one.
    """
    name = endpoint.rpartition(".")[2]
    if name in _OF_ONE_SITE or name.endswith(_OF_ITS_BANNER):
        asked = g.get(_SITE_ASKED) or request.args.get(_SITE)
        if asked:
            values.setdefault(_SITE, asked)


def stand_on(site: Site) -> None:
    """Let this page lead to pages about a site: of something that belongs to it."""
    if not site.is_main:
        g.setdefault(_SITE_ASKED, str(site.id))


def asked_site() -> Site:
    """The site that the address names, else the main one; NotFound for another tenant's."""
    asked = web.asked_id(_SITE)
    return main_site(web.session()) if asked is None else site_of(web.session(), asked)


def site_tabs(endpoint: str, here: Site) -> list[tuple[str, str, bool]]:
    """The tenant's sites as the shell's tabs; none where there is but one."""
    sites = sites_of_tenant(web.session(), web.session().tenant_id)
    names = site_choices(sites)
    return [
        (
            names[str(each.id)],
            # "" leaves the site out of the address, whatever this page's own names.
            url_for(endpoint, site=None if each.is_main else each.id),
            each.id == here.id,
        )
        for each in sites
        if len(sites) > 1
    ]


@blueprint.before_request
def leave_out_tenant() -> None:
    """Views need not take the tenant's code: the guard has bound the request to the tenant."""
    if request.view_args is not None:
        request.view_args.pop("code", None)
