"""Late copies at edges of every kind: brought after their pages, gone before these change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hosting.publishing.packing import pack_site
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.codings import BROTLI
from parts.edges import Bucket, Outside, sync, tree_of, with_edge
from parts.newsroom import GONE, Newsroom
from parts.platform import RIVER

SITE = RIVER.site_id
LATE = "/art/1.html.br"


@pytest.fixture
def copied(newsroom: Newsroom, outside: Outside) -> Iterator[Newsroom]:
    """A site with late copies, here and at an edge."""
    room = with_edge(newsroom, outside)
    room.write(_1="通告", _2="公示", _3=GONE)
    room.publish()
    sync(room.runtime, room.place)
    assert LATE not in outside.files(SITE)
    pack(room)
    sync(room.runtime, room.place, late=True)
    yield room
    room.runtime.close()


def pack(room: Newsroom) -> None:
    pack_site(room.runtime, RIVER.tenant_id, SITE, seconds=60)


def test_late_copies_are_brought_once_they_are_made(copied: Newsroom, outside: Outside) -> None:
    assert LATE in outside.files(SITE)
    assert outside.files(SITE) == tree_of(copied)
    again = sync(copied.runtime, copied.place, compare=True)
    assert (again.written, again.mended) == (0, [])


def test_readers_of_a_bucket_are_told_how_a_late_copy_is_packed(
    copied: Newsroom, outside: Outside
) -> None:
    if not isinstance(outside, Bucket):
        return
    told = outside.head(SITE, LATE)
    assert (told["ContentType"], told["ContentEncoding"]) == ("text/html; charset=utf-8", "br")


def test_a_change_takes_the_late_copy_away(copied: Newsroom, outside: Outside) -> None:
    copied.write(_1="更正", _2=GONE)
    copied.publish()
    sync(copied.runtime, copied.place)

    assert LATE not in outside.files(SITE)
    assert "/art/2.html.br" not in outside.files(SITE)
    pack(copied)
    sync(copied.runtime, copied.place, late=True)
    files = outside.files(SITE)
    assert BROTLI.is_copy(files[LATE], files["/art/1.html"])


def test_a_comparison_mends_late_copies(copied: Newsroom, outside: Outside) -> None:
    outside.write(SITE, LATE, b"hacked")
    outside.write(SITE, "/casino.html.br", b"casino")
    outside.remove(SITE, "/art/2.html.br")

    synced = sync(copied.runtime, copied.place, compare=True)

    assert synced.mended == ["/art/1.html", "/casino.html"], "one that is missing was never due"
    assert outside.files(SITE) == tree_of(copied)


def test_an_altered_late_copy_here_never_reaches_an_edge(
    copied: Newsroom, outside: Outside
) -> None:
    outside.remove(SITE, LATE)
    (copied.tree / LATE[1:]).write_bytes(b"hacked")

    sync(copied.runtime, copied.place, late=True)

    assert LATE not in outside.files(SITE)


def test_a_new_tree_gets_its_late_copies(copied: Newsroom, outside: Outside) -> None:
    copied.write(layout="新版式")
    rebuild_site(copied.runtime, RIVER.tenant_id, SITE)
    sync(copied.runtime, copied.place)
    # Of pages that stayed as they were a bucket, which has one copy only, keeps them.
    brought = {file: body for file, body in outside.files(SITE).items() if file[-3:] != ".br"}
    assert brought == tree_of(copied)
    pack(copied)

    sync(copied.runtime, copied.place, late=True)

    assert LATE in outside.files(SITE)
    assert outside.files(SITE) == tree_of(copied)
