"""Pages that follow: not what a click waits for, but soon, merged, and never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hosting.publishing import build, marks, press
from hosting.publishing.build import build_site
from hosting.publishing.jobs import publish_following, sweep_publishing
from hosting.publishing.lock import locks_folder, publish_lock, site_lock
from hosting.publishing.models import StaleMark
from hosting.publishing.press import Press
from hosting.publishing.stale import FOLLOW_SECONDS, FOLLOWING, PUBLISH_FOLLOWING
from hosting.runtime.clock import now
from hosting.runtime.jobs import Job
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.session import WalledSession
from hosting.runtime.worker import Work, Worker, drain
from parts.newsroom import GONE, Newsroom

FEED = "/news/feed.html"


@pytest.fixture
def standing(newsroom: Newsroom) -> Newsroom:
    """A site whose pages are all public, and whose ledger is empty."""
    newsroom.write(_1="通告")
    drain(newsroom.runtime)
    return newsroom


def waiting_jobs(newsroom: Newsroom) -> Sequence[Job]:
    with newsroom.runtime.platform_session(reason="test", reading=True) as session:
        waiting = Job.kind == PUBLISH_FOLLOWING, Job.state == "waiting"
        return session.scalars(select(Job).where(*waiting)).all()


def waiting_marks(newsroom: Newsroom) -> set[tuple[str, str]]:
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        return {(mark.lane, mark.subject) for mark in session.scalars(select(StaleMark))}


def let_time_pass(newsroom: Newsroom) -> None:
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        for mark in session.scalars(select(StaleMark).where(StaleMark.lane == FOLLOWING)):
            mark.marked_at -= timedelta(seconds=FOLLOW_SECONDS + 1)


def work_until_idle(newsroom: Newsroom) -> None:
    """What a worker does at once, without what is due later."""
    worker = Worker(newsroom.runtime)
    while worker.step():
        pass


def test_a_click_is_public_while_what_follows_waits(standing: Newsroom) -> None:
    standing.write(_2="公示")

    work_until_idle(standing)

    assert "<p>2</p>" in standing.read("/index.html")
    assert "<p>2</p>" not in standing.read(FEED)
    assert waiting_marks(standing) == {(FOLLOWING, "feed:")}


def test_many_clicks_are_followed_once_within_a_minute(standing: Newsroom) -> None:
    begun = now()
    for number in range(2, 6):
        standing.write_all({str(number): "公示"})
        work_until_idle(standing)

    [job] = waiting_jobs(standing)
    assert begun < job.run_at <= begun + timedelta(seconds=FOLLOW_SECONDS + 5)
    assert job.lane == "person", "it must not wait behind bulk work"
    report = standing.publish(following=True)

    assert (report.rendered, report.written) == (1, 1)
    assert "<p>5</p>" in standing.read(FEED)


def test_a_command_that_drains_leaves_nothing_waiting(standing: Newsroom) -> None:
    standing.write(_2="公示")

    drain(standing.runtime)

    assert "<p>2</p>" in standing.read(FEED)
    assert waiting_marks(standing) == set()
    assert waiting_jobs(standing) == []


def test_jobs_that_are_due_later_for_another_reason_are_left_alone(standing: Newsroom) -> None:
    later = now() + timedelta(hours=1)
    with standing.runtime.platform_session(reason="test") as session:
        session.enqueue("retry_failed_pages", key="later", run_at=later)

    drain(standing.runtime)

    with standing.runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Job.run_at).where(Job.key == "later")).all() == [later]


def test_a_build_does_what_is_due_though_its_job_got_lost(standing: Newsroom) -> None:
    standing.write(_2="公示")
    standing.publish(following=False)
    assert "<p>2</p>" not in standing.read(FEED)
    let_time_pass(standing)

    standing.publish(following=False)

    assert "<p>2</p>" in standing.read(FEED)


def test_the_sweep_finds_followers_whose_job_got_lost(standing: Newsroom) -> None:
    standing.write(_2="公示")
    work_until_idle(standing)
    with standing.runtime.platform_session(reason="test") as session:
        for job in session.scalars(select(Job)):
            session.delete(job)
    let_time_pass(standing)

    sweep_publishing(Work(standing.runtime, PLATFORM_ID))
    work_until_idle(standing)

    assert "<p>2</p>" in standing.read(FEED)


def test_a_withdrawal_leaves_what_follows_amid_a_long_piece_of_bulk_work(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH", 20)
    standing.write(_1=GONE)
    standing.publish(following=False)
    let_time_pass(standing)
    standing.write_all({str(n): "历史文章" for n in range(1000, 1200)}, lane="bulk")
    publish = Press.publish
    named: list[bool] = []

    def watch(press: Press, plan: object, **more: object) -> None:
        publish(press, plan, **more)  # type: ignore[arg-type]
        named.append("<p>1</p>" in standing.read(FEED))

    monkeypatch.setattr(Press, "publish", watch)

    standing.publish(following=False)

    assert named.index(False) <= 1
    assert len(named) > 8


def test_bulk_work_is_followed_once_after_it(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH", 20)
    standing.write_all({str(n): "历史文章" for n in range(1000, 1100)}, lane="bulk")

    standing.publish(following=False)

    assert waiting_marks(standing) == {(FOLLOWING, "feed:")}
    assert [job.lane for job in waiting_jobs(standing)] == ["bulk"]
    assert standing.publish().written == 1
    assert "<p>1099</p>" in standing.read(FEED)


def test_a_job_that_finds_the_site_held_comes_again(standing: Newsroom) -> None:
    standing.write(_2="公示")
    work_until_idle(standing)
    with standing.runtime.platform_session(reason="test") as session:
        for job in session.scalars(select(Job)):
            session.delete(job)
    place = standing.place
    folder = locks_folder(standing.runtime.settings.home)
    with site_lock(folder, publish_lock(place.site_id)) as lock:
        assert lock is not None
        publish_following(Work(standing.runtime, place.tenant_id), site_id=place.site_id)

    [job] = waiting_jobs(standing)
    assert job.run_at > now()


@pytest.mark.parametrize("pages_in_one_go", [0, 60])
@pytest.mark.parametrize("at", ["put_off", "_forget"])
def test_a_death_between_forgetting_and_following_loses_nothing(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch, pages_in_one_go: int, at: str
) -> None:
    monkeypatch.setattr(press, "_SMALL", pages_in_one_go)
    standing.write(_2="公示")
    with monkeypatch.context() as patch:

        def die(_session: WalledSession, **_more: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(marks, at, die)
        with pytest.raises(KeyboardInterrupt):
            standing.publish(following=False)

    standing.publish(following=False)

    assert (FOLLOWING, "feed:") in waiting_marks(standing)
    standing.publish()
    assert "<p>2</p>" in standing.read(FEED)
    assert waiting_marks(standing) == set()


def test_a_follower_that_fails_stays_as_it_is_and_is_noted(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_rendering: object, _argument: str) -> None:
        raise ValueError("this feed cannot be written")

    broken = replace(standing.runtime.page_families["feed"], render=fail)
    monkeypatch.setitem(standing.runtime.page_families, "feed", broken)
    standing.write(_2="公示")

    report = standing.publish()

    assert list(report.failures) == ["feed:"]
    assert standing.has(FEED)
    assert waiting_marks(standing) == set()


def test_a_second_build_of_an_unchanged_site_writes_no_follower(standing: Newsroom) -> None:
    place = standing.place
    standing.write(_1="通告")

    report = build_site(standing.runtime, place.tenant_id, place.site_id, following=True)

    assert report.rendered > 0
    assert (report.written, report.removed, report.change_sets) == (0, 0, [])
