"""What a person waits for does not wait behind bulk, and no list runs ahead of its items."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from hosting.publishing import build
from hosting.publishing.build import build_site
from hosting.publishing.lock import locks_folder, publish_lock, site_lock
from hosting.publishing.models import ChangeSet, StaleMark
from hosting.publishing.press import Press
from hosting.publishing.stale import PUBLISH_SITE
from hosting.runtime.jobs import Job
from hosting.runtime.worker import drain
from parts.newsroom import Newsroom


def test_a_click_is_public_before_the_bulk_work_around_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH", 20)
    newsroom.write_all({str(n): "历史文章" for n in range(1000, 1200)}, lane="bulk")
    publish = Press.publish
    done: list[str] = []

    def watch(press: Press, plan: object, **more: object) -> None:
        if len(done) == 2:
            newsroom.write(_7="急件")
        publish(press, plan, **more)  # type: ignore[arg-type]
        done.append("item:7" if newsroom.has("/art/7.html") else "bulk")

    monkeypatch.setattr(Press, "publish", watch)

    newsroom.publish()

    assert done.index("item:7") == 3, "the very next batch after the click"
    assert len(done) > 8


def test_lists_of_a_bulk_build_wait_for_items_that_came_in_meanwhile(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH", 10)
    newsroom.write_all({str(n): "文章" for n in range(100, 130)}, lane="bulk")
    publish = Press.publish
    seen: list[set[str]] = []

    def add_more(press: Press, plan: object, **more: object) -> None:
        publish(press, plan, **more)  # type: ignore[arg-type]
        seen.append({path.stem for path in (newsroom.tree / "art").glob("*.html")})
        if len(seen) == 2:
            newsroom.write_all({str(n): "后到" for n in range(200, 225)}, lane="bulk")
        if newsroom.has("/index.html"):
            linked = {
                line[3:-4] for line in newsroom.read("/index.html").splitlines() if "<p>" in line
            }
            assert {name for name in linked if name} <= seen[-1]

    monkeypatch.setattr(Press, "publish", add_more)

    newsroom.publish()

    assert "<p>224</p>" in newsroom.read("/index.html")


def test_a_publish_while_another_runs_leaves_the_work_to_it(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    home, place = newsroom.runtime.settings.home, newsroom.place
    with site_lock(locks_folder(home), publish_lock(place.site_id)) as lock:
        assert lock is not None

        assert newsroom.publish().busy

    assert not newsroom.publish().busy
    assert newsroom.has("/art/1.html")


def test_many_publishers_at_once_end_with_the_newest_text(newsroom: Newsroom) -> None:
    newsroom.write(_1="第0版")
    newsroom.publish()
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(3):
                newsroom.publish()
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        newsroom.write(_1=f"第{number}版")
    for thread in threads:
        thread.join()
    newsroom.publish()

    assert failed == []
    assert "第7版" in newsroom.read("/art/1.html")
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        numbers = list(session.scalars(select(ChangeSet.number).order_by(ChangeSet.number)))
        assert numbers == list(range(1, len(numbers) + 1))
        assert set(session.scalars(select(ChangeSet.state))) == {"closed"}


def test_changes_of_one_site_share_one_waiting_job(newsroom: Newsroom) -> None:
    newsroom.write(lane="bulk", _1="甲")
    newsroom.write(_2="乙")
    newsroom.write(lane="bulk", _3="丙")

    with newsroom.runtime.platform_session(reason="test", reading=True) as session:
        job = session.scalars(select(Job).where(Job.kind == PUBLISH_SITE)).one()
    assert (job.lane, job.payload) == ("person", {"site_id": newsroom.place.site_id})

    drain(newsroom.runtime)

    assert all(newsroom.has(f"/art/{n}.html") for n in (1, 2, 3))


def test_a_change_that_is_rolled_back_makes_nothing_stale(newsroom: Newsroom) -> None:
    from hosting.publishing.stale import changed

    place = newsroom.place
    with (
        pytest.raises(ZeroDivisionError),
        newsroom.runtime.tenant_session(place.tenant_id) as session,
    ):
        changed(session, place.site_id, ["site"], keys=["home:"])
        raise ZeroDivisionError

    with newsroom.runtime.tenant_session(place.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count()).select_from(StaleMark)) == 0


def test_marking_costs_the_same_however_many_pages_depend_on_it(newsroom: Newsroom) -> None:
    newsroom.write_all({str(n): "文章" for n in range(300)}, lane="bulk")
    newsroom.publish()

    newsroom.write(layout="新版式")

    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        assert (session.scalar(select(func.count()).select_from(StaleMark)) or 0) < 8
    place = newsroom.place
    assert build_site(newsroom.runtime, place.tenant_id, place.site_id).written > 300
