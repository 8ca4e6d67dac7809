"""An edge believes the signed chain alone: no bookmark, no row and no file of anybody's making."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import delete, select, update

from hosting.publishing.changesets import OPEN
from hosting.publishing.models import ChangeSet
from hosting.publishing.tree import TreeWriter
from hosting.runtime.errors import Unavailable
from parts.edges import Folder, sync, tree_of, with_edge
from parts.newsroom import GONE, Newsroom
from parts.platform import HILL, RIVER

SITE = RIVER.site_id


@pytest.fixture
def room(each_newsroom: Newsroom, folder_outside: Folder) -> Iterator[Newsroom]:
    """A site with public pages, on a platform with one edge that has nothing yet."""
    room = with_edge(each_newsroom, folder_outside)
    room.write(_1="通告", _2="公示", _3=GONE)
    room.publish()
    yield room
    room.runtime.close()


@pytest.fixture
def copied(room: Newsroom) -> Newsroom:
    """The same, copied."""
    sync(room.runtime, room.place)
    return room


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"not json",
        b"[]",
        b'{"number":1}',
        b'{"number":"1","signature":"00","site_id":1101,"tenant_id":101,"tree":1}',
    ],
)
def test_a_bookmark_that_names_no_link_is_not_believed(
    copied: Newsroom, folder_outside: Folder, forged: bytes
) -> None:
    folder_outside.write_own(f"sites/{SITE}.json", forged)
    folder_outside.write(SITE, "/art/1.html", b"hacked")

    sync(copied.runtime, copied.place)

    assert folder_outside.files(SITE) == tree_of(copied)


def test_a_bookmark_of_another_site_or_of_a_forged_number_is_not_believed(
    copied: Newsroom, folder_outside: Folder
) -> None:
    kept = json.loads(folder_outside.own()[f"sites/{SITE}.json"])
    copied.write(_1="更正")
    copied.publish()
    for facts in ({"number": kept["number"] + 1}, {"site_id": HILL.site_id}, {"tree": 7}):
        text = json.dumps(kept | facts, separators=(",", ":")).encode()
        folder_outside.write_own(f"sites/{SITE}.json", text)

        sync(copied.runtime, copied.place)

        assert folder_outside.files(SITE) == tree_of(copied), facts


def forge_a_link(room: Newsroom) -> None:
    with room.runtime.tenant_session(RIVER.tenant_id) as session:
        link = session.scalars(select(ChangeSet).order_by(ChangeSet.number.desc())).first()
        assert link is not None
        link.entries = [{**each, "new": "0" * 64} for each in link.entries]


def cut_off_the_last_link(room: Newsroom) -> None:
    with room.runtime.tenant_session(RIVER.tenant_id) as session:
        session.execute(delete(ChangeSet).where(ChangeSet.number == 3))


@pytest.mark.parametrize("attack", [forge_a_link, cut_off_the_last_link])
def test_of_a_broken_chain_nothing_is_brought(
    copied: Newsroom, folder_outside: Folder, attack: object
) -> None:
    before = folder_outside.files(SITE)
    copied.write(_1="更正")
    copied.publish()
    assert callable(attack)
    attack(copied)

    for compare in (False, True):
        with pytest.raises(Unavailable) as caught:
            sync(copied.runtime, copied.place, compare=compare)
        assert caught.value.code == "edge_manifest_broken"
    assert folder_outside.files(SITE) == before


def test_what_is_still_on_its_way_here_is_left_for_the_next_time(
    copied: Newsroom, folder_outside: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folder_outside.files(SITE)
    sync_writer, seen = TreeWriter.sync, []

    def meanwhile(writer: TreeWriter, also: Iterable[str] = ()) -> None:
        sync_writer(writer, also)
        if str(copied.folder.root) in writer._tree:
            seen.append(sync(copied.runtime, copied.place).written)

    monkeypatch.setattr(TreeWriter, "sync", meanwhile)
    copied.write(_1="更正")
    copied.publish()
    monkeypatch.setattr(TreeWriter, "sync", sync_writer)

    assert set(seen) == {0}
    assert folder_outside.files(SITE) == before
    assert sync(copied.runtime, copied.place).written == 1


def test_an_older_link_that_somebody_opens_again_brings_nothing_old_back(
    copied: Newsroom, folder_outside: Folder
) -> None:
    copied.write(_1="更正")
    copied.publish()
    sync(copied.runtime, copied.place)
    with copied.runtime.tenant_session(RIVER.tenant_id) as session:
        session.execute(update(ChangeSet).where(ChangeSet.number == 1).values(state=OPEN))

    sync(copied.runtime, copied.place, compare=True)

    assert folder_outside.files(SITE) == tree_of(copied)


def test_where_all_that_is_here_was_altered_the_edge_keeps_what_it_has(
    copied: Newsroom, folder_outside: Folder
) -> None:
    before = folder_outside.files(SITE)
    copied.write(_1="更正", _2=GONE)
    copied.publish()
    (copied.tree / "art/1.html").write_bytes(b"hacked")
    for blob in (copied.runtime.settings.home / "blobs").rglob("*"):
        if blob.is_file() and "更正" in blob.read_text(errors="replace"):
            blob.write_bytes(b"hacked")

    with pytest.raises(Unavailable) as caught:
        sync(copied.runtime, copied.place)

    assert caught.value.code == "edge_source_lost"
    assert folder_outside.files(SITE)["/art/1.html"] == before["/art/1.html"]
    assert "/art/2.html" not in folder_outside.files(SITE), "a withdrawal does not wait for it"
