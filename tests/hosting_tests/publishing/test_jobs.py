"""What the timetable takes up by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hosting.publishing.jobs import retry_failed_pages, sweep_publishing
from hosting.publishing.models import StaleMark
from hosting.runtime.jobs import Job
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.worker import Work, drain
from parts.newsroom import BROKEN, Newsroom


def lose_all_jobs(newsroom: Newsroom) -> None:
    with newsroom.runtime.platform_session(reason="test") as session:
        for job in session.scalars(select(Job)):
            session.delete(job)


def test_marks_whose_job_got_lost_are_published_by_the_sweep(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    lose_all_jobs(newsroom)
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        for mark in session.scalars(select(StaleMark)):
            mark.marked_at -= timedelta(minutes=2)

    sweep_publishing(Work(newsroom.runtime, PLATFORM_ID))
    drain(newsroom.runtime)

    assert newsroom.has("/art/1.html")


def test_fresh_marks_are_left_to_their_own_job(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告")
    lose_all_jobs(newsroom)

    sweep_publishing(Work(newsroom.runtime, PLATFORM_ID))

    with newsroom.runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Job)).all() == []


def test_a_failed_page_is_tried_again(newsroom: Newsroom) -> None:
    newsroom.write(_1=BROKEN)
    newsroom.publish()
    newsroom.write_all({"1": "修好了"})
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        for mark in session.scalars(select(StaleMark)):
            session.delete(mark)

    retry_failed_pages(Work(newsroom.runtime, PLATFORM_ID))
    drain(newsroom.runtime)

    assert "修好了" in newsroom.read("/art/1.html")


def test_the_public_folder_follows_the_directory_by_itself(newsroom: Newsroom) -> None:
    sweep_publishing(Work(newsroom.runtime, PLATFORM_ID))

    assert (newsroom.folder.root.parents[1] / "hosts" / newsroom.place.host).is_dir()
