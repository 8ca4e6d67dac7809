"""Lists of items, an item's page, its versions, its preview."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from hosting.console.lists import Listing
from hosting.directory.queries import main_site, sites_of_tenant
from hosting.runtime import web
from hosting.runtime.settings import Settings
from hosting.security.actor import Actor
from hosting.security.guards import current_actor, guarded
from tenants.content.queries import ItemFilter, item_count
from tenants.content.rules import reach_of
from tenants.pages.preview import edition_preview_address
from tenants.sites.models import Column
from tenants.workspace.blueprint import blueprint
from tenants.workspace.forms.lists import ItemFilterForm
from tenants.workspace.presenters.items import item_lines, item_view
from tenants.workspace.presenters.translations import (
    Languages,
    original_line,
    translation_lines,
)
from tenants.workspace.presenters.trees import below
from tenants.workspace.presenters.versions import versions_view
from tenants.workspace.queries.items import (
    ItemState,
    columns_in_order,
    item_list,
    item_state,
    versions,
    working_copy,
)
from tenants.workspace.queries.translations import original_of, translated

_SEE_OTHER = 303
_SORTS = ("-written", "-published", "title")


@blueprint.get("/items/")
@guarded("content.read")
def items() -> ResponseReturnValue:
    """Items, narrowed and sorted as the address says."""
    columns = columns_in_order(web.session())
    form = ItemFilterForm(columns, sites_of_tenant(web.session(), web.session().tenant_id))
    listing = Listing.read(sorts=_SORTS)
    narrowed = _filter(form, columns)
    paging = listing.of(item_count(web.session(), narrowed))
    found = item_list(
        web.session(),
        narrowed,
        offset=paging.offset,
        limit=listing.size,
        sort=listing.sorting.key,
        descending=listing.sorting.descending,
    )
    return render_template(
        "workspace/items.html",
        form=form,
        paging=paging,
        lines=item_lines(found, columns),
        has_columns=bool(columns),
        has_languages=bool(found.languages),
    )


def _filter(form: ItemFilterForm, columns: list[Column]) -> ItemFilter:
    actor, wanted = current_actor(), form.values()
    column = wanted.get("column")
    site = wanted.get("site")
    return ItemFilter(
        site_id=int(site) if site else None,
        column_ids=below(columns, int(column)) if column else (),
        state=wanted.get("state", ""),
        words=wanted.get("words", ""),
        created_by=actor.account_id if wanted.get("mine") else None,
        reach=reach_of(web.session(), actor),
    )


@blueprint.get("/items/<id:item_id>/")
@guarded("content.read")
def item(item_id: int) -> ResponseReturnValue:
    """Where an item stands and how it came there."""
    actor = current_actor()
    state = item_state(web.session(), item_id, actor)
    settings = web.current_runtime().settings
    view = item_view(state, actor, settings, _languages(state, actor, settings))
    return render_template("workspace/item.html", item=view)


def _languages(state: ItemState, actor: Actor, settings: Settings) -> Languages:
    session = web.session()
    original = original_of(session, state.shown.translation_of_id, state.shown.edition)
    return Languages(
        original_line(original, main_site(session).main_host, settings),
        translation_lines(translated(session, state.item, actor)),
    )


@blueprint.get("/items/<id:item_id>/versions")
@guarded("content.read")
def item_versions(item_id: int) -> ResponseReturnValue:
    """All versions of an item, and what changed between two of them."""
    found = versions(
        web.session(),
        item_id,
        current_actor(),
        before=request.args.get("before", type=int),
        after=request.args.get("after", type=int),
    )
    zone = web.current_runtime().settings.zone
    return render_template("workspace/versions.html", versions=versions_view(found, zone))


@blueprint.get("/items/<id:item_id>/preview")
@guarded("content.read")
def preview(item_id: int) -> ResponseReturnValue:
    """Go to the item as readers would see it, on a host of its own where no cookie of ours is."""
    shown = working_copy(web.session(), item_id, current_actor()).content.edition
    address = edition_preview_address(web.current_runtime(), web.session(), shown.id)
    return redirect(address, _SEE_OTHER)
