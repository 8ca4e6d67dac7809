"""A theme's own files: one style sheet, one script and drawings, each named by its digest.

What is named by its content may be cached for ever; a page names exactly what it was made with.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from themes import colours
from themes.registry import chain, theme_named

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_OWN_DRAWING = re.compile(r"url\(([a-z_/]+\.svg)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s*")
# After every theme's own rules, because elder mode and paper change what stands before them.
_MODES = ("elder.css", "print.css")


def theme_assets(name: str) -> list[tuple[str, bytes, str]]:
    """What the tree must hold for pages of a theme: path ("/assets/…"), bytes, content type."""
    theme_named(name)
    return [(_path(file, data), data, _TYPES[Path(file).suffix]) for file, data in _files(name)]


@cache
def asset_path(name: str, file: str) -> str:
    """The address of one file of a theme ("theme.css", "site.js", "motifs/hills.svg")."""
    return _path(file, dict(_files(name))[file])


def _path(file: str, data: bytes) -> str:
    return f"/assets/{hashlib.sha256(data).hexdigest()[:16]}{Path(file).suffix}"


@cache
def _files(name: str) -> tuple[tuple[str, bytes], ...]:
    drawings = _drawings(name)
    return (
        ("theme.css", _style_sheet(name, drawings)),
        ("site.js", _first(name, "scripts/site.js").read_bytes()),
        *sorted(drawings.items()),
    )


def _drawings(name: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for theme in chain(name):
        for path in sorted(theme.folder.glob("*/*.svg")):
            found.setdefault(str(path.relative_to(theme.folder)), path.read_bytes())
    return found


def _style_sheet(name: str, drawings: dict[str, bytes]) -> bytes:
    """The chain's styles, base first, then the modes; drawings are named by their digests."""
    sheets = [
        path
        for theme in reversed(chain(name))
        for path in sorted((theme.folder / "styles").glob("*.css"))
        if path.name not in _MODES
    ]
    sheets += [_first(name, f"styles/{mode}") for mode in _MODES]
    text = "\n".join([_own_tokens(name), *(path.read_text(encoding="utf-8") for path in sheets)])
    named = _OWN_DRAWING.sub(lambda found: f"url({_path(found[1], drawings[found[1]])})", text)
    return _INDENT.sub("\n", _COMMENT.sub("", named)).lstrip().encode()


def _own_tokens(name: str) -> str:
    """The theme's own colours and drawing, for a page whose site.css is not there."""
    theme = theme_named(name)
    values = colours.palette(colours.parse(theme.main))
    if theme.motif:
        values["motif"] = f"url(motifs/{theme.motif}.svg)"
    return f":root{{{''.join(f'--{key}:{value};' for key, value in values.items())}}}"


def _first(name: str, file: str) -> Path:
    return next(theme.folder / file for theme in chain(name) if (theme.folder / file).is_file())
