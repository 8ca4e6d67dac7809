"""The publisher is stopped at each file operation; readers never see it, and a restart finishes.

Each page must be old or new at any time, and what is left aside must be gone after the restart.
"""

from __future__ import annotations

import errno
import gzip
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hosting.publishing.build import build_site, rebuild_site
from hosting.publishing.files import Files
from hosting.runtime.settings import Settings
from parts.faults import FaultyFiles, disk_error
from parts.newsroom import GONE, Newsroom, newsroom_runtime
from parts.platform import RIVER

OLD, NEW = "旧文", "新文"
_KILLED = 77


@pytest.fixture
def copy_home(in_memory: Path) -> Path:
    """Where each attempt has its own HOME."""
    return in_memory / "copy"


@pytest.fixture
def prepared(newsroom: Newsroom) -> Newsroom:
    """Old pages are public; changes of every kind wait."""
    newsroom.write(_1=OLD, _2=OLD, _3=OLD, _4=GONE)
    newsroom.publish()
    newsroom.write(_1=NEW, _2=GONE, _3=None, _4=NEW, _5=NEW, layout="新版式")
    newsroom.runtime.close()
    return newsroom


def copy_of(prepared: Newsroom, home: Path) -> Newsroom:
    """The same platform in another HOME, links and time stamps included."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(prepared.runtime.settings.home, home, symlinks=True)
    return Newsroom(newsroom_runtime(Settings(home=home, host_cache_seconds=0)), RIVER)


def publish(newsroom: Newsroom, files: Files) -> None:
    """One build, with what follows."""
    build_site(newsroom.runtime, RIVER.tenant_id, RIVER.site_id, files=files, following=True)


def rebuild(newsroom: Newsroom, files: Files) -> None:
    """One full build."""
    rebuild_site(newsroom.runtime, RIVER.tenant_id, RIVER.site_id, files=files)


Work = Callable[[Newsroom, Files], None]
Record = Callable[[str, object], None]


def assert_old_or_new(newsroom: Newsroom) -> None:
    """What a reader may find at any moment."""
    tree = newsroom.tree
    for item in ("1", "2", "3", "4", "5"):
        for path in (tree / f"art/{item}.html", tree / f"art/{item}.html.gz"):
            if path.exists():
                assert_whole(path)
    for path in ("index.html", "news/index.html", "news/feed.html", "site.css"):
        assert_whole(tree / path)
    assert_links_lead_somewhere(tree)


def assert_whole(path: Path) -> None:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    text = data.decode()
    if path.suffix != ".css":
        assert text.startswith("<!DOCTYPE html>"), path
        assert text.endswith("\n" * 300), path


def assert_links_lead_somewhere(tree: Path) -> None:
    for page in ("index.html", "news/index.html"):
        linked = [
            line[3:-4]
            for line in (tree / page).read_text(encoding="utf-8").splitlines()
            if line.startswith("<p>") and line[3:-4].isdecimal()
        ]
        for item in linked:
            assert (tree / f"art/{item}.html").is_file(), f"{page} links to {item}"


def assert_finished(newsroom: Newsroom) -> None:
    """What a reader must find in the end, and nothing besides."""
    assert NEW in newsroom.read("/art/1.html")
    assert newsroom.has("/.gone/art/2.html")
    for gone in ("/art/2.html", "/art/2.html.gz", "/art/3.html", "/.gone/art/4.html"):
        assert not newsroom.has(gone), gone
    assert NEW in newsroom.read("/art/4.html")
    assert NEW in newsroom.read("/art/5.html")
    assert "新版式" in newsroom.read("/site.css")
    assert "新版式" in newsroom.read("/news/feed.html")
    assert "<p>2</p>" not in newsroom.read("/news/feed.html")
    assert sorted(path.name for path in newsroom.folder.root.iterdir()) == ["current", "trees"]
    assert not newsroom.folder.current.with_name(".current.new").is_symlink()


def number_of_operations(prepared: Newsroom, home: Path, work: Work) -> int:
    newsroom = copy_of(prepared, home)
    files = FaultyFiles()
    work(newsroom, files)
    newsroom.runtime.close()
    assert_finished(newsroom)
    return files.count


def stop_at_each(
    prepared: Newsroom, home: Path, work: Work, stop: Callable[[Newsroom, int], None], step: int
) -> int:
    """Stop the work at each operation, look, let it finish, look again; how many there were."""
    total = number_of_operations(prepared, home, work)
    assert total > 30
    stops = range(1, total + 1, step)
    for at in stops:
        newsroom = copy_of(prepared, home)
        stop(newsroom, at)
        assert_old_or_new(newsroom)

        publish(newsroom, Files())

        newsroom.runtime.close()
        assert_finished(newsroom)
    return len(stops)


def fail_at_each(prepared: Newsroom, home: Path, work: Work, number: int, *, step: int = 1) -> int:
    def stop(newsroom: Newsroom, at: int) -> None:
        # Operations whose failure nobody needs to hear of, such as clearing up, raise nothing.
        with suppress(OSError):
            work(newsroom, FaultyFiles(at, disk_error(number)))

    return stop_at_each(prepared, home, work, stop, step)


def kill_at_each(prepared: Newsroom, home: Path, work: Work, *, step: int = 1) -> int:
    def stop(newsroom: Newsroom, at: int) -> None:
        newsroom.runtime.close()
        child = os.fork()
        if child == 0:
            # The child has connections of its own: SQLite's do not survive a fork.
            own = Newsroom(newsroom_runtime(newsroom.runtime.settings), RIVER)
            work(own, FaultyFiles(at, lambda: os._exit(_KILLED)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == _KILLED

    return stop_at_each(prepared, home, work, stop, step)


def test_a_publisher_killed_on_the_way_leaves_each_page_old_or_new(
    prepared: Newsroom, copy_home: Path
) -> None:
    kill_at_each(prepared, copy_home, publish, step=4)


def test_a_full_disk_at_any_operation_leaves_each_page_old_or_new(
    prepared: Newsroom, copy_home: Path
) -> None:
    fail_at_each(prepared, copy_home, publish, errno.ENOSPC, step=3)


def test_a_full_build_killed_on_the_way_leaves_each_page_old_or_new(
    prepared: Newsroom, copy_home: Path
) -> None:
    kill_at_each(prepared, copy_home, rebuild, step=9)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("work", [publish, rebuild])
def test_a_disk_error_at_each_operation_leaves_each_page_old_or_new(
    prepared: Newsroom, copy_home: Path, work: Work, number: int, record_property: Record
) -> None:
    record_property("tried", fail_at_each(prepared, copy_home, work, number))


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("work", [publish, rebuild])
def test_work_killed_at_each_operation_leaves_each_page_old_or_new(
    prepared: Newsroom, copy_home: Path, work: Work, record_property: Record
) -> None:
    record_property("tried", kill_at_each(prepared, copy_home, work))
