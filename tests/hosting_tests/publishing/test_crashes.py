"""The publisher is stopped at each file operation; readers never see it, and a restart finishes."""

from __future__ import annotations

import errno
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from hosting.publishing.files import Files
from hosting.publishing.packing import pack_site
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import (
    rebuild_site,
    roll_back_site,
    stage_site,
    switch_site,
)
from hosting.runtime.session import WalledSession
from parts.newsroom import GONE, Newsroom
from parts.platform import RIVER
from parts.stopping import NEW, OLD, Stopping, publish

_OLD_DESIGN, _NEW_DESIGN = 1, 2
_SITE = (RIVER.tenant_id, RIVER.site_id)

Record = Callable[[str, object], None]
Given = Callable[[Newsroom], Stopping]


@pytest.fixture
def copy_home(in_memory: Path) -> Path:
    """Where each attempt has its own HOME."""
    return in_memory / "copy"


def old_pages(newsroom: Newsroom) -> None:
    """Old pages are public, in the first of two designs."""
    designs = {"design-1": "旧版式", "design-2": "新版式"}
    newsroom.write(_1=OLD, _2=OLD, _3=OLD, _4=GONE, layout="旧版式", **designs)
    newsroom.publish()
    pack_site(newsroom.runtime, *_SITE, seconds=60)


def changes(newsroom: Newsroom) -> None:
    """Changes of every kind wait; items are withdrawn, too."""
    newsroom.write(_1=NEW, _2=GONE, _3=None, _4=NEW, _5=NEW)


def rebuild(newsroom: Newsroom, files: Files) -> None:
    """One full build."""
    rebuild_site(newsroom.runtime, *_SITE, files=files)


def repair(newsroom: Newsroom, files: Files) -> None:
    """What was altered is found and put back."""
    verify_site(newsroom.runtime, *_SITE, repair=True, files=files)


def switch(newsroom: Newsroom, files: Files) -> None:
    """The staged design is shown."""

    def step(_session: WalledSession) -> None:
        newsroom.redesign(_NEW_DESIGN)

    switch_site(
        newsroom.runtime, *_SITE, design_id=_NEW_DESIGN, step=lambda _tree: step, files=files
    )


def roll_back(newsroom: Newsroom, files: Files) -> None:
    """The first tree, in the old design, is shown again."""

    def step(_session: WalledSession) -> None:
        newsroom.redesign(_OLD_DESIGN)

    roll_back_site(newsroom.runtime, *_SITE, tree=1, design_id=_OLD_DESIGN, step=step, files=files)


def is_shown(tree: int) -> Callable[[Newsroom], bool]:
    """Whether readers see a tree."""
    return lambda newsroom: newsroom.folder.current_number() == tree


def is_whole(newsroom: Newsroom) -> bool:
    """Whether all stands as it was signed."""
    return not verify_site(newsroom.runtime, *_SITE).findings


def tamper(newsroom: Newsroom) -> None:
    """A page and a copy are altered, a copy is removed, a page added."""
    (newsroom.tree / "art/1.html").write_text("<!DOCTYPE html>篡改" + "\n" * 300, "utf-8")
    (newsroom.tree / "art/4.html.gz").unlink()
    (newsroom.tree / "art/5.html.gz").write_bytes(gzip.compress(b"<!DOCTYPE html>" + b"\n" * 300))
    (newsroom.tree / "art/9.html").write_text("外来", "utf-8")


@pytest.fixture(params=["publish", "rebuild", "switch", "roll_back", "repair"])
def stopping(request: pytest.FixtureRequest, newsroom: Newsroom, copy_home: Path) -> Stopping:
    """One kind of work, on a newsroom that waits for it."""
    return prepared(request.param, newsroom, copy_home)


def prepared(kind: str, newsroom: Newsroom, home: Path) -> Stopping:
    """A newsroom as the work finds it."""
    old_pages(newsroom)
    works = {"publish": publish, "rebuild": rebuild, "repair": repair}
    if kind in ("switch", "roll_back"):
        stage_site(newsroom.runtime, *_SITE, design_id=_NEW_DESIGN)
    if kind == "roll_back":
        switch(newsroom, Files())
    changes(newsroom)
    if kind == "repair":
        publish(newsroom, Files())
        tamper(newsroom)
    newsroom.runtime.close()
    if kind == "switch":
        return Stopping(newsroom, home, switch, "新版式", is_shown(2))
    if kind == "roll_back":
        return Stopping(newsroom, home, roll_back, "旧版式", is_shown(1))
    is_done = is_whole if kind == "repair" else lambda _newsroom: True
    return Stopping(newsroom, home, works[kind], "旧版式", is_done)


def test_work_killed_on_the_way_leaves_each_page_old_or_new(stopping: Stopping) -> None:
    stopping.kill_at_each(step=7)


@pytest.mark.parametrize("stopping", ["publish", "roll_back"], indirect=True)
def test_a_full_disk_on_the_way_leaves_each_page_old_or_new(stopping: Stopping) -> None:
    stopping.fail_at_each(errno.ENOSPC, step=5)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_error_at_each_operation_leaves_each_page_old_or_new(
    stopping: Stopping, number: int, record_property: Record
) -> None:
    record_property("tried", stopping.fail_at_each(number))


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_work_killed_at_each_operation_leaves_each_page_old_or_new(
    stopping: Stopping, record_property: Record
) -> None:
    record_property("tried", stopping.kill_at_each())
