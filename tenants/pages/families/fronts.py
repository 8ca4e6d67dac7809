"""The home page, the site map, and the pages that say why there is nothing to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hosting.publishing.rendering import HOME, PAGE, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from tenants.pages.entries import head_block, head_lines, illustrated, load_heads
from tenants.pages.families.feeds import feed_links
from tenants.pages.families.items import HTML
from tenants.pages.frame import Frame, frame_of, link_to
from themes.contract import (
    HomeView,
    Interaction,
    LinkGroup,
    MessageView,
    PageView,
    SiteMapView,
    Topic,
)
from themes.renderer import render

_HOME_PATH = "/index.html"
_FOCUS_LINES = 20
_LISTS = {
    "news": "news",
    "notices": "notices",
    "policies": "documents",
    "interpretation": "interpretation",
}
"""Kinds of layout block that are lists, and the place each has in the theme's home page."""


def _render_home(rendering: Rendering, _argument: str) -> Outcome:
    frame = frame_of(rendering)
    return Page(_HOME_PATH, render(frame.theme(), home_view(rendering, frame)), HTML, HOME)


def home_view(rendering: Rendering, frame: Frame) -> HomeView:
    """The home page as the tenant laid it out."""
    parts: dict[str, Any] = {}
    _load_lists(rendering, frame)
    for block in frame.layout.get("home", []):
        kind = str(block["kind"])
        columns, limit = _columns_in(frame, block), _limit_of(block)
        title = str(block.get("title", ""))
        if kind in _LISTS:
            parts[_LISTS[kind]] = head_block(rendering, frame, title, columns, limit)
        elif kind == "focus":
            parts |= {"focus": _focus(rendering, columns, limit), "focus_name": title}
        elif kind == "disclosure":
            parts["disclosure"] = _group(rendering, frame, title, columns)
        elif kind == "interaction":
            parts["interaction"] = _interaction(rendering, frame, title, columns)
        elif kind == "topics":
            parts |= {**_topics(rendering, frame, columns), "topics_name": title}
        elif kind == "subsites":
            parts["subsites_name"] = title
    return HomeView(
        site=frame.view,
        column=frame.home_column(),
        services=frame.services(),
        subsites=_subsites(rendering, frame),
        feeds=feed_links(rendering, frame),
        alternates=frame.home_pages(),
        **parts,
    )


def _columns_in(frame: Frame, block: Mapping[str, Any]) -> list[int]:
    return [int(each) for each in block.get("columns", []) if int(each) in frame.by_id]


def _limit_of(block: Mapping[str, Any]) -> int:
    return int(block.get("items") or 6)


def _load_lists(rendering: Rendering, frame: Frame) -> None:
    """Load what all lists of the page show: a query for each length, not for each column."""
    wanted: dict[int, set[int]] = {}
    for block in frame.layout.get("home", []):
        if str(block["kind"]) in _LISTS:
            wanted.setdefault(_limit_of(block), set()).update(_columns_in(frame, block))
        elif str(block["kind"]) == "focus":
            wanted.setdefault(_FOCUS_LINES, set()).update(_columns_in(frame, block))
    for limit, columns in wanted.items():
        load_heads(rendering, frame, sorted(columns), limit)


def _focus(rendering: Rendering, columns: list[int], limit: int) -> tuple[Any, ...]:
    lines = [line for each in columns for line in head_lines(rendering, each, _FOCUS_LINES)]
    lines.sort(key=lambda line: (line[0].date, line[0].id), reverse=True)
    shown = illustrated(rendering, lines[:_FOCUS_LINES])
    with_picture = [entry for entry in shown if entry.image is not None]
    return tuple((with_picture or list(shown))[: min(limit, 4)])


def _group(rendering: Rendering, frame: Frame, title: str, columns: list[int]) -> LinkGroup | None:
    rendering.uses(*(f"column:{each}" for each in columns))
    links = tuple(link_to(frame.by_id[each]) for each in columns)
    return LinkGroup(title, links) if links else None


def _interaction(
    rendering: Rendering, frame: Frame, title: str, columns: list[int]
) -> Interaction | None:
    group = _group(rendering, frame, title, columns)
    return Interaction(group.links[:6], name=title) if group else None


def _topics(rendering: Rendering, frame: Frame, columns: list[int]) -> dict[str, Any]:
    """Tiles for the columns below a topics column, or for the columns themselves."""
    below = [child for each in columns for child in frame.children[each]]
    nodes = below or [frame.by_id[each] for each in columns]
    rendering.uses(*(f"column:{each.id}" for each in nodes))
    topics = tuple(Topic(each.name, each.path, each.description) for each in nodes)
    path = frame.by_id[columns[0]].path if below and columns else ""
    return {"topics": topics, "topics_path": path}


def _subsites(rendering: Rendering, frame: Frame) -> tuple[LinkGroup, ...]:
    rendering.uses(*(f"column:{each.id}" for each in frame.subsites))
    links = tuple(link_to(each) for each in frame.subsites)
    return (LinkGroup("", links),) if links else ()


def _resolve_home(_rendering: Rendering, path: str) -> str | None:
    return "" if path == _HOME_PATH else None


def _site_map(rendering: Rendering, frame: Frame) -> PageView:
    rendering.uses(*(f"column:{each.id}" for each in frame.columns))
    groups = []
    for top in frame.children[None]:
        below = [each for each in frame.columns if each.path.startswith(top.path)]
        groups.append(LinkGroup(top.name, tuple(link_to(each) for each in below)))
    return SiteMapView(frame.view, tuple(groups))


def _message(reason: str) -> Callable[[Rendering, Frame], PageView]:
    return lambda _rendering, frame: MessageView(site=frame.view, reason=reason)


_FIXED: dict[str, Callable[[Rendering, Frame], PageView]] = {
    "/sitemap.html": _site_map,
    "/404.html": _message("not_found"),
    "/410.html": _message("gone"),
    "/503.html": _message("unavailable"),
}


FIXED_PATHS = tuple(_FIXED)
"""Pages that every site has from its first day."""


def _render_fixed(rendering: Rendering, argument: str) -> Outcome:
    make = _FIXED.get(argument)
    if make is None:
        return None
    frame = frame_of(rendering)
    return Page(argument, render(frame.theme(), make(rendering, frame)), HTML, PAGE)


def _resolve_fixed(_rendering: Rendering, path: str) -> str | None:
    return path if path in _FIXED else None


def _all_fixed(_rendering: Rendering) -> Iterable[str]:
    return list(_FIXED)


def _only(_rendering: Rendering) -> Iterable[str]:
    return [""]


home_page = PageFamily("home", _render_home, _resolve_home, _only, HOME)
fixed_pages = PageFamily("page", _render_fixed, _resolve_fixed, _all_fixed, PAGE)
