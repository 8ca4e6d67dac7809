"""Where is my page? Each stage on its way is told apart from the next."""

from __future__ import annotations

import pytest

from hosting.publishing.hosts import bind_hosts
from hosting.publishing.press import Press
from hosting.publishing.whereabouts import Whereabouts, whereabouts
from parts.newsroom import BROKEN, GONE, Newsroom
from parts.platform import Place


def where(newsroom: Newsroom, path: str = "/art/1.html") -> Whereabouts:
    place = newsroom.place
    return whereabouts(newsroom.runtime, place.tenant_id, place.site_id, place.host, path)


@pytest.fixture
def standing(newsroom: Newsroom) -> Newsroom:
    """A site with a page that readers get."""
    newsroom.write(_1="通告")
    newsroom.publish()
    bind_hosts(newsroom.runtime)
    return newsroom


def test_a_page_that_is_read_names_when_and_what(standing: Newsroom) -> None:
    found = where(standing)

    assert (found.stage, found.key, found.status, found.in_tree) == ("read", "item:1", 200, True)
    assert found.rendered_at is not None
    assert found.digest is not None
    assert found.waits_since is None


def test_a_folders_address_means_its_page(standing: Newsroom) -> None:
    assert where(standing, "/").stage == "read"
    assert where(standing, "/").key == "home:"


def test_a_page_that_nobody_knows_is_absent(standing: Newsroom) -> None:
    found = where(standing, "/nothing.html")

    assert (found.stage, found.status, found.rendered_at) == ("absent", 404, None)


def test_a_page_that_is_to_be_made_anew_waits_by_its_key_or_by_what_it_shows(
    standing: Newsroom,
) -> None:
    standing.write(_1="更正")
    assert where(standing).stage == "waiting"
    assert where(standing).waits_since is not None
    standing.publish()

    standing.write(layout="新版式")
    assert where(standing).stage == "waiting"
    standing.publish()
    assert where(standing).stage == "read"


def test_a_page_that_could_not_be_made_says_why_while_the_old_one_stands(
    standing: Newsroom,
) -> None:
    standing.write(_1=BROKEN)
    standing.publish()

    found = where(standing)

    assert (found.stage, found.attempts, found.status) == ("failed", 1, 200)
    assert "cannot be set" in found.failure


def test_a_page_whose_file_is_away_is_rendered_and_no_more(standing: Newsroom) -> None:
    (standing.tree / "art/1.html").unlink()

    found = where(standing)

    assert (found.stage, found.in_tree, found.status) == ("rendered", False, 404)


def test_a_page_that_its_host_does_not_lead_to_is_in_the_tree_and_no_more(
    standing: Newsroom,
) -> None:
    place = standing.place
    elsewhere = Place(place.tenant_id, place.site_id, place.code, "www.nowhere.gov.cn")

    found = where(Newsroom(standing.runtime, elsewhere))

    assert (found.stage, found.in_tree) == ("in_tree", True)
    assert found.status != 200


def test_a_withdrawn_page_is_gone(standing: Newsroom) -> None:
    standing.write(_1=GONE)
    standing.publish()

    found = where(standing)

    assert (found.stage, found.status, found.digest) == ("gone", 410, None)


def test_a_publisher_at_work_leaves_the_page_waiting(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, seen = Press.put_in_tree, []

    def looked_at(press: Press, *arguments: object, **more: object) -> None:
        put(press, *arguments, **more)  # type: ignore[arg-type]
        seen.append(where(standing).stage)

    monkeypatch.setattr(Press, "put_in_tree", looked_at)
    standing.write(_1="更正")
    standing.publish()

    assert seen[0] == "waiting"
    assert where(standing).stage == "read"
