"""Themes inherit from one another, and their files are named by what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hosting.runtime.errors import Invalid
from parts.specimens.pages import pages
from themes import registry
from themes.assets import asset_path, theme_assets
from themes.registry import ICONS, chain, theme_names, theme_version
from themes.renderer import render


def test_every_theme_descends_from_base() -> None:
    assert all(chain(name)[-1].name == "base" for name in theme_names())


def test_themes_differ_and_are_of_one_family() -> None:
    home = pages("county")["home"]

    rendered = {name: render(name, home) for name in theme_names()}

    assert len(set(rendered.values())) == len(rendered)
    assert b'class="register"' in rendered["department"]
    assert b'class="register"' not in rendered["county"]
    for page in rendered.values():
        assert b'class="service-grid' in page


def test_what_a_theme_does_not_have_it_takes_from_base() -> None:
    search = pages("township")["search"]

    assert "找到 38 条" in render("township", search).decode()


@pytest.mark.parametrize("name", theme_names())
def test_assets_are_named_by_their_content(name: str) -> None:
    for path, data, content_type in theme_assets(name):
        assert path.startswith(f"/assets/{hashlib.sha256(data).hexdigest()[:16]}.")
        assert content_type.split(";")[0] in {"text/css", "text/javascript", "image/svg+xml"}


@pytest.mark.parametrize("name", theme_names())
def test_pages_and_styles_name_only_assets_that_are_there(name: str) -> None:
    paths = {path for path, _, _ in theme_assets(name)}
    texts = [data.decode() for _, data, _ in theme_assets(name)]
    texts += [render(name, view).decode() for view in pages(name).values()]

    named = {
        text[start : start + len("/assets/") + 20]
        for text in texts
        for start in range(len(text))
        if text.startswith("/assets/", start)
    }

    assert {path.rstrip("\"')") for path in named} <= {p[: len("/assets/") + 20] for p in paths}
    assert "url(motifs" not in "".join(texts)
    assert "url(drawings" not in "".join(texts)


def test_a_changed_file_changes_the_version_of_all_who_inherit_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in theme_names():
        (tmp_path / name / "templates").mkdir(parents=True)
    monkeypatch.setattr(registry, "HERE", tmp_path)
    before = {name: theme_version.__wrapped__(name) for name in theme_names()}

    (tmp_path / "county" / "templates" / "home.html").write_text("changed")
    after_county = {name: theme_version.__wrapped__(name) for name in theme_names()}
    (tmp_path / "base" / "templates" / "home.html").write_text("changed")
    after_base = {name: theme_version.__wrapped__(name) for name in theme_names()}

    assert [n for n in before if before[n] != after_county[n]] == ["county"]
    assert all(after_county[n] != after_base[n] for n in before)


@pytest.mark.parametrize("call", [theme_version, theme_assets, chain])
def test_an_unknown_theme_is_refused_with_those_there_are(call: object) -> None:
    with pytest.raises(Invalid, match="county"):
        call("../base")  # type: ignore[operator]


def test_every_icon_has_its_drawing() -> None:
    shapes = Path(registry.__file__).parent / "base" / "templates" / "icons.html"

    drawn = shapes.read_text(encoding="utf-8")

    assert all(f'"{name}": ' in drawn for name in ICONS)
    assert asset_path("base", "site.js").endswith(".js")
