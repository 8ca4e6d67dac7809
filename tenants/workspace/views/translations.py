"""Choosing what to translate: public items of the main site, beside what there is of them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hosting.console.lists import Listing
from hosting.directory.models import Site
from hosting.directory.queries import main_site, sites_of_tenant
from hosting.runtime import web
from hosting.runtime.language import language_of
from hosting.security.guards import guarded
from tenants.workspace.blueprint import asked_site, blueprint
from tenants.workspace.forms.lists import OriginalFilterForm
from tenants.workspace.presenters.translations import candidate_lines
from tenants.workspace.queries.translations import candidate_count, candidates


@blueprint.get("/translations/")
@guarded("content.edit")
def originals() -> ResponseReturnValue:
    """The last issued first, each with its translation or a way to one."""
    session, site = web.session(), _site()
    if site is None:
        return render_template("workspace/originals.html", site=None)
    form = OriginalFilterForm()
    words = form.values().get("words", "")
    listing = Listing.read(sorts=("-published",))
    paging = listing.of(candidate_count(session, words))
    found = candidates(session, site.id, words, offset=paging.offset, limit=listing.size)
    host = main_site(session).main_host
    return render_template(
        "workspace/originals.html",
        site=site,
        language=language_of(site.locale).name,
        form=form,
        paging=paging,
        lines=candidate_lines(found, host, web.current_runtime().settings),
    )


def _site() -> Site | None:
    """The foreign-language site that the address names, else the first; None without one."""
    asked = asked_site()
    if not asked.is_main:
        return asked
    sites = sites_of_tenant(web.session(), web.session().tenant_id)
    return next((each for each in sites if not each.is_main), None)
