"""A small site to publish: items, a list, a home page and a style sheet, from a file of texts.

What it knows lies in one JSON file, so that a publisher in another process sees the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hosting.directory.area import area as directory
from hosting.publishing.area import area as publishing
from hosting.publishing.build import build_site
from hosting.publishing.files import Files
from hosting.publishing.press import Report
from hosting.publishing.rendering import ASSET, HOME, LIST, PAGE, Gone, Page, Rendering
from hosting.publishing.stale import changed
from hosting.publishing.tree import PublicFolder, SiteFolder
from hosting.runtime.areas import Area, PageFamily
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from parts.platform import Place

GONE = "gone"
BROKEN = "broken"
HEAD = "column:1:head"


def texts_of(runtime: Runtime, site_id: int) -> dict[str, str]:
    """The site's texts by item, as they are now."""
    path = runtime.settings.home / f"newsroom-{site_id}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _texts(rendering: Rendering) -> dict[str, str]:
    return rendering.once("texts", lambda: texts_of(rendering.runtime, rendering.site_id))


def _page(path: str, words: Iterable[str], rank: int = PAGE) -> Page:
    body = "<!DOCTYPE html>\n" + "\n".join(f"<p>{word}</p>" for word in words)
    return Page(path, (body + "\n" * 300).encode(), "text/html; charset=utf-8", rank)


def _item(rendering: Rendering, argument: str) -> Page | Gone | None:
    rendering.uses(f"item:{argument}", "layout")
    text = _texts(rendering).get(argument)
    if text == BROKEN:
        raise ValueError("this text cannot be set")
    if text == GONE:
        return Gone(f"/art/{argument}.html")
    return None if text is None else _page(f"/art/{argument}.html", [text, _layout(rendering)])


def _layout(rendering: Rendering) -> str:
    design = "layout" if rendering.design_id is None else f"design-{rendering.design_id}"
    return _texts(rendering).get(design, "")


def _list(rendering: Rendering, _argument: str) -> Page:
    rendering.uses(HEAD)
    return _page("/news/index.html", _linked(rendering), LIST)


def _home(rendering: Rendering, _argument: str) -> Page:
    rendering.uses(HEAD, "layout")
    return _page("/index.html", [*_linked(rendering), _layout(rendering)], HOME)


def _feed(rendering: Rendering, _argument: str) -> Page:
    """What follows: no click waits for it."""
    rendering.uses(HEAD, "layout")
    return _page("/news/feed.html", [*_linked(rendering), _layout(rendering)], LIST)


def _linked(rendering: Rendering) -> list[str]:
    texts = _texts(rendering)
    return sorted(item for item in texts if texts[item] != GONE and item.isdecimal())


def _style(rendering: Rendering, _argument: str) -> Page:
    rendering.uses("layout")
    return Page("/site.css", f"/* {_layout(rendering)} */".encode(), "text/css", ASSET)


def _error(_rendering: Rendering, status: str) -> Page:
    return _page(f"/{status}.html", ["没有这一页"])


def _items(rendering: Rendering) -> list[str]:
    return [item for item in _texts(rendering) if item.isdecimal()]


def _never(_rendering: Rendering, _path: str) -> str | None:
    return None


def _resolve_item(_rendering: Rendering, path: str) -> str | None:
    return path[5:-5] if path.startswith("/art/") else None


FAMILIES = (
    PageFamily("style", _style, _never, lambda _: [""], ASSET),
    PageFamily("item", _item, _resolve_item, _items, PAGE),
    PageFamily("error", _error, _never, lambda _: ["404"], PAGE),
    PageFamily("list", _list, _never, lambda _: [""], LIST),
    PageFamily("home", _home, _never, lambda _: [""], HOME),
    PageFamily("feed", _feed, _never, lambda _: [""], LIST, follows=True),
)

FRAME_KEYS = ("style:", "error:404", "list:", "home:", "feed:")

AREAS = (directory, publishing, Area(name="newsroom", page_families=FAMILIES))


def newsroom_runtime(settings: Settings) -> Runtime:
    """A platform that has this newsroom and nothing else."""
    return Runtime.open(settings, AREAS)


@dataclass
class Newsroom:
    """The newsroom of one site."""

    runtime: Runtime
    place: Place

    @property
    def folder(self) -> SiteFolder:
        """Where its trees lie."""
        return PublicFolder(self.runtime.settings.home).site(self.place.site_id)

    @property
    def tree(self) -> Path:
        """What readers see."""
        return self.folder.current.resolve()

    def write(self, lane: str = "person", **texts: str | None) -> None:
        """Change texts (`_7="…"`; None: it never was) and say so."""
        said = {name.removeprefix("_"): text for name, text in texts.items()}
        self.write_all(said, lane=lane)

    def redesign(self, design_id: int) -> None:
        """Make a design the site's own, as the step of a switch does; says nothing."""
        texts = texts_of(self.runtime, self.place.site_id)
        self._keep(texts | {"layout": texts[f"design-{design_id}"]})

    def write_all(self, said: dict[str, str | None], lane: str = "person") -> None:
        """The same, for many."""
        texts: dict[str, Any] = texts_of(self.runtime, self.place.site_id) | said
        self._keep({item: text for item, text in texts.items() if text is not None})
        self.announce(said, lane=lane)

    def announce(self, said: Iterable[str], lane: str = "person") -> None:
        """Say that these texts change."""
        items = [item for item in said if item.isdecimal()]
        names = ["layout"] if "layout" in said else []
        with self.runtime.tenant_session(self.place.tenant_id) as session:
            changed(
                session,
                self.place.site_id,
                names + ([HEAD] if items else []),
                keys=[*(f"item:{item}" for item in items), *FRAME_KEYS],
                lane=lane,
            )

    def _keep(self, texts: dict[str, str]) -> None:
        path = self.runtime.settings.home / f"newsroom-{self.place.site_id}.json"
        # Whoever is killed here leaves the old texts or the new ones.
        aside = path.with_suffix(".new")
        aside.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        aside.rename(path)

    def publish(self, files: Files | None = None, *, following: bool = True) -> Report:
        """Publish what is stale, and at once what follows."""
        return build_site(
            self.runtime,
            self.place.tenant_id,
            self.place.site_id,
            files=files,
            following=following,
        )

    def read(self, path: str) -> str:
        """What stands in the tree."""
        return (self.tree / path.lstrip("/")).read_text(encoding="utf-8")

    def has(self, path: str) -> bool:
        """Whether anything stands there."""
        return (self.tree / path.lstrip("/")).exists()
