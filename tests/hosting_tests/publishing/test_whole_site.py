"""A redesign: built aside, looked at, switched to by one rename, and rolled back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hosting.publishing.build import open_press
from hosting.publishing.files import Files
from hosting.publishing.press import Report
from hosting.publishing.rebuild import Rebuild, Renderer
from hosting.publishing.recovery import finish_interrupted
from hosting.publishing.standing import Step
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import (
    leave_staged_site,
    rebuild_site,
    roll_back_site,
    stage_site,
    switch_site,
)
from hosting.runtime.errors import Conflict
from hosting.runtime.session import WalledSession
from parts.newsroom import BROKEN, GONE, Newsroom

UNDESIGNED = ["404.html", "news/index.html"]
"""Pages that show nothing of a design."""

OLD, NEW = 1, 2
"""Two designs by their ids; the site's own at first is the old one."""


@pytest.fixture
def standing(newsroom: Newsroom) -> Newsroom:
    """Three items are public in the old design."""
    newsroom.write(
        _1="甲", _2="乙", _3="丙", layout="旧版", **{"design-1": "旧版", "design-2": "新版"}
    )
    newsroom.publish()
    return newsroom


def stage(newsroom: Newsroom) -> Report:
    place = newsroom.place
    return stage_site(newsroom.runtime, place.tenant_id, place.site_id, design_id=NEW)


def becomes(newsroom: Newsroom, design_id: int) -> Step:
    """What makes a design the site's own."""

    def step(_session: WalledSession) -> None:
        newsroom.redesign(design_id)

    return step


def switch(newsroom: Newsroom, files: Files | None = None) -> int:
    """The number of the tree that readers saw before."""
    place, before = newsroom.place, []

    def step(tree: int) -> Step:
        before.append(tree)
        return becomes(newsroom, NEW)

    switch_site(
        newsroom.runtime, place.tenant_id, place.site_id, design_id=NEW, step=step, files=files
    )
    return before[0]


def roll_back(newsroom: Newsroom, tree: int, files: Files | None = None) -> Report:
    place = newsroom.place
    return roll_back_site(
        newsroom.runtime,
        place.tenant_id,
        place.site_id,
        tree=tree,
        design_id=OLD,
        step=becomes(newsroom, OLD),
        files=files,
    )


def findings(newsroom: Newsroom) -> list[object]:
    place = newsroom.place
    return [*verify_site(newsroom.runtime, place.tenant_id, place.site_id).findings]


def staged(newsroom: Newsroom, path: str) -> Path:
    return newsroom.folder.staged / path


def texts_in(tree: Path) -> dict[str, str]:
    """Every page, without what is beside it."""
    return {
        str(path.relative_to(tree)): path.read_text(encoding="utf-8")
        for path in sorted(tree.rglob("*"))
        if path.suffix in (".html", ".css") and path.stat().st_size
    }


def test_what_is_staged_is_complete_and_no_reader_sees_it(standing: Newsroom) -> None:
    before = texts_in(standing.tree)

    report = stage(standing)

    assert report.failures == {}
    assert texts_in(standing.tree) == before
    pages = texts_in(standing.folder.staged.resolve())
    assert pages == {path: text.replace("旧版", "新版") for path, text in before.items()}
    assert findings(standing) == []


def test_publishing_goes_on_while_a_design_is_staged(standing: Newsroom) -> None:
    stage(standing)

    standing.write(_1="甲改")
    standing.publish()

    assert "甲改" in standing.read("/art/1.html")
    assert "旧版" in standing.read("/art/1.html")
    assert staged(standing, "art/1.html").is_file(), "others' work does not clear it away"


def test_what_is_withdrawn_leaves_the_staged_tree_at_once(standing: Newsroom) -> None:
    stage(standing)

    standing.write(_2=GONE)
    standing.publish()

    assert not staged(standing, "art/2.html").exists()
    assert not staged(standing, "art/2.html.gz").exists()


def test_what_is_withdrawn_while_a_design_is_built_is_not_staged(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = Rebuild.render

    def withdrawn_meanwhile(rebuild: Rebuild, renderer: Renderer | None = None) -> None:
        render(rebuild, renderer)
        standing.write(_2=GONE)
        standing.publish()

    monkeypatch.setattr(Rebuild, "render", withdrawn_meanwhile)

    stage(standing)

    assert staged(standing, "art/1.html").is_file()
    assert not staged(standing, "art/2.html").exists()


def test_a_tree_in_another_design_is_not_switched_to(standing: Newsroom) -> None:
    stage(standing)
    place = standing.place

    with pytest.raises(Conflict) as caught:
        switch_site(
            standing.runtime,
            place.tenant_id,
            place.site_id,
            design_id=OLD,
            step=lambda _tree: becomes(standing, OLD),
        )

    assert caught.value.code == "nothing_staged"
    assert standing.folder.current_number() == 1


def test_a_switch_shows_all_that_was_published_since_in_the_new_design(standing: Newsroom) -> None:
    stage(standing)
    standing.write(_1="甲改", _2=GONE, _3=None, _4="丁")
    standing.publish()

    switch(standing)

    pages = texts_in(standing.tree)
    assert "甲改" in pages["art/1.html"]
    assert "丁" in pages["art/4.html"]
    assert not {"art/2.html", "art/3.html"} & pages.keys()
    assert standing.has("/.gone/art/2.html")
    assert [path for path, text in pages.items() if "新版" not in text] == UNDESIGNED
    assert findings(standing) == []
    assert not standing.folder.staged.is_symlink()
    standing.write(layout="新版")
    assert standing.publish().written == 0, "rows and files say the same"


def test_a_page_that_left_its_address_twice_is_nowhere_in_the_new_tree(standing: Newsroom) -> None:
    stage(standing)
    standing.write(_3=None)
    standing.publish()
    standing.write(_3="丙回来")
    standing.publish()
    standing.write(_3=GONE)
    standing.publish()

    switch(standing)

    assert not standing.has("/art/3.html")
    assert standing.has("/.gone/art/3.html")
    assert findings(standing) == []


def test_without_a_staged_tree_there_is_nothing_to_switch_to(standing: Newsroom) -> None:
    with pytest.raises(Conflict) as caught:
        switch(standing)
    assert caught.value.code == "nothing_staged"

    stage(standing)
    place = standing.place
    assert leave_staged_site(standing.runtime, place.tenant_id, place.site_id)

    with pytest.raises(Conflict):
        switch(standing)
    assert standing.folder.trees() == [1]


def test_a_full_build_leaves_what_was_staged(standing: Newsroom) -> None:
    stage(standing)

    rebuild_site(standing.runtime, standing.place.tenant_id, standing.place.site_id)

    assert standing.folder.staged_number() is None
    assert "旧版" in standing.read("/art/1.html")
    assert findings(standing) == []


def test_rolling_back_shows_the_old_design_with_all_that_happened_since(
    standing: Newsroom,
) -> None:
    stage(standing)
    before = switch(standing)
    standing.write(_1="甲改", _2=GONE, _3=None, _4="丁")
    standing.publish()

    roll_back(standing, before)

    pages = texts_in(standing.tree)
    assert standing.folder.current_number() == before
    assert "甲改" in pages["art/1.html"]
    assert "丁" in pages["art/4.html"]
    assert not {"art/2.html", "art/3.html"} & pages.keys(), "what was withdrawn stays withdrawn"
    assert standing.has("/.gone/art/2.html")
    assert [path for path, text in pages.items() if "旧版" not in text] == UNDESIGNED
    assert findings(standing) == []


def test_after_rolling_back_the_site_is_published_as_before(standing: Newsroom) -> None:
    stage(standing)
    before = switch(standing)
    roll_back(standing, before)

    standing.write(_1="甲改", layout="旧版")
    standing.publish()
    rolled_back = texts_in(standing.tree)
    rebuild_site(standing.runtime, standing.place.tenant_id, standing.place.site_id)

    assert texts_in(standing.tree) == rolled_back
    assert "甲改" in rolled_back["art/1.html"]
    assert findings(standing) == []


def test_no_two_trees_of_a_site_have_one_number(standing: Newsroom) -> None:
    stage(standing)
    before = switch(standing)
    shown = standing.folder.current_number()
    roll_back(standing, before)
    standing.write(_1="甲改")
    standing.publish()

    stage(standing)

    assert standing.folder.staged_number() not in (before, shown)


def tamper(tree: Path, kind: str) -> None:
    if kind == "altered":
        (tree / "art/1.html").write_text("<!DOCTYPE html>赌博", encoding="utf-8")
    elif kind == "added":
        (tree / "art/9.html").write_text("<!DOCTYPE html>赌博", encoding="utf-8")
    else:
        (tree / "art/1.html").unlink()


@pytest.mark.parametrize("kind", ["altered", "added", "removed"])
def test_what_was_done_to_the_earlier_tree_meanwhile_is_not_shown(
    standing: Newsroom, kind: str
) -> None:
    stage(standing)
    before = switch(standing)
    tamper(standing.folder.tree(before), kind)

    roll_back(standing, before)

    assert "甲" in standing.read("/art/1.html")
    assert not standing.has("/art/9.html")
    assert findings(standing) == []


@pytest.mark.parametrize("kind", ["altered", "added", "removed"])
def test_what_was_done_to_the_staged_tree_is_not_shown(standing: Newsroom, kind: str) -> None:
    stage(standing)
    tamper(standing.folder.staged.resolve(), kind)
    standing.write(_2=GONE, _3="丙改")
    standing.publish()

    switch(standing)

    assert "甲" in standing.read("/art/1.html")
    assert "丙改" in standing.read("/art/3.html")
    assert not standing.has("/art/9.html")
    assert not standing.has("/art/2.html")
    assert findings(standing) == []


def test_an_earlier_tree_that_is_gone_is_said_to_be(standing: Newsroom) -> None:
    stage(standing)
    before = switch(standing)
    for _ in range(3):
        rebuild_site(standing.runtime, standing.place.tenant_id, standing.place.site_id)

    with pytest.raises(Conflict) as caught:
        roll_back(standing, before)

    assert caught.value.code == "no_earlier_tree"
    assert "新版" in standing.read("/art/1.html")


def test_rolling_back_beyond_a_full_build_brings_in_what_changed_before_it(
    standing: Newsroom,
) -> None:
    stage(standing)
    before = switch(standing)
    standing.write(_1="甲改", _2=GONE)
    standing.publish()
    rebuild_site(standing.runtime, standing.place.tenant_id, standing.place.site_id)

    roll_back(standing, before)

    assert "甲改" in standing.read("/art/1.html")
    assert not standing.has("/art/2.html")
    assert findings(standing) == []


def test_a_page_that_fails_in_the_new_design_stays_as_it_stands(standing: Newsroom) -> None:
    standing.write(_1=BROKEN)
    standing.publish()

    report = stage(standing)
    switch(standing)

    assert set(report.failures) == {"item:1"}
    assert "甲" in standing.read("/art/1.html")
    assert findings(standing) == []


@pytest.mark.parametrize("work", ["switch", "roll_back"])
def test_a_publisher_that_finds_a_switch_half_done_finishes_it(
    standing: Newsroom, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the switch was recorded, before a file or row said so."""
    stage(standing)
    before = switch(standing) if work == "roll_back" else 0
    acts: dict[str, Callable[[], object]] = {
        "switch": lambda: switch(standing),
        "roll_back": lambda: roll_back(standing, before),
    }

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("hosting.publishing.rebuild.finish_switch", die)
        acts[work]()

    place = standing.place
    with open_press(standing.runtime, place.tenant_id, place.site_id) as press:
        assert press is not None
        finish_interrupted(press)

    shown = "新版" if work == "switch" else "旧版"
    assert shown in standing.read("/art/1.html")
    assert standing.folder.staged_number() is None
    assert findings(standing) == []
