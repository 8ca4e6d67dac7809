"""Publishing on SQLite and PostgreSQL, where rows of other tenants are walled off."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hosting.publishing.changesets import CLOSED
from hosting.publishing.models import BuildFailure, ChangeSet, PublicPage, StaleMark
from hosting.publishing.queries import failed_sites, site_status, sites, unfinished_sites
from hosting.publishing.verify import verify_site
from hosting.publishing.whole_site import rebuild_site
from parts.newsroom import BROKEN, GONE, Newsroom
from parts.platform import Place


def test_a_sites_whole_life(each_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hosting.publishing.build.BATCH", 10)
    newsroom, place = each_newsroom, each_newsroom.place
    newsroom.write_all({str(n): "文章" for n in range(100, 140)}, lane="bulk")
    newsroom.write(_1="通告", _2=BROKEN, layout="版式")
    first = newsroom.publish()
    newsroom.write(_1=GONE, _2="公示")
    newsroom.publish()
    rebuild_site(newsroom.runtime, place.tenant_id, place.site_id)
    newsroom.write(_1="通告", _2="公示")
    again = newsroom.publish()

    assert list(first.failures) == ["item:2"]
    assert again.failures == {}
    assert "通告" in newsroom.read("/art/1.html")
    assert "公示" in newsroom.read("/art/2.html")
    assert newsroom.read("/index.html").count("<p>1") == 41
    assert verify_site(newsroom.runtime, place.tenant_id, place.site_id).findings == []
    with newsroom.runtime.tenant_session(place.tenant_id, reading=True) as session:
        assert set(session.scalars(select(ChangeSet.state))) == {CLOSED}
        assert session.scalars(select(StaleMark)).all() == []
        assert session.scalars(select(BuildFailure)).all() == []


def test_another_tenants_session_sees_nothing_of_it(each_newsroom: Newsroom, hill: Place) -> None:
    each_newsroom.write(_1="通告")
    each_newsroom.publish()

    with each_newsroom.runtime.tenant_session(hill.tenant_id, reading=True) as session:
        for model in (PublicPage, ChangeSet, StaleMark):
            assert session.scalars(select(model)).all() == []
        status = site_status(session, each_newsroom.place.site_id, "")
    assert (status.pages, status.last_change_set) == (0, None)


def test_the_status_says_what_is_public_waits_and_failed(each_newsroom: Newsroom) -> None:
    place = each_newsroom.place
    each_newsroom.write(_1="通告", _2=GONE, _3=BROKEN)
    each_newsroom.publish()
    each_newsroom.write(_4="待发", lane="bulk")

    with each_newsroom.runtime.tenant_session(place.tenant_id, reading=True) as session:
        status = site_status(session, place.site_id, place.host)

    assert (status.pages, status.gone) == (6, 1)
    assert status.waiting == {"bulk": 7}
    assert status.waiting_since is not None
    assert status.unfinished == []
    assert status.last_change_set == 2
    assert [(f["key"], f["attempts"]) for f in status.failures] == [("item:3", 1)]


def test_the_platform_sees_every_site_and_what_is_left_to_do(
    each_newsroom: Newsroom, river: Place, hill: Place
) -> None:
    each_newsroom.write(_1=BROKEN)
    each_newsroom.publish()
    each_newsroom.write(_2="待发")

    with each_newsroom.runtime.platform_session(reason="test", reading=True) as session:
        assert [(s.tenant_code, s.site_id) for s in sites(session)] == [
            ("hill", hill.site_id),
            ("river", river.site_id),
        ]
        assert [s.main_host for s in sites(session, "hill")] == [hill.host]
        assert unfinished_sites(session, older_seconds=60) == set()
        assert unfinished_sites(session, older_seconds=-1) == {(river.tenant_id, river.site_id)}
        assert failed_sites(session) == {(river.tenant_id, river.site_id)}
