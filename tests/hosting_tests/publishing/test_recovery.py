"""What a publisher that died leaves to the next one, beyond what files can show."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from hosting.publishing import changesets
from hosting.publishing.models import ChangeSet, PublicPage, StaleMark
from hosting.publishing.press import Press
from hosting.publishing.verify import verify_site
from parts.newsroom import Newsroom


def die_before_applying(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that ends after its change set is recorded and before the first file."""
    with monkeypatch.context() as patch:

        def die(*_arguments: object, **_more: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(Press, "put_in_tree", die)
        with pytest.raises(KeyboardInterrupt):
            newsroom.publish()


def states(newsroom: Newsroom) -> list[str]:
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        return list(session.scalars(select(ChangeSet.state).order_by(ChangeSet.number)))


def test_a_recorded_change_set_is_finished_from_the_blobs(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(_1="旧文")
    newsroom.publish()
    newsroom.write(_1="新文")
    die_before_applying(newsroom, monkeypatch)
    assert "旧文" in newsroom.read("/art/1.html")

    newsroom.publish()

    assert "新文" in newsroom.read("/art/1.html")
    assert states(newsroom) == ["closed", "closed", "closed"]


def test_content_that_went_back_meanwhile_is_what_readers_get(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(_1="原文")
    newsroom.publish()
    newsroom.write(_1="改文")
    die_before_applying(newsroom, monkeypatch)
    newsroom.write(_1="原文")

    newsroom.publish()

    assert "原文" in newsroom.read("/art/1.html")
    result = verify_site(newsroom.runtime, newsroom.place.tenant_id, newsroom.place.site_id)
    assert result.findings == []


def test_a_change_set_whose_blobs_are_lost_is_abandoned_and_rendered_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(_1="旧文", _2="旧文")
    newsroom.publish()
    newsroom.write(_1="新文", _2="新文")
    die_before_applying(newsroom, monkeypatch)
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        (unfinished,) = changesets.open_change_sets(session, newsroom.place.site_id)
    for entry in unfinished.entries:
        for blob in (newsroom.runtime.settings.home / "blobs").rglob(str(entry["new"])):
            blob.unlink()

    newsroom.publish()

    assert "新文" in newsroom.read("/art/1.html")
    assert states(newsroom)[:3] == ["closed", "closed", "abandoned"]
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count()).select_from(StaleMark)) == 0
    result = verify_site(newsroom.runtime, newsroom.place.tenant_id, newsroom.place.site_id)
    assert result.findings == []


def test_marks_that_came_while_a_build_ran_are_not_lost(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(_1="第一版")
    publish = Press.publish
    came = []

    def publish_and_edit(press: Press, *arguments: object, **more: object) -> None:
        if not came:
            came.append(True)
            newsroom.write(_1="第二版")
        publish(press, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Press, "publish", publish_and_edit)

    newsroom.publish()

    assert "第二版" in newsroom.read("/art/1.html")


def test_losing_all_rows_loses_no_page(newsroom: Newsroom) -> None:
    newsroom.write(_1="通告", layout="版式")
    newsroom.publish()
    before = newsroom.read("/art/1.html")
    with newsroom.runtime.tenant_session(newsroom.place.tenant_id) as session:
        for page in session.scalars(select(PublicPage)):
            session.delete(page)

    newsroom.write(_1="通告")
    newsroom.publish()

    assert newsroom.read("/art/1.html") == before
