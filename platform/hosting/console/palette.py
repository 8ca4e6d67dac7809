"""The search palette: where one can go from here, found by a few letters.

It offers the menu's lines, and what areas find: an area adds a source to its console blueprint
with `add_source(blueprint, source)`, a query that returns a few destinations the viewer may see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, current_app, g, request, url_for
from flask.blueprints import BlueprintSetupState

from hosting.console.language import say
from hosting.console.menus import account_menu, menu
from hosting.console.viewer import current_viewer
from hosting.runtime.language import N_

_MOST_WORDS = 6
_LONGEST_QUERY = 100


@dataclass(frozen=True)
class Destination:
    """Somewhere to go; `label` and `group` are shown as they are, `note` stands in grey."""

    label: str
    address: str
    group: str
    note: str = ""
    icon: str = "document"


Source = Callable[[str], Iterable[Destination]]
"""Given what was typed (never empty), the best few destinations, best first."""


def init_palette(app: Flask) -> None:
    """Give the application an empty list of sources, and templates the palette's address."""
    app.extensions["palette"] = []
    app.jinja_env.globals["palette_address"] = palette_address


def add_source(blueprint: Blueprint, source: Source) -> None:
    """Let an area's blueprint contribute destinations."""

    def add(state: BlueprintSetupState) -> None:
        state.app.extensions["palette"].append(source)

    blueprint.record(add)


def destinations(query: str, *, with_sources: bool) -> list[Destination]:
    """Where this person can go: lines of the menu first, then what the areas find."""
    query = " ".join(query[:_LONGEST_QUERY].split())
    found = [place for place in _places() if _matches(place, query)]
    if query and with_sources:
        for source in cast("list[Source]", current_app.extensions["palette"]):
            found.extend(source(query))
    return found


def grouped(found: Iterable[Destination]) -> dict[str, list[Destination]]:
    """The destinations by their group, groups and lines in the order found."""
    groups: dict[str, list[Destination]] = {}
    for place in found:
        groups.setdefault(place.group, []).append(place)
    return groups


def palette_address() -> str:
    """Where the palette of this page asks."""
    if g.get("tenant") is not None:
        return url_for("console.tenant_palette")
    is_city = request.path.startswith("/city/")
    return url_for("console.city_palette" if is_city else "console.palette")


def _places() -> Iterable[Destination]:
    for section in menu():
        group = say(section.title) if section.title else say(N_("菜单"))
        for link in section.links:
            yield Destination(say(link.label), link.address, group, icon=link.icon)
    for link in account_menu():
        yield Destination(say(link.label), link.address, say(N_("账号")), icon=link.icon)
    yield from _workplaces({link.address for section in menu() for link in section.links})


def _workplaces(listed: Collection[str]) -> Iterable[Destination]:
    """Where else one works, less what the menu lists already (on one's own account, all)."""
    places = [place for place in current_viewer().workplaces() if place.address not in listed]
    for place in places if len(current_viewer().workplaces()) > 1 else ():
        yield Destination(
            place.name, place.address, say(N_("切换单位")), note=place.code, icon="building"
        )


def _matches(place: Destination, query: str) -> bool:
    """Whether each typed word stands somewhere in the line."""
    line = f"{place.label} {place.group} {place.note} {place.address}".casefold()
    return all(word in line for word in query.casefold().split()[:_MOST_WORDS])
