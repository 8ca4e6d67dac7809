"""A column's first page and its archive pages; a subsite's home page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hosting.publishing.rendering import LIST, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from hosting.runtime.ids import decimal_id
from tenants.pages.entries import (
    column_lines,
    entries_of,
    head_block,
    head_lines,
    load_heads,
    tally_of,
)
from tenants.pages.families.feeds import feed_links
from tenants.pages.families.items import HTML
from tenants.pages.frame import Frame, frame_of, uses_column
from tenants.pages.lists import archive_pages, first_slot_in_front, list_path
from tenants.review.slots import slots_between
from tenants.sites.models import Column
from themes.contract import Block, ListPageView, SubsiteHomeView
from themes.renderer import render

_BLOCK_LINES = 6


def _render(rendering: Rendering, argument: str) -> Outcome:
    frame = frame_of(rendering)
    node = frame.by_id.get(int(argument))
    if node is None:
        return None
    uses_column(rendering, frame, node.id)
    rendering.uses(f"column:{node.id}:head", f"column:{node.id}:list", f"column:{node.id}:below")
    view = (
        _subsite_view(rendering, frame, node) if node.is_subsite else _first(rendering, frame, node)
    )
    return Page(f"{node.path}index.html", render(frame.theme(node.id), view), HTML, LIST)


def _first(rendering: Rendering, frame: Frame, node: Column) -> ListPageView:
    tally = tally_of(rendering, frame, node.id)
    archive = archive_pages(tally.slots, node.page_size)
    first = first_slot_in_front(tally.slots, node.page_size)
    lines = column_lines(rendering, node.id, first, tally.slots)
    blocks = () if lines or archive else _blocks(rendering, frame, frame.children[node.id])
    return ListPageView(
        site=frame.site_view(node.id),
        column=frame.column_view(node.id),
        entries=entries_of(rendering, lines),
        blocks=blocks,
        number=archive + 1,
        older_path=list_path(node, archive) if archive else "",
        oldest_path=list_path(node, 1) if archive else "",
        total=tally.shown,
        feeds=feed_links(rendering, frame, node.id),
    )


def _blocks(rendering: Rendering, frame: Frame, nodes: Sequence[Column]) -> tuple[Block, ...]:
    blocks = []
    load_heads(rendering, frame, [each.id for each in nodes], _BLOCK_LINES)
    for each in nodes:
        rendering.uses(f"column:{each.id}", f"column:{each.id}:head")
        lines = head_lines(rendering, each.id, _BLOCK_LINES)
        blocks.append(Block(each.name, each.path, entries_of(rendering, lines)))
    return tuple(blocks)


def _subsite_view(rendering: Rendering, frame: Frame, node: Column) -> SubsiteHomeView:
    below = frame.children[node.id]
    rendering.uses(*(f"column:{each.id}:head" for each in below))
    load_heads(rendering, frame, [each.id for each in below], _BLOCK_LINES)
    notices = next((each for each in below if "公告" in each.name or "通知" in each.name), None)
    news = next((each for each in below if "动态" in each.name or "要闻" in each.name), None)
    others = [each for each in below if each not in (notices, news)]
    return SubsiteHomeView(
        site=frame.site_view(node.id),
        column=frame.column_view(node.id),
        introduction=node.description,
        services=frame.services(),
        notices=_named_block(rendering, frame, notices),
        news=_named_block(rendering, frame, news),
        blocks=tuple(b for b in (_named_block(rendering, frame, each) for each in others) if b),
    )


def _named_block(rendering: Rendering, frame: Frame, node: Column | None) -> Block | None:
    if node is None:
        return None
    return head_block(rendering, frame, node.name, [node.id], _BLOCK_LINES)


def _resolve(rendering: Rendering, path: str) -> str | None:
    if not path.endswith("/index.html") or path == "/index.html":
        return None
    wanted = path.removesuffix("index.html")
    frame = frame_of(rendering)
    return next((str(each.id) for each in frame.columns if each.path == wanted), None)


def _arguments(rendering: Rendering) -> Iterable[str]:
    return [str(each.id) for each in frame_of(rendering).columns]


def _render_archive(rendering: Rendering, argument: str) -> Outcome:
    column_id, page = (int(part) for part in argument.split(":"))
    frame = frame_of(rendering)
    node = frame.by_id.get(column_id)
    if node is None:
        return None
    archive = archive_pages(tally_of(rendering, frame, column_id).slots, node.page_size)
    if not 1 <= page <= archive:
        return None
    uses_column(rendering, frame, column_id)
    rendering.uses(f"column:{column_id}:page:{page}", f"column:{column_id}:list")
    first = (page - 1) * node.page_size + 1
    lines = slots_between(rendering.session, column_id, first, first + node.page_size - 1)
    view = ListPageView(
        site=frame.site_view(column_id),
        column=frame.column_view(column_id),
        entries=entries_of(rendering, lines),
        number=page,
        newest_path=node.path,
        newer_path=list_path(node, page + 1) if page < archive else node.path,
        older_path=list_path(node, page - 1) if page > 1 else "",
        oldest_path=list_path(node, 1) if page > 1 else "",
    )
    return Page(list_path(node, page), render(frame.theme(column_id), view), HTML, LIST)


def _resolve_archive(rendering: Rendering, path: str) -> str | None:
    folder, _, name = path.rpartition("/")
    number = name.removeprefix("list-").removesuffix(".html")
    page = decimal_id(number)
    if name != f"list-{number}.html" or page is None:
        return None
    column_id = _resolve(rendering, f"{folder}/index.html")
    return None if column_id is None else f"{column_id}:{page}"


def _archive_arguments(rendering: Rendering) -> Iterable[str]:
    frame = frame_of(rendering)
    for node in frame.columns:
        slots = tally_of(rendering, frame, node.id).slots
        for page in range(1, archive_pages(slots, node.page_size) + 1):
            yield f"{node.id}:{page}"


column_pages = PageFamily("column", _render, _resolve, _arguments, LIST)
archive_pages_family = PageFamily(
    "list", _render_archive, _resolve_archive, _archive_arguments, LIST
)
