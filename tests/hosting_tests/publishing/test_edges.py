"""One contract for all kinds of edge: readers get there what was signed here, and no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update

from hosting.directory.models import Domain, Tenant
from hosting.publishing.edges import syncing
from hosting.publishing.edges.rounds import expel_strangers, look_round
from hosting.publishing.lock import locks_folder, site_lock
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.errors import Conflict
from parts.edges import Outside, begun, sync, target, tree_of, with_edge
from parts.newsroom import GONE, Newsroom
from parts.platform import HILL, RIVER

SITE = RIVER.site_id


@pytest.fixture
def room(newsroom: Newsroom, outside: Outside) -> Iterator[Newsroom]:
    """A site with public pages, on a platform with one edge that has nothing yet."""
    room = with_edge(newsroom, outside)
    room.write(_1="通告", _2="公示", _3=GONE)
    room.publish()
    yield room
    room.runtime.close()


@pytest.fixture
def copied(room: Newsroom) -> Newsroom:
    """The same, copied."""
    sync(room.runtime, room.place)
    return room


def test_a_first_copy_holds_all_that_readers_see(room: Newsroom, outside: Outside) -> None:
    synced = sync(room.runtime, room.place)

    assert outside.files(SITE) == tree_of(room)
    assert "/.gone/art/3.html" in outside.files(SITE)
    assert "/art/1.html.gz" in outside.files(SITE)
    assert synced.number == 2, "the click, and what followed"
    assert synced.mended == []
    assert outside.hosts()[RIVER.host] == f"sites/{SITE}"


def test_another_run_brings_nothing(copied: Newsroom) -> None:
    again = sync(copied.runtime, copied.place)

    assert (again.written, again.removed) == (0, 0)
    assert not look_round(copied.runtime, begun(copied.runtime)).behind(begun(copied.runtime))


def test_a_publish_brings_only_what_it_changed(
    copied: Newsroom, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_at_all(*_: object) -> set[str]:
        raise AssertionError("nothing but the change is to be looked at")

    copied.write_all({str(n): "通知" for n in range(10, 60)})
    copied.publish()
    sync(copied.runtime, copied.place)
    copied.write(_1="更正")
    report = copied.publish()
    monkeypatch.setattr(type(begun(copied.runtime)), "wrong", looked_at_all)

    synced = sync(copied.runtime, copied.place)

    assert synced.written == report.written == 1
    assert outside.files(SITE) == tree_of(copied)


def test_what_is_withdrawn_or_never_was_leaves_the_edge(copied: Newsroom, outside: Outside) -> None:
    copied.write(_1=GONE, _2=None, _3="又公开了")
    copied.publish()

    synced = sync(copied.runtime, copied.place)

    files = outside.files(SITE)
    assert files == tree_of(copied)
    assert "/.gone/art/1.html" in files
    assert files.keys().isdisjoint({"/art/1.html", "/art/1.html.gz", "/art/2.html"})
    assert "/.gone/art/3.html" not in files
    assert synced.removed == 2


def test_several_publishes_are_brought_as_one(copied: Newsroom, outside: Outside) -> None:
    for text in ("一", "二", GONE, "三"):
        copied.write(_1=text, _7="新", _8=None if text == "三" else text)
        copied.publish()

    sync(copied.runtime, copied.place)

    assert outside.files(SITE) == tree_of(copied)


def test_a_switch_to_another_tree_is_followed(copied: Newsroom, outside: Outside) -> None:
    copied.write_all({"layout": "新版式", "2": None})
    place = copied.place
    rebuild_site(copied.runtime, place.tenant_id, place.site_id)

    synced = sync(copied.runtime, copied.place)

    assert outside.files(SITE) == tree_of(copied)
    assert "新版式" in outside.files(SITE)["/index.html"].decode()
    assert synced.mended == [], "nobody tampered with anything"


def test_what_is_withdrawn_while_a_new_tree_is_brought_goes_at_once(
    copied: Newsroom, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied.write_all({"layout": "新版式"} | {str(n): "通知" for n in range(10, 40)})
    rebuild_site(copied.runtime, RIVER.tenant_id, SITE)
    monkeypatch.setattr(syncing, "SLICE", 5)
    edge = type(begun(copied.runtime))
    apply, seen = edge.apply, []

    def withdraw_meanwhile(self: object, *arguments: object) -> None:
        apply(self, *arguments)  # type: ignore[arg-type]
        if not seen:
            copied.write(_1=GONE)
            copied.publish()
        seen.append("/art/1.html" in outside.files(SITE))

    monkeypatch.setattr(edge, "apply", withdraw_meanwhile)

    sync(copied.runtime, copied.place)

    assert seen[0]
    assert not any(seen[2:])
    assert len(seen) > 4
    assert outside.files(SITE) == tree_of(copied)


def test_a_comparison_mends_what_was_altered_removed_or_added(
    copied: Newsroom, outside: Outside
) -> None:
    outside.write(SITE, "/art/1.html", b"hacked")
    outside.write(SITE, "/casino.html", b"casino")
    outside.write(SITE, "/deep/down/shell.php", b"<?php")
    outside.remove(SITE, "/art/2.html.gz")
    outside.remove(SITE, "/.gone/art/3.html")
    assert sync(copied.runtime, copied.place).mended == [], "only a comparison looks at all"

    synced = sync(copied.runtime, copied.place, compare=True)

    assert outside.files(SITE) == tree_of(copied)
    assert synced.mended == [
        "/art/1.html",
        "/art/2.html",
        "/art/3.html",
        "/casino.html",
        "/deep/down/shell.php",
    ]
    assert sync(copied.runtime, copied.place, compare=True).mended == []


def test_an_altered_file_here_never_reaches_an_edge(room: Newsroom, outside: Outside) -> None:
    before = tree_of(room)
    (room.tree / "art/1.html").write_bytes(b"hacked")
    (room.tree / "art/2.html.gz").write_bytes(b"hacked")

    sync(room.runtime, room.place)

    assert outside.files(SITE) == before


def test_another_tenants_pages_are_brought_to_their_own_place(
    copied: Newsroom, outside: Outside
) -> None:
    neighbour = Newsroom(copied.runtime, HILL)
    neighbour.write(_1="教育局的通知")
    neighbour.publish()

    sync(copied.runtime, HILL)

    assert outside.files(HILL.site_id) == tree_of(neighbour)
    assert outside.files(SITE) == tree_of(copied)
    assert set(outside.hosts()) == {RIVER.host, HILL.host}


def test_hosts_follow_the_directory(copied: Newsroom, outside: Outside) -> None:
    assert HILL.host not in outside.hosts(), "it has no copy yet"
    with copied.runtime.platform_session(reason="test") as session:
        session.execute(delete(Domain).where(Domain.host == RIVER.host))
        session.add(Domain(host="new.river.gov.cn", for_tenant_id=RIVER.tenant_id, site_id=SITE))

    sync(copied.runtime, copied.place)

    assert outside.hosts() == {"new.river.gov.cn": f"sites/{SITE}"}


def test_a_suspended_site_cannot_be_read_at_an_edge(copied: Newsroom, outside: Outside) -> None:
    def become(state: str) -> None:
        with copied.runtime.platform_session(reason="test") as session:
            session.execute(update(Tenant).where(Tenant.id == RIVER.tenant_id).values(state=state))

    become("suspended")
    sync(copied.runtime, copied.place)
    assert outside.hosts()[RIVER.host] == "notices/suspended"
    if begun(copied.runtime).is_open:
        assert outside.files(SITE) == {}

    become("open")
    sync(copied.runtime, copied.place)
    sync(copied.runtime, copied.place)
    assert outside.hosts()[RIVER.host] == f"sites/{SITE}"
    assert outside.files(SITE) == tree_of(copied)


def test_folders_of_sites_that_nobody_knows_are_taken_away(
    copied: Newsroom, outside: Outside
) -> None:
    edge = begun(copied.runtime)
    outside.leave(f"{outside.sites_folder}/4242/a.html", b"casino")

    assert expel_strangers(copied.runtime, edge) == ["4242"]
    assert "4242" not in outside.sites()
    assert str(SITE) in outside.sites()


def test_two_at_one_copy_are_not_at_it_at_once(copied: Newsroom, outside: Outside) -> None:
    copied.write(_1="更正")
    copied.publish()
    name = f"{target(copied.runtime).lock}-{SITE}"

    with site_lock(locks_folder(copied.runtime.settings.home), name):
        assert sync(copied.runtime, copied.place).busy
    synced = sync(copied.runtime, copied.place)

    assert (synced.busy, synced.written) == (False, 1)


def test_the_copy_of_another_platform_is_left_alone(copied: Newsroom, outside: Outside) -> None:
    outside.write_own("platform", b"0" * 64)

    with pytest.raises(Conflict) as caught:
        sync(copied.runtime, copied.place)

    assert caught.value.code == "edge_of_another"


def test_a_place_with_strangers_files_is_not_taken_into_use(
    room: Newsroom, outside: Outside
) -> None:
    outside.leave("letters.txt", b"dear")

    with pytest.raises(Conflict) as caught:
        sync(room.runtime, room.place)

    assert caught.value.code == "edge_not_empty"
