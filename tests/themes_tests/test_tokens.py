"""What a tenant may set of its looks, and that no choice makes a page unreadable."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosting.runtime.errors import Invalid
from themes import colours
from themes.assets import theme_assets
from themes.banners import WORDS
from themes.contract import Banner
from themes.registry import HERE, THEMES, Theme
from themes.tokens import Tokens, read_tokens, site_css

INK = colours.parse("#1b1f24")
SOFT = colours.parse("#535b65")
SEAL = colours.parse("#b3241d")


def shades(main: colours.Colour) -> dict[str, colours.Colour]:
    return {name: colours.parse(value) for name, value in colours.palette(main).items()}


def assert_readable(main: colours.Colour) -> None:
    shade = shades(main)
    white, tint = colours.WHITE, shade["tint"]
    pairs = [
        (white, shade["main"]),
        (white, shade["deep"]),
        (shade["link"], white),
        (shade["link"], tint),
        *((text, ground) for text in (INK, SOFT, SEAL) for ground in (white, tint)),
    ]
    for text, ground in pairs:
        assert colours.contrast(text, ground) >= 4.5, (main, text, ground)
    assert colours.contrast(shade["strong"], tint) >= 7


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_themes_own_colours_can_be_read(theme: Theme) -> None:
    assert_readable(colours.parse(theme.main))


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_colour_is_either_refused_or_readable_everywhere(main: colours.Colour) -> None:
    try:
        css = site_css("county", read_tokens("county", {"main": colours.css(main)}))
    except Invalid:
        assert colours.contrast(main, colours.WHITE) < 4.5
        return
    assert colours.css(main).encode() in css
    assert_readable(main)


def test_contrast_is_wcags() -> None:
    assert colours.contrast(colours.BLACK, colours.WHITE) == pytest.approx(21)
    assert colours.contrast((119, 119, 119), colours.WHITE) == pytest.approx(4.48, abs=0.01)


def test_a_pale_main_colour_is_refused_with_its_contrast() -> None:
    with pytest.raises(Invalid) as refused:
        read_tokens("county", {"main": "#ffd400"})

    [problem] = refused.value.problems
    assert (problem.field, problem.code) == ("main", "contrast_too_low")
    assert problem.facts == {"colour": "#ffd400", "ratio": "1.43"}
    with pytest.raises(Invalid):
        site_css("county", Tokens(main="#ffd400"))


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"main": "red"}, ["main"]),
        ({"main": "#fff;}body{display:none"}, ["main"]),
        ({"motif": "../../etc/passwd"}, ["motif"]),
        ({"greyscale": "yes", "banner": "x" * 121}, ["greyscale", "banner"]),
        ({"css": "*{}", "main": "#eeeeee"}, ["css", "main"]),
    ],
)
def test_everything_wrong_with_the_tokens_is_named_at_once(
    facts: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        read_tokens("county", facts)

    assert [problem.field for problem in refused.value.problems] == fields


def test_two_counties_of_one_theme_differ_by_their_tokens() -> None:
    one = site_css("county", read_tokens("county", {"main": "#1c5c48"}))
    other = site_css("county", read_tokens("county", {"main": "#7a2e1d", "motif": "terraces"}))

    assert b"--main:#1c5c48" in one
    assert b"--main:#7a2e1d" in other
    assert motif_of(one) != motif_of(other)
    assert {motif_of(one), motif_of(other)} <= {path for path, _, _ in theme_assets("county")}


def motif_of(css: bytes) -> str:
    found = re.search(r"--motif:url\(([^)]*)\)", css.decode())
    assert found
    return found[1]


def test_a_day_of_mourning_needs_no_page_rendered_again() -> None:
    assert b"grayscale(1)" in site_css("base", Tokens(greyscale=True))
    assert b"grayscale" not in site_css("base", Tokens())


def test_a_banner_cannot_leave_its_place_in_the_style_sheet() -> None:
    hostile = '";}body{display:none}/*</style>\\'

    css = site_css("base", Tokens(), [Banner(title=hostile)], version="a1").decode()

    value = re.search(r'--banners:"((?:[^"\\]|\\[0-9a-f]{1,6} )*)";', css)
    assert value
    assert json.loads(unescaped(value[1]))[0]["title"] == hostile
    assert "<" not in css
    assert not re.search(r'content:"[^"]*"[^}]', css)


def test_where_there_never_was_a_banner_the_style_sheet_says_nothing_of_one() -> None:
    assert b"banners" not in site_css("base", Tokens())


@pytest.mark.parametrize("level", WORDS)
def test_a_banner_is_readable_in_colour_and_in_grey(level: str) -> None:
    """4.5 to 1 on its ground, and after the filter of a day of mourning."""
    ground = colours.parse(ground_of(level))
    grey = round(0.2126 * ground[0] + 0.7152 * ground[1] + 0.0722 * ground[2])

    assert colours.contrast(ground, colours.WHITE) >= colours.READABLE
    assert colours.contrast((grey, grey, grey), colours.WHITE) >= colours.READABLE


def ground_of(level: str) -> str:
    """The ground of a level in the base theme."""
    css = (HERE / "base/styles/2_chrome.css").read_text(encoding="utf-8")
    found = re.search(rf"--banner-{level}: (#[0-9a-f]{{6}});", css)
    assert found
    return found[1]


def unescaped(value: str) -> str:
    return re.sub(r"\\([0-9a-f]{1,6}) ", lambda found: chr(int(found[1], 16)), value)
