"""What the search palette finds in a tenant: items by their titles, columns by their names."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from hosting.console.language import say
from hosting.console.palette import Destination
from hosting.console.viewer import current_viewer
from hosting.runtime import web
from hosting.runtime.language import N_
from hosting.security.guards import current_actor
from tenants.content.queries import ItemFilter, item_rows
from tenants.content.rules import reach_of
from tenants.workspace.presenters.states import badges_of
from tenants.workspace.queries.items import columns_in_order

_MOST = 6


def find(query: str) -> Iterator[Destination]:
    """Items and columns of this tenant whose names hold the query."""
    if current_viewer().may("content.read"):
        yield from _items(query)
    if current_viewer().may("sites.manage"):
        yield from _columns(query)


def _items(query: str) -> Iterator[Destination]:
    narrowed = ItemFilter(words=query, reach=reach_of(web.session(), current_actor()))
    for item, edition in item_rows(web.session(), narrowed, limit=_MOST):
        yield Destination(
            edition.title,
            url_for("workspace.item", item_id=item.id),
            say(N_("稿件")),
            note=say(badges_of(item, edition)[-1].label),
        )


def _columns(query: str) -> Iterator[Destination]:
    found = [
        each for each in columns_in_order(web.session()) if query.casefold() in each.name.casefold()
    ]
    for each in found[:_MOST]:
        address = url_for("workspace.edit_column", column_id=each.id)
        yield Destination(each.name, address, say(N_("栏目")), note=each.path, icon="tree")
