"""Files of the site's looks: the themes' own, and the tenant's style sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hosting.publishing.rendering import ASSET, Outcome, Page, Rendering
from hosting.runtime.areas import PageFamily
from tenants.pages.frame import frame_of
from themes.assets import theme_assets
from themes.tokens import read_tokens, site_css

_SITE_CSS = "/site.css"


def _files(rendering: Rendering) -> dict[str, tuple[bytes, str]]:
    """All files of all themes that the site uses, by path."""
    return {
        path: (data, content_type)
        for theme in frame_of(rendering).themes()
        for path, data, content_type in theme_assets(theme)
    }


def _render_file(rendering: Rendering, argument: str) -> Outcome:
    found = _files(rendering).get(argument)
    return None if found is None else Page(argument, found[0], found[1], ASSET)


def _resolve_file(rendering: Rendering, path: str) -> str | None:
    return path if path.startswith("/assets/") and path in _files(rendering) else None


def _render_css(rendering: Rendering, _argument: str) -> Outcome:
    frame = frame_of(rendering)
    theme = frame.theme()
    rendering.uses(f"tokens:{rendering.site_id}")
    tokens = read_tokens(theme, frame.tokens)
    over = frame.overhead
    if over.is_grey:
        tokens = replace(tokens, greyscale=True)
    data = site_css(theme, tokens, over.banners, version=over.version, locale=frame.site.locale)
    return Page(_SITE_CSS, data, "text/css; charset=utf-8", ASSET)


def _only(_rendering: Rendering) -> Iterable[str]:
    return [""]


theme_files = PageFamily("theme", _render_file, _resolve_file, _files, ASSET)
style_sheet = PageFamily(
    "tokens", _render_css, lambda _r, path: "" if path == _SITE_CSS else None, _only, ASSET
)
