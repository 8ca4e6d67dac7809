"""What readers find after a build, and what a build leaves alone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hosting.publishing.models import BuildFailure, ChangeSet, PublicPage, StaleMark
from hosting.publishing.stale import changed
from hosting.publishing.whole_site import rebuild_site
from parts.newsroom import BROKEN, GONE, Newsroom


def snapshot(tree: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file of a tree: inode, time stamp and bytes."""
    return {
        str(path.relative_to(tree)): (
            path.stat().st_ino,
            path.stat().st_mtime_ns,
            path.read_bytes(),
        )
        for path in tree.rglob("*")
        if path.is_file()
    }


def test_a_new_item_is_public_with_its_list_and_the_home_page(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告", _2="公示")

    report = newsroom.publish()

    assert "通告" in newsroom.read("/art/1.html")
    assert "<p>2</p>" in newsroom.read("/news/index.html")
    assert "<p>2</p>" in newsroom.read("/index.html")
    assert "<p>2</p>" in newsroom.read("/news/feed.html")
    assert report.written == 7
    assert report.failures == {}


def test_a_second_build_of_an_unchanged_site_writes_nothing(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()
    before = snapshot(newsroom.folder.root)

    newsroom.write(_1="通告")
    report = newsroom.publish()

    assert report.rendered > 0
    assert (report.written, report.removed, report.change_sets) == (0, 0, [])
    assert snapshot(newsroom.folder.root) == before


def test_a_change_renders_only_the_pages_that_used_it(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告", _2="公示", layout="旧")
    newsroom.publish()
    place = newsroom.place

    with newsroom.runtime.tenant_session(place.tenant_id) as session:
        changed(session, place.site_id, ["item:1"])

    assert newsroom.publish().rendered == 1


def test_a_changed_layout_reaches_every_page_that_shows_it(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告", layout="旧版式")
    newsroom.publish()

    newsroom.write(layout="新版式")
    newsroom.publish()

    assert "新版式" in newsroom.read("/art/1.html")
    assert "新版式" in newsroom.read("/site.css")


def test_a_withdrawn_item_leaves_a_marker_and_no_link(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告", _2="公示")
    newsroom.publish()

    newsroom.write(_1=GONE)
    report = newsroom.publish()

    assert not newsroom.has("/art/1.html")
    assert not newsroom.has("/art/1.html.gz")
    assert newsroom.has("/.gone/art/1.html")
    assert "<p>1</p>" not in newsroom.read("/index.html")
    assert report.removed == 1


def test_an_item_that_comes_back_takes_its_marker_away(newsroom: Newsroom) -> None:
    newsroom.write(_1=GONE)
    newsroom.publish()

    newsroom.write(_1="重新发布")
    newsroom.publish()

    assert "重新发布" in newsroom.read("/art/1.html")
    assert not newsroom.has("/.gone/art/1.html")


def test_a_page_that_should_not_exist_leaves_no_trace(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()

    newsroom.write(_1=None)
    newsroom.publish()

    assert not newsroom.has("/art")
    assert not newsroom.has("/.gone/art/1.html")


def test_a_page_has_a_compressed_copy_of_the_same_bytes(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()

    copy = (newsroom.tree / "art/1.html.gz").read_bytes()

    assert gzip.decompress(copy).decode() == newsroom.read("/art/1.html")
    assert copy[4:8] == b"\0\0\0\0", "a time stamp would make equal pages differ"


def test_each_change_gives_a_page_a_later_time_stamp(newsroom: Newsroom) -> None:
    stamps = []
    for text in ("甲", "乙", "丙"):
        newsroom.write(_1=text)
        newsroom.publish()
        stamps.append(int((newsroom.tree / "art/1.html").stat().st_mtime))

    assert stamps == sorted(set(stamps)), "nginx tells versions apart by whole seconds"


def test_a_page_that_fails_stays_as_it_was_and_stops_no_other(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    newsroom.publish()

    newsroom.write(_1=BROKEN, _2="公示")
    report = newsroom.publish()

    assert "通告" in newsroom.read("/art/1.html")
    assert "公示" in newsroom.read("/art/2.html")
    assert report.failures == {"item:1": "ValueError: this text cannot be set"}
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        failure = session.scalars(select(BuildFailure)).one()
        assert (failure.key, failure.attempts) == ("item:1", 1)
        assert session.scalar(select(func.count()).select_from(StaleMark)) == 0


def test_a_failure_is_forgotten_when_the_page_is_made(newsroom: Newsroom) -> None:
    newsroom.write(_1=BROKEN)
    newsroom.publish()
    newsroom.write(_1=BROKEN)
    newsroom.publish()
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        assert session.scalars(select(BuildFailure.attempts)).one() == 2

    newsroom.write(_1="修好了")
    report = newsroom.publish()

    assert report.failures == {}
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        assert session.scalars(select(BuildFailure)).all() == []


def test_a_change_set_says_what_was_done(newsroom: Newsroom) -> None:
    newsroom.write(_1="甲")
    newsroom.publish()
    newsroom.write(_1="乙")
    newsroom.publish()

    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        found = session.scalars(select(ChangeSet).order_by(ChangeSet.number)).all()
        digest = session.scalar(select(PublicPage.digest).where(PublicPage.key == "item:1"))

    first, followers, second = found
    assert [each["path"] for each in followers.entries] == ["/news/feed.html"]
    (entry,) = [each for each in second.entries if each["path"] == "/art/1.html"]
    (made,) = [each for each in first.entries if each["path"] == "/art/1.html"]
    assert (first.state, second.state) == ("closed", "closed")
    assert (made["old"], made["new"]) == (None, entry["old"])
    assert entry["new"] == digest


def test_another_tenants_tree_is_left_alone(newsroom: Newsroom, neighbour: Newsroom) -> None:
    neighbour.write(_1="教育局的通告")
    neighbour.publish()
    before = snapshot(neighbour.folder.root)

    newsroom.write(_1="县政府的通告")
    newsroom.publish()

    assert snapshot(neighbour.folder.root) == before
    assert "县政府" in newsroom.read("/art/1.html")


@pytest.mark.parametrize("lane", ["person", "bulk"])
def test_more_pages_than_one_batch_all_come_out(
    newsroom: Newsroom, lane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosting.publishing.build.BATCH", 10)
    newsroom.write_all({str(number): f"第{number}号" for number in range(1, 36)}, lane=lane)

    report = newsroom.publish()

    assert len(report.change_sets) >= 4
    assert newsroom.read("/index.html").count("<p>") == 36
    assert len(list((newsroom.tree / "art").glob("*.html"))) == 35
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count()).select_from(StaleMark)) == 0


def test_bulk_withdrawals_leave_when_nothing_links_to_them(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosting.publishing.build.BATCH", 5)
    numbers = [str(number) for number in range(1, 21)]
    newsroom.write_all(dict.fromkeys(numbers, "通告"))
    newsroom.publish()

    newsroom.write_all(dict.fromkeys(numbers[:12], GONE), lane="bulk")
    report = newsroom.publish()

    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        sets = session.scalars(
            select(ChangeSet)
            .where(ChangeSet.number.in_(report.change_sets))
            .order_by(ChangeSet.number)
        ).all()
    order = [entry["path"] for each in sets for entry in each.entries]
    assert order.index("/index.html") < min(
        place for place, path in enumerate(order) if path.startswith("/art/")
    )
    assert not newsroom.has("/art/1.html")
    assert newsroom.has("/art/20.html")


def test_a_full_build_of_the_same_data_is_equal_byte_for_byte(newsroom: Newsroom) -> None:
    newsroom.write(_1="甲", _2="乙", _3="丙", layout="版式")
    newsroom.publish()
    newsroom.write(_2=GONE, _3="丁")
    newsroom.publish()
    before = snapshot(newsroom.tree)

    rebuild_site(newsroom.runtime, newsroom.place.tenant_id, newsroom.place.site_id)

    after = snapshot(newsroom.tree)
    assert newsroom.folder.current_number() == 2
    assert {path: facts[2] for path, facts in after.items()} == {
        path: facts[2] for path, facts in before.items()
    }
    assert after["art/1.html"][1] == before["art/1.html"][1], "readers' copies stay good"
    inodes = {facts[0] for facts in before.values()} & {facts[0] for facts in after.values()}
    assert inodes == set(), "trees are copies, never hard links"


def test_a_full_build_makes_what_was_never_marked(newsroom: Newsroom) -> None:
    newsroom.write(_1="甲")
    newsroom.publish()
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        for page in session.scalars(select(PublicPage)):
            session.delete(page)

    rebuild_site(newsroom.runtime, newsroom.place.tenant_id, newsroom.place.site_id)

    assert "甲" in newsroom.read("/art/1.html")
    newsroom.write(_1="甲")
    assert newsroom.publish().written == 0


def test_full_builds_keep_the_last_trees(newsroom: Newsroom) -> None:
    newsroom.write(_1="甲")
    newsroom.publish()

    for _ in range(3):
        rebuild_site(newsroom.runtime, newsroom.place.tenant_id, newsroom.place.site_id)

    assert newsroom.folder.trees() == [2, 3, 4]
    newsroom.write(_1="乙")
    newsroom.publish()
    assert "乙" in newsroom.read("/art/1.html")


def test_what_is_published_during_a_full_build_is_in_the_new_tree(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(_1="甲", _2="乙", _3="丙")
    newsroom.publish()
    busy = []

    def publish_meanwhile(done: int, known: int) -> None:
        if not busy:
            busy.append(True)
            newsroom.write(_1="期间改动", _2=GONE, _3=None, _4="期间新增")
            newsroom.publish()
            assert "期间改动" in newsroom.read("/art/1.html"), "publishing goes on"

    rebuild_site(
        newsroom.runtime,
        newsroom.place.tenant_id,
        newsroom.place.site_id,
        progress=publish_meanwhile,
    )

    assert busy
    assert newsroom.folder.current_number() == 2
    assert "期间改动" in newsroom.read("/art/1.html")
    assert "期间新增" in newsroom.read("/art/4.html")
    assert not newsroom.has("/art/2.html")
    assert newsroom.has("/.gone/art/2.html")
    assert not newsroom.has("/art/3.html")
    newsroom.write(layout="版式")
    newsroom.publish()
    assert newsroom.publish().written == 0
