"""Which themes there are, how they inherit, and when one has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_

HERE = Path(__file__).resolve().parent
# Templates, styles, scripts and drawings are files of these kinds; nothing else is a theme's.
_ENDINGS = frozenset({".html", ".css", ".js", ".svg"})

# Line drawings for services, in base/templates/icons.html.
ICONS = (
    "identity",
    "security",
    "medical",
    "house",
    "school",
    "car",
    "business",
    "tax",
    "marriage",
    "passport",
    "work",
    "elder",
    "water",
    "farm",
    "letter",
    "document",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: `parent` is the theme it inherits from ("" for base), `main` its main colour.

    `motifs` are the names of drawings a tenant may choose from, `motif` the one it gets.
    """

    name: str
    label: str
    parent: str
    main: str
    motifs: tuple[str, ...] = ()
    motif: str = ""

    @property
    def folder(self) -> Path:
        """Where its templates/, styles/, scripts/ and motifs/ lie."""
        return HERE / self.name


THEMES = (
    Theme("base", N_("通用"), "", "#1d4f91"),
    Theme("city", N_("市级门户"), "base", "#14477e", ("streams", "skyline"), "streams"),
    Theme("county", N_("县区门户"), "base", "#1c5c48", ("hills", "terraces", "plain"), "hills"),
    Theme("department", N_("部门网站"), "base", "#2f4a78"),
    Theme("township", N_("乡镇街道"), "base", "#8a3b1f"),
)
_BY_NAME = {theme.name: theme for theme in THEMES}


def theme_names() -> tuple[str, ...]:
    """The names a site may have as its theme."""
    return tuple(_BY_NAME)


def theme_named(name: str) -> Theme:
    """The theme; raises Invalid with what there is."""
    if name not in _BY_NAME:
        named = "、".join(_BY_NAME)
        raise Invalid(
            "theme_unknown", N_("没有主题“{name}”，可选：{named}"), name=name, named=named
        )
    return _BY_NAME[name]


@cache
def chain(name: str) -> tuple[Theme, ...]:
    """The theme and those it inherits from, itself first, base last."""
    theme = theme_named(name)
    return (theme, *chain(theme.parent)) if theme.parent else (theme,)


@cache
def theme_version(name: str) -> str:
    """A digest over all files of the theme's chain: another one means pages may look different."""
    digest = hashlib.sha256()
    for theme in chain(name):
        for path in _files(theme):
            digest.update(f"{path.relative_to(HERE)}\0".encode())
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files(theme: Theme) -> list[Path]:
    return sorted(path for path in theme.folder.rglob("*") if path.suffix in _ENDINGS)
