"""Design tokens: what a tenant may set of its looks, and the style sheet `/site.css` made of them.

Tokens stand in one small, shortly cached style sheet, so that a new colour or a day of mourning
changes every page at once and no page has to be rendered again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from themes import colours
from themes.assets import asset_path
from themes.banners import banner_css
from themes.contract import Banner
from themes.registry import Theme, theme_named

BANNER_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tenant's choices; "" leaves the theme's own.

    `main` is the one main colour, "#rrggbb". `motif` names a drawing of the theme. `greyscale` is
    for days of national mourning. `banner` is a sentence on top of every page.
    """

    main: str = ""
    motif: str = ""
    greyscale: bool = False
    banner: str = ""


def read_tokens(theme: str, facts: Mapping[str, Any]) -> Tokens:
    """Tokens from stored or submitted facts; raises Invalid naming each that cannot stand."""
    chosen = theme_named(theme)
    problems = [
        *_unknown(facts),
        *_main_problems(facts.get("main", "")),
        *_motif_problems(chosen, facts.get("motif", "")),
        *_kind_problems(facts),
    ]
    if problems:
        raise Invalid("tokens_unusable", N_("外观设置有误"), problems=problems)
    return Tokens(**facts)


def site_css(
    theme: str,
    tokens: Tokens,
    banners: Sequence[Banner] = (),
    *,
    version: str = "",
    locale: str = "zh_Hans_CN",
) -> bytes:
    """The bytes of `/site.css`, with the banners for pages that were made before them.

    Raises Invalid where the main colour cannot be read on white.
    """
    chosen = theme_named(theme)
    main = colours.parse(tokens.main or chosen.main)
    if _too_pale(main):
        raise Invalid("tokens_unusable", N_("外观设置有误"), problems=[_pale(main)])
    values = {**colours.palette(main), **_drawing(chosen, tokens)}
    rules = [f":root{{{''.join(f'--{name}:{value};' for name, value in values.items())}}}"]
    if tokens.greyscale:
        # On paper nothing is changed. A filter of the root element moves no fixed element.
        rules.append("@media screen{html{filter:grayscale(1)}}")
    rules += banner_css(banners, version, locale)
    return ("\n".join(rules) + "\n").encode()


def _drawing(theme: Theme, tokens: Tokens) -> dict[str, str]:
    values = {}
    motif = tokens.motif or theme.motif
    if motif:
        values["motif"] = f"url({asset_path(theme.name, f'motifs/{motif}.svg')})"
    return values


def _too_pale(colour: colours.Colour) -> bool:
    return colours.contrast(colour, colours.WHITE) < colours.READABLE


def _pale(colour: colours.Colour) -> Problem:
    ratio = colours.contrast(colour, colours.WHITE)
    return Problem(
        "main",
        "contrast_too_low",
        N_("主色 {colour} 与白色的对比度为 {ratio}，不足 4.5，请选深一些的颜色"),
        {"colour": colours.css(colour), "ratio": f"{ratio:.2f}"},
    )


def _unknown(facts: Mapping[str, Any]) -> list[Problem]:
    known = Tokens.__dataclass_fields__
    return [
        Problem(name, "token_unknown", N_("没有这一项外观设置"))
        for name in sorted(facts)
        if name not in known
    ]


def _main_problems(main: Any) -> list[Problem]:
    if main == "":
        return []
    try:
        colour = colours.parse(str(main))
    except Invalid as refusal:
        return [Problem("main", refusal.code, refusal.message)]
    return [_pale(colour)] if _too_pale(colour) else []


def _motif_problems(theme: Theme, motif: Any) -> list[Problem]:
    if motif == "" or motif in theme.motifs:
        return []
    named = "、".join(theme.motifs)
    return [
        Problem("motif", "motif_unknown", N_("该主题没有这个图案，可选：{named}"), {"named": named})
    ]


def _kind_problems(facts: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if not isinstance(facts.get("greyscale", False), bool):
        problems.append(Problem("greyscale", "not_yes_or_no", N_("应为是或否")))
    banner = facts.get("banner", "")
    if not isinstance(banner, str) or len(banner) > BANNER_LENGTH:
        facts_of = {"limit": BANNER_LENGTH}
        problems.append(Problem("banner", "banner_too_long", N_("横幅最多 {limit} 字"), facts_of))
    return problems
