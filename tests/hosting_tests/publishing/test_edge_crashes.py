"""Whoever brings a copy is stopped at each file operation at the edge; a second run finishes.

Readers of the edge find each page old or new at any time, and no link that leads nowhere.
"""

from __future__ import annotations

import errno
import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hosting.publishing.edges.reading import Bookmark
from hosting.publishing.files import Files
from hosting.publishing.tree import PublicFolder
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.errors import Unavailable
from parts.edges import NAME, Folder, sync, tree_of, with_edge
from parts.faults import FaultyFiles, disk_error
from parts.newsroom import GONE, Newsroom, newsroom_runtime
from parts.platform import RIVER

OLD, NEW = "旧文", "新文"
SITE = RIVER.site_id
_KILLED = 77

Record = Callable[[str, object], None]


@dataclass
class Desk:
    """A platform with something to bring, and its edge as it was before."""

    room: Newsroom
    before: Path
    edge: Folder
    compare: bool

    def fresh(self) -> None:
        """Make the edge what it was."""
        shutil.rmtree(self.edge.root)
        shutil.copytree(self.before, self.edge.root, symlinks=True)

    def sync(self, files: Files | None = None) -> None:
        sync(self.room.runtime, self.room.place, compare=self.compare, files=files)


def first_copy(_room: Newsroom, edge: Folder) -> bool:
    shutil.rmtree(edge.root)
    edge.root.mkdir()
    return False


def changes_of_every_kind(room: Newsroom, _edge: Folder) -> bool:
    room.write(_1=NEW, _2=GONE, _3=None, _4=NEW, _5=NEW, layout="新版式")
    room.publish()
    return False


def another_tree(room: Newsroom, edge: Folder) -> bool:
    changes_of_every_kind(room, edge)
    rebuild_site(room.runtime, RIVER.tenant_id, SITE)
    return False


def a_comparison(_room: Newsroom, edge: Folder) -> bool:
    edge.write(SITE, "/casino.html", b"casino")
    edge.write(SITE, "/art/9.html.gz", b"casino")
    edge.write(SITE, "/site.css", b"/* hacked */")
    edge.remove(SITE, "/.gone/art/4.html")
    (edge.tree(SITE) / "news/index.html").unlink()
    (edge.tree(SITE) / "news/index.html").mkdir()
    return True


SCENES = (first_copy, changes_of_every_kind, another_tree, a_comparison)


@pytest.fixture(params=SCENES)
def desk(
    request: pytest.FixtureRequest, newsroom: Newsroom, folder_outside: Folder, in_memory: Path
) -> Iterator[Desk]:
    """Something of each kind that is to be brought."""
    room = with_edge(newsroom, folder_outside)
    room.write(_1=OLD, _2=OLD, _3=OLD, _4=GONE)
    room.publish()
    sync(room.runtime, room.place)
    compare = request.param(room, folder_outside)
    shutil.copytree(folder_outside.root, in_memory / "before", symlinks=True)
    yield Desk(room, in_memory / "before", folder_outside, compare)
    room.runtime.close()


def assert_old_or_new(desk: Desk) -> None:
    """What a reader of the edge may find at any moment; of what others altered, that too."""
    tree = PublicFolder(desk.edge.root).site(SITE).current.resolve()
    if not tree.is_dir() or desk.compare:
        return
    for path in tree.rglob("*.html*"):
        if ".gone" not in path.parts:
            data = path.read_bytes()
            page = gzip.decompress(data) if path.suffix == ".gz" else data
            assert page.startswith(b"<!DOCTYPE html>"), path
            assert page.endswith(b"\n" * 300), path
    for page in ("index.html", "news/index.html"):
        if (tree / page).exists():
            assert_links_lead_somewhere(tree, page)


def assert_links_lead_somewhere(tree: Path, page: str) -> None:
    lines = (tree / page).read_text(encoding="utf-8").splitlines()
    linked = [line[3:-4] for line in lines if line.startswith("<p>")]
    for item in filter(str.isdecimal, linked):
        assert (tree / f"art/{item}.html").is_file(), f"{page} links to {item}"


def assert_finished(desk: Desk) -> None:
    """The copy is whole, nothing is left aside, and the bookmark stands at the end."""
    assert desk.edge.files(SITE) == tree_of(desk.room)
    folder = PublicFolder(desk.edge.root).site(SITE)
    assert sorted(path.name for path in folder.root.iterdir()) == ["current", "trees"]
    assert len(folder.trees()) == 1
    kept = Bookmark.of_text(desk.edge.own()[f"sites/{SITE}.json"])
    assert kept is not None
    assert kept.tree == folder.current_number() == desk.room.folder.current_number()
    assert desk.edge.hosts() == {RIVER.host: f"sites/{SITE}"}


def number_of_operations(desk: Desk) -> int:
    files = FaultyFiles()
    desk.fresh()
    desk.sync(files)
    assert_finished(desk)
    return files.count


def stop_at_each(desk: Desk, stop: Callable[[int], None], step: int = 1) -> int:
    """Stop at each operation, look, let it finish, look again; how often."""
    stops = range(1, number_of_operations(desk) + 1, step)
    for at in stops:
        desk.fresh()
        stop(at)
        assert_old_or_new(desk)

        desk.sync()

        assert_finished(desk)
    return len(stops)


def fail_at_each(desk: Desk, number: int, step: int = 1) -> int:
    def stop(at: int) -> None:
        # Where only something is cleared up nobody needs to hear of a failure.
        try:
            desk.sync(FaultyFiles(at, disk_error(number)))
        except Unavailable as refusal:
            assert refusal.facts["edge"] == NAME  # noqa: PT017 - not every failure is told

    return stop_at_each(desk, stop, step)


def kill_at_each(desk: Desk, step: int = 1) -> int:
    def stop(at: int) -> None:
        desk.room.runtime.close()
        child = os.fork()
        if child == 0:
            # The child has connections of its own: SQLite's do not survive a fork.
            own = replace(desk, room=Newsroom(newsroom_runtime(desk.room.runtime.settings), RIVER))
            own.sync(FaultyFiles(at, lambda: os._exit(_KILLED)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == _KILLED

    return stop_at_each(desk, stop, step)


def test_a_disk_error_at_the_edge_leaves_each_page_old_or_new(desk: Desk) -> None:
    assert fail_at_each(desk, errno.ENOSPC, step=2) > 10


def test_a_copy_that_is_killed_on_the_way_is_finished_by_the_next_run(desk: Desk) -> None:
    assert kill_at_each(desk, step=7) > 3


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_error_at_each_operation_at_the_edge_leaves_each_page_old_or_new(
    desk: Desk, number: int, record_property: Record
) -> None:
    record_property("tried", fail_at_each(desk, number))


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_a_copy_killed_at_each_operation_is_finished_by_the_next_run(
    desk: Desk, record_property: Record
) -> None:
    record_property("tried", kill_at_each(desk))
