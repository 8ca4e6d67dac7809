"""What is of buckets alone: how objects are announced, the order of puts, conditional writes."""

from __future__ import annotations

import gzip
import hashlib

import boto3
import pytest
from sqlalchemy import update

from hosting.directory.models import Tenant
from hosting.publishing.edges import targets
from hosting.publishing.edges.bucket import BucketEdge
from hosting.publishing.edges.edge import Turn
from hosting.publishing.edges.objects import Facts, Newer, Objects
from hosting.publishing.edges.rounds import bring_copy
from hosting.publishing.edges.syncing import Copying, Synced
from hosting.publishing.edges.targets import Target
from hosting.runtime.errors import Unavailable
from hosting.runtime.settings import Settings
from parts.edges import NAME, tree_of
from parts.fake_bucket import FakeStore
from parts.newsroom import GONE, Newsroom
from parts.platform import RIVER

SITE = RIVER.site_id
START = f"gov/sites/{SITE}"


def bring(room: Newsroom, store: FakeStore, *, compare: bool = False) -> Synced:
    """Bring the newsroom's site to a store in memory."""
    edge = BucketEdge(NAME, Objects(store, "bucket", "gov/"))
    target = Target(NAME, "s3://bucket/gov")
    place = room.place
    copying = Copying(room.runtime, place.tenant_id, place.site_id, target, edge)
    return bring_copy(copying, compare=compare)


def pages(store: FakeStore) -> dict[str, bytes]:
    return {
        key.removeprefix(START): found["Body"]
        for key, found in store.objects.items()
        if key.startswith(START)
    }


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """A site with public pages."""
    newsroom.write(_1="通告", _2="公示", _3=GONE, layout="版式" * 200)
    newsroom.publish()
    return newsroom


def test_no_page_stands_before_what_it_shows_and_none_leaves_before_what_links_to_it(
    room: Newsroom,
) -> None:
    store = FakeStore()
    bring(room, store)
    store.changes.clear()
    room.write(_1=GONE, _2=None, _5="新", layout="新版式" * 200)
    room.publish()

    bring(room, store)

    at = {change: number for number, change in enumerate(store.changes)}

    def put(path: str) -> int:
        return at["put", START + path]

    assert put("/site.css") < put("/art/5.html") < put("/news/index.html") < put("/index.html")
    assert put("/index.html") < put("/.gone/art/1.html") < at["delete", f"{START}/art/1.html"]
    assert put("/index.html") < at["delete", f"{START}/art/2.html"]
    assert pages(store) == tree_of(room)


def assert_links_lead_somewhere(store: FakeStore) -> None:
    there = pages(store)
    for page in ("/index.html", "/news/index.html"):
        lines = there.get(page, b"").decode().splitlines()
        linked = [line[3:-4] for line in lines if line.startswith("<p>")]
        for item in filter(str.isdecimal, linked):
            assert f"/art/{item}.html" in there, f"{page} links to {item}"


@pytest.mark.parametrize("is_first", [True, False])
def test_a_store_that_goes_away_at_any_change_is_finished_by_the_next_run(
    room: Newsroom, is_first: bool
) -> None:
    before = FakeStore()
    if not is_first:
        bring(room, before)
        room.write(_1=GONE, _2=None, _3="又", _5="新", layout="新版式" * 200)
        room.publish()
    whole = FakeStore(objects=dict(before.objects))
    bring(room, whole)

    for at in range(1, len(whole.changes) + 1):
        store = FakeStore(objects=dict(before.objects), away_at=at)
        with pytest.raises(Unavailable):
            bring(room, store)
        assert_links_lead_somewhere(store)

        store.away_at = 0
        bring(room, store)

        assert pages(store) == tree_of(room)
        assert store.objects[f"gov/.jiyue/sites/{SITE}.json"] is not None
    assert len(whole.changes) > 8


def test_objects_are_announced_as_the_gateway_announces_pages(room: Newsroom) -> None:
    store = FakeStore()

    bring(room, store)

    page, style = store.objects[f"{START}/index.html"], store.objects[f"{START}/site.css"]
    copy = store.objects[f"{START}/index.html.gz"]
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    assert "ContentEncoding" not in page
    assert style["CacheControl"] == "public, max-age=30"
    assert (copy["ContentType"], copy["ContentEncoding"]) == ("text/html; charset=utf-8", "gzip")
    assert gzip.decompress(copy["Body"]) == page["Body"]


def test_a_store_without_conditional_writes_is_asked_once_and_then_written_to_plainly(
    room: Newsroom,
) -> None:
    store = FakeStore(is_conditional=False)

    bring(room, store)

    assert pages(store) == tree_of(room)
    # Several are put at once; each may have asked before the first was answered.
    assert 1 <= store.refused <= 8


def test_a_store_whose_etags_are_no_digests_is_compared_by_what_it_holds(room: Newsroom) -> None:
    store = FakeStore(etag_of=lambda body: f"kms-{hashlib.sha1(body).hexdigest()}")
    bring(room, store)
    store.changes.clear()

    assert bring(room, store, compare=True).mended == []
    assert store.changes == []
    store.force(f"{START}/art/1.html", b"hacked")
    assert bring(room, store, compare=True).mended == ["/art/1.html"]
    assert pages(store) == tree_of(room)


def test_a_comparison_removes_foreign_objects_wherever_they_lie(room: Newsroom) -> None:
    store = FakeStore()
    bring(room, store)
    for path in ("/casino.html", "/deep/shell.php", "/.gone/x.html", "/art/1.html.gz.gz", "/a.gz"):
        store.force(START + path, b"casino")

    assert bring(room, store).mended == []
    assert len(bring(room, store, compare=True).mended) >= 5

    assert pages(store) == tree_of(room)


def test_an_object_that_came_there_in_several_parts_is_looked_at(room: Newsroom) -> None:
    store = FakeStore()
    bring(room, store)
    store.objects[f"{START}/art/1.html"] |= {"Body": b"hacked", "ETag": "0" * 32 + "-2"}

    assert bring(room, store, compare=True).mended == ["/art/1.html"]
    assert pages(store) == tree_of(room)


def test_a_suspended_site_leaves_the_bucket_and_comes_back_with_its_resumption(
    room: Newsroom,
) -> None:
    store = FakeStore()
    bring(room, store)

    def become(state: str) -> None:
        with room.runtime.platform_session(reason="test") as session:
            session.execute(update(Tenant).where(Tenant.id == RIVER.tenant_id).values(state=state))

    become("suspended")
    bring(room, store)
    assert not [key for key in store.objects if str(SITE) in key]
    become("open")
    bring(room, store)
    assert pages(store) == tree_of(room)


FACTS = Facts("text/html", "no-cache")


def turn(number: int, newest: int = 9) -> Turn:
    return Turn(number, lambda: newest, lambda: None)


@pytest.mark.parametrize("is_conditional", [True, False])
def test_nothing_older_is_put_over_what_a_later_link_put(is_conditional: bool) -> None:
    store = FakeStore(is_conditional=is_conditional)
    objects = Objects(store, "bucket", "")
    objects.put("a.html", b"new", FACTS, turn(5))

    with pytest.raises(Newer):
        objects.put("a.html", b"old", FACTS, turn(4))
    with pytest.raises(Newer):
        objects.remove("a.html", turn(4))

    assert store.objects["a.html"]["Body"] == b"new"


def test_a_number_that_no_link_has_protects_nothing() -> None:
    store = FakeStore()
    store.force("a.html", b"hacked", Metadata={"jiyue-number": "1000000"})

    Objects(store, "bucket", "").put("a.html", b"page", FACTS, turn(5))

    assert store.objects["a.html"]["Body"] == b"page"


@pytest.mark.parametrize("there", [None, b"older"])
def test_what_comes_between_a_look_and_a_write_is_not_put_over(there: bytes | None) -> None:
    store = FakeStore()
    objects = Objects(store, "bucket", "")
    if there is not None:
        objects.put("a.html", there, FACTS, turn(1))

    def newer(key: str) -> None:
        store.force(key, b"newest", Metadata={"jiyue-number": "7"})

    store.before_put = newer

    with pytest.raises(Newer):
        objects.put("a.html", b"new", FACTS, turn(5))
    assert store.objects["a.html"]["Body"] == b"newest"


def test_an_object_with_other_facts_is_put_again() -> None:
    store = FakeStore()
    objects = Objects(store, "bucket", "")
    store.force("a.html", b"page", ContentType="text/plain")

    objects.put("a.html", b"page", FACTS, turn(1))

    assert store.objects["a.html"]["ContentType"] == "text/html"


def test_keys_stand_in_no_address_that_is_told() -> None:
    target = Target("west", "s3://key:secret@bucket/gov?endpoint=https://x&secret=abc")

    assert target.place == "s3://bucket/gov"


def test_an_edge_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "CANARY-secret")
    # boto3 keeps the keys that it has found once.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    edge = targets.open_edge(Target("west", "s3://bucket/gov?endpoint=http://127.0.0.1:9"))

    with pytest.raises(Unavailable) as caught, edge.answering():
        edge.bookmark(SITE)

    assert caught.value.facts == {"edge": "west", "reason": "EndpointConnectionError"}
    assert caught.value.exit_code == 3


def test_an_address_with_keys_is_refused_without_being_repeated() -> None:
    for address in (
        "s3://key:CANARY@bucket?endpoint=http://x",
        "s3://b?endpoint=http://x&key=CANARY",
    ):
        with pytest.raises(Exception, match="JIYUE_EDGES") as caught:
            Settings.from_environment({"JIYUE_EDGES": f"west={address}"})
        assert "CANARY" not in str(caught.value)
