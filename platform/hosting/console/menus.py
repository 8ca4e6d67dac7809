"""The menu: what each area offers, less what this person may not use here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import g, request, url_for

from hosting.console.viewer import Viewer, current_viewer
from hosting.runtime.areas import MenuEntry
from hosting.runtime.language import N_
from hosting.runtime.web import current_runtime

ACCOUNT = "account"
"""Entries of this section stand in the account menu at the top right, in city and tenants alike."""

# Sections in the order they stand; an entry may also name a section by a msgid of its own.
SECTIONS: dict[str, str] = {
    "work": N_("我的工作"),
    "content": N_("内容"),
    "site": N_("网站"),
    "people": N_("人员与权限"),
    "city": N_("全市"),
    "oversight": N_("监管"),
    "ops": N_("运行维护"),
}


@dataclass(frozen=True)
class MenuLink:
    """One line of the menu; `label` is a msgid, or the name of a tenant."""

    label: str
    address: str
    icon: str
    is_current: bool = False


@dataclass(frozen=True)
class MenuSection:
    """A titled group of lines, never empty; `title` is a msgid, empty for lines without one."""

    title: str
    links: tuple[MenuLink, ...]


def menu() -> Sequence[MenuSection]:
    """The sections of this page's menu, in order, with the line one stands on marked."""
    entries = [entry for entry in _entries() if entry.section != ACCOUNT]
    names = dict.fromkeys([*("", *SECTIONS), *(entry.section for entry in entries)])
    sections = [
        MenuSection(
            SECTIONS.get(name, name), _links(entry for entry in entries if entry.section == name)
        )
        for name in names
    ]
    return _with_current([section for section in sections if section.links]) or _workplaces()


def _workplaces() -> Sequence[MenuSection]:
    """Where one works, on a page that lies in none of these places (one's own account)."""
    places = current_viewer().workplaces()
    links = tuple(MenuLink(each.name, each.address, "building") for each in places)
    return [MenuSection(N_("我的单位"), links)] if links else []


def account_menu() -> Sequence[MenuLink]:
    """The lines of the account menu."""
    return _links(entry for entry in _entries() if entry.section == ACCOUNT)


def _entries() -> list[MenuEntry]:
    """All entries for this place and person, by their order."""
    viewer = current_viewer()
    entries = [entry for area in current_runtime().areas for entry in area.menu]
    return sorted((e for e in entries if _is_offered(e, viewer)), key=lambda entry: entry.order)


def _is_offered(entry: MenuEntry, viewer: Viewer) -> bool:
    if not viewer.signed_in or (entry.permission and not viewer.may(entry.permission)):
        return False
    return entry.section == ACCOUNT or entry.platform == (g.get("tenant") is None)


def _links(entries: Iterable[MenuEntry]) -> tuple[MenuLink, ...]:
    return tuple(MenuLink(e.label, url_for(e.endpoint), e.icon or "document") for e in entries)


def _with_current(sections: Sequence[MenuSection]) -> Sequence[MenuSection]:
    """Mark the line whose address is the longest beginning of this page's path."""
    # Addresses of lists end in a slash, and people leave it out.
    path = request.path.rstrip("/") + "/"
    begun = [
        link.address
        for s in sections
        for link in s.links
        if path.startswith(link.address.partition("?")[0].rstrip("/") + "/")
    ]
    here = max(begun, key=len, default=None)
    return [
        replace(s, links=tuple(replace(x, is_current=x.address == here) for x in s.links))
        for s in sections
    ]
