"""Colour arithmetic in sRGB: reading, mixing, contrast (WCAG 2.1, relative luminance)."""

from __future__ import annotations

import re

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# WCAG 2.1, 1.4.3 (AA) and 1.4.6 (AAA), for text of any size.
READABLE = 4.5
STRONG = 7.0

_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


def parse(text: str) -> Colour:
    """The colour written "#rrggbb"; raises Invalid for any other spelling."""
    found = _HEX.fullmatch(text)
    if not found:
        raise Invalid("colour_unreadable", N_("颜色应写成 #rrggbb 的形式，例如 #17507f"))
    return int(found[1], 16), int(found[2], 16), int(found[3], 16)


def css(colour: Colour) -> str:
    """The colour as style sheets write it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """The colour with `share` (0 to 1) of another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: Colour, ground: Colour, ratio: float = READABLE) -> Colour:
    """The colour, darkened in small steps until it has the ratio on a light ground."""
    share = 0.0
    shade = colour
    while contrast(shade, ground) < ratio and share < 1:
        share += 0.02
        shade = mix(colour, BLACK, share)
    return shade


def palette(main: Colour) -> dict[str, str]:
    """The shades of a main colour, each readable where the styles use it.

    main and deep carry white text; link is text on white, tint and ground; strong is text of
    contrast 7 for elder mode; tint is a ground.
    """
    tint = mix(main, WHITE, 0.94)
    return {
        "main": css(main),
        "deep": css(mix(main, BLACK, 0.28)),
        "link": css(readable_on(main, mix(main, WHITE, 0.9))),
        "strong": css(readable_on(main, tint, STRONG)),
        "tint": css(tint),
        "edge": css(mix(main, WHITE, 0.8)),
    }


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
