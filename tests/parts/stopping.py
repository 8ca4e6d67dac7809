"""Stopping a publisher at each of its file operations, and what readers may find then.

Each page must be old or new at any time, and what is left aside must be gone after the restart.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hosting.publishing.build import build_site
from hosting.publishing.files import Files
from hosting.runtime.codings import BROTLI
from hosting.runtime.settings import Settings
from parts.faults import FaultyFiles, disk_error
from parts.newsroom import Newsroom, newsroom_runtime
from parts.platform import RIVER

OLD, NEW = "旧文", "新文"
_KILLED = 77

Work = Callable[[Newsroom, Files], None]


def publish(newsroom: Newsroom, files: Files) -> None:
    """One build, with what follows."""
    build_site(newsroom.runtime, RIVER.tenant_id, RIVER.site_id, files=files, following=True)


@dataclass(frozen=True)
class Stopping:
    """Work on a prepared newsroom, in a HOME of its own each time.

    `shown` is the layout in which every page stands in the end. Work that did nothing that lasts
    when it was stopped is done again, where `is_done` says so.
    """

    prepared: Newsroom
    home: Path
    work: Work
    shown: str
    is_done: Callable[[Newsroom], bool] = lambda _: True

    def fail_at_each(self, number: int, *, step: int = 1) -> int:
        """Let operation after operation fail with this error; how many there were."""

        def stop(newsroom: Newsroom, at: int) -> None:
            # Operations whose failure nobody needs to hear of, such as clearing up, raise nothing.
            with suppress(OSError):
                self.work(newsroom, FaultyFiles(at, disk_error(number)))

        return self._at_each(stop, step)

    def kill_at_each(self, *, step: int = 1) -> int:
        """Kill the publisher at operation after operation; how many there were."""

        def stop(newsroom: Newsroom, at: int) -> None:
            newsroom.runtime.close()
            child = os.fork()
            if child == 0:
                # The child has connections of its own: SQLite's do not survive a fork.
                try:
                    own = Newsroom(newsroom_runtime(newsroom.runtime.settings), RIVER)
                    self.work(own, FaultyFiles(at, lambda: os._exit(_KILLED)))
                finally:
                    os._exit(0)
            _, status = os.waitpid(child, 0)
            assert os.waitstatus_to_exitcode(status) == _KILLED

        return self._at_each(stop, step)

    def _at_each(self, stop: Callable[[Newsroom, int], None], step: int) -> int:
        """Stop the work, look, let it finish, look again."""
        total = self._number_of_operations()
        assert total > 30
        stops = range(1, total + 1, step)
        for at in stops:
            newsroom = self._copy()
            stop(newsroom, at)
            assert_old_or_new(newsroom)

            publish(newsroom, Files())
            assert_old_or_new(newsroom)
            if not self.is_done(newsroom):
                self.work(newsroom, Files())
                publish(newsroom, Files())

            newsroom.runtime.close()
            assert_finished(newsroom, self.shown)
        return len(stops)

    def _number_of_operations(self) -> int:
        newsroom = self._copy()
        files = FaultyFiles()
        self.work(newsroom, files)
        newsroom.runtime.close()
        assert_finished(newsroom, self.shown)
        return files.count

    def _copy(self) -> Newsroom:
        """The same platform in another HOME, links and time stamps included."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.prepared.runtime.settings.home, self.home, symlinks=True)
        settings = Settings(home=self.home, host_cache_seconds=0)
        return Newsroom(newsroom_runtime(settings), RIVER)


def assert_old_or_new(newsroom: Newsroom) -> None:
    """What a reader may find at any moment."""
    tree = newsroom.tree
    for item in ("1", "2", "3", "4", "5"):
        page = tree / f"art/{item}.html"
        for path in (page, tree / f"art/{item}.html.gz"):
            if path.exists():
                assert_whole(path)
        late = tree / f"art/{item}.html.br"
        if late.exists() and page.exists():
            assert BROTLI.is_copy(late.read_bytes(), page.read_bytes()), late
    for name in ("index.html", "news/index.html", "news/feed.html", "site.css"):
        assert_whole(tree / name)
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


def assert_finished(newsroom: Newsroom, shown: str) -> None:
    """What a reader must find in the end, and nothing besides."""
    assert NEW in newsroom.read("/art/1.html")
    assert shown in newsroom.read("/art/1.html")
    assert newsroom.has("/.gone/art/2.html")
    assert not newsroom.has("/art/1.html.br")
    for gone in (
        "/art/2.html",
        "/art/2.html.gz",
        "/art/2.html.br",
        "/art/3.html",
        "/.gone/art/4.html",
    ):
        assert not newsroom.has(gone), gone
    assert NEW in newsroom.read("/art/4.html")
    assert NEW in newsroom.read("/art/5.html")
    assert shown in newsroom.read("/site.css")
    assert shown in newsroom.read("/news/feed.html")
    assert "<p>2</p>" not in newsroom.read("/news/feed.html")
    newsroom.folder.clear_discarded(Files())
    assert sorted(path.name for path in newsroom.folder.root.iterdir()) == ["current", "trees"]
    assert not newsroom.folder.current.with_name(".current.new").is_symlink()
