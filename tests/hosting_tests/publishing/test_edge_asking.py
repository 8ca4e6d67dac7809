"""What edges answer: where a page has come to, what is left of a withdrawn one, who is behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from hosting.publishing.edges.asking import AtEdge, Left, addresses_left
from hosting.publishing.models import ChangeSet
from hosting.publishing.verify import verify_site
from hosting.publishing.whereabouts import whereabouts
from hosting.runtime import command_line
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from parts.edges import NAME, Folder, Outside, sync, tree_of, with_edge
from parts.newsroom import AREAS, GONE, Newsroom
from parts.platform import HILL, RIVER

SITE = RIVER.site_id
PAGE = "/art/1.html"

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def copied(newsroom: Newsroom, outside: Outside) -> Iterator[Newsroom]:
    """A site that was copied."""
    room = with_edge(newsroom, outside)
    room.write(_1="通告", _2="公示")
    room.publish()
    sync(room.runtime, room.place)
    yield room
    room.runtime.close()


def at_edge(room: Newsroom, path: str = PAGE) -> AtEdge:
    place = room.place
    [found] = whereabouts(room.runtime, place.tenant_id, place.site_id, place.host, path).edges
    return found


def test_a_page_is_followed_to_the_edge(copied: Newsroom, outside: Outside) -> None:
    arrived = at_edge(copied)
    assert (arrived.edge, arrived.number, arrived.is_there) == (NAME, 2, True)
    assert at_edge(copied, "/nothing.html").is_there, "nothing should be there"

    copied.write(_1="更正")
    copied.publish()
    assert (at_edge(copied).number, at_edge(copied).is_there) == (2, False)
    assert at_edge(copied, "/art/2.html").is_there

    copied.write(_1=GONE)
    copied.publish()
    assert not at_edge(copied).is_there
    sync(copied.runtime, copied.place)
    assert (at_edge(copied).number, at_edge(copied).is_there) == (5, True)
    outside.write(SITE, PAGE, b"hacked")
    assert not at_edge(copied).is_there


def test_a_bookmark_that_names_no_link_has_no_number(copied: Newsroom, outside: Outside) -> None:
    facts = json.loads(outside.own()[f"sites/{SITE}.json"]) | {"number": 77}
    outside.write_own(f"sites/{SITE}.json", json.dumps(facts, separators=(",", ":")).encode())

    assert (at_edge(copied).number, at_edge(copied).is_there) == (None, True)


def test_what_is_left_of_withdrawn_pages_is_told_by_address(
    copied: Newsroom, outside: Outside
) -> None:
    asked = [PAGE, "/art/2.html", "/nothing.html"]
    assert addresses_left(copied.runtime, SITE, asked) == [Left(NAME, [PAGE, "/art/2.html"])]

    copied.write(_1=GONE)
    copied.publish()
    sync(copied.runtime, copied.place)

    assert addresses_left(copied.runtime, SITE, asked) == [Left(NAME, ["/art/2.html"])]
    [left] = addresses_left(copied.runtime, SITE, [PAGE])
    assert left.is_clear
    assert addresses_left(copied.runtime, HILL.site_id, [PAGE]) == [Left(NAME)]
    outside.write(SITE, f"{PAGE}.gz", b"a copy alone can be read, too")
    assert addresses_left(copied.runtime, SITE, [PAGE]) == [Left(NAME, [PAGE])]


def test_an_edge_that_cannot_be_asked_is_not_clear(copied: Newsroom, outside: Outside) -> None:
    outside.write_own("platform", b"0" * 64)

    [left] = addresses_left(copied.runtime, SITE, [PAGE])

    assert not left.is_clear
    assert NAME in left.problem
    assert NAME in at_edge(copied).problem


@pytest.fixture
def on_disk(newsroom: Newsroom, folder_outside: Folder) -> Iterator[Newsroom]:
    """A platform with an edge on a disk that was not begun."""
    room = with_edge(newsroom, folder_outside)
    room.write(_1="通告")
    room.publish()
    yield room
    room.runtime.close()


@pytest.fixture
def run(
    on_disk: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`run("edge", "status", "--json")` -> exit code and what was printed (as JSON where it is)."""
    open_runtime = Runtime.open
    settings = on_disk.runtime.settings
    monkeypatch.setenv("JIYUE_HOME", str(settings.home))
    monkeypatch.setenv("JIYUE_EDGES", settings.edges)
    monkeypatch.setattr(Runtime, "open", lambda settings: open_runtime(settings, AREAS))

    def run_command(*arguments: str) -> tuple[int, Any]:
        with pytest.raises(SystemExit) as ended:
            command_line.main(list(arguments))
        told = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        printed = told.out or told.err
        return code, json.loads(told.out) if "--json" in arguments else printed

    return run_command


def test_an_edge_is_begun_brought_up_to_date_and_compared_by_command(
    run: Run, on_disk: Newsroom, folder_outside: Folder
) -> None:
    code, told = run("edge", "sync", NAME, "--json")
    assert (code, told[1]["tenant"], told[1]["written"]) == (0, "river", 6)
    assert folder_outside.files(SITE) == tree_of(on_disk)
    assert folder_outside.hosts() == {RIVER.host: f"sites/{SITE}"}

    folder_outside.write(SITE, "/shell.php", b"casino")
    folder_outside.leave("public/sites/77/index.html", b"casino")
    code, told = run("edge", "sync", str(folder_outside.root), "--full", "--tenant", "river")
    assert code == 0
    assert "已恢复 /shell.php" in told
    assert "77" in folder_outside.sites(), "only one tenant was asked for"
    run("edge", "sync", NAME, "--full")
    assert folder_outside.sites() == {str(SITE)}


def test_the_status_says_who_is_behind(run: Run, on_disk: Newsroom) -> None:
    code, told = run("edge", "status", "--json")
    assert (code, told[0]["copies"]) == (4, [])
    assert "edge sync" in told[0]["problem"]

    run("edge", "sync", NAME)
    assert run("edge", "status")[0] == 0
    on_disk.write(_1="更正")
    on_disk.publish()
    code, told = run("edge", "status", "--tenant", "river", "--json")
    [copy] = told[0]["copies"]
    assert (code, copy["number"], copy["newest"], copy["is_behind"]) == (0, 2, 3, True)

    with on_disk.runtime.tenant_session(RIVER.tenant_id) as session:
        session.execute(
            update(ChangeSet)
            .where(ChangeSet.number == 3)
            .values(closed_at=now() - timedelta(minutes=2))
        )
    code, told = run("edge", "status")
    assert code == 4
    assert "落后，在第 2 次变更，应到第 3 次" in told


def test_the_page_status_names_each_edge(run: Run) -> None:
    run("edge", "sync", NAME)

    address = f"https://{RIVER.host}{PAGE}"

    assert f"边缘节点 {NAME}：已送达" in run("publish", "status", "--page", address)[1]
    _, told = run("publish", "status", "--page", address, "--json")
    assert told[0]["edges"][0]["is_there"] is True


def test_an_edge_that_is_away_is_named_and_can_be_tried_later(
    run: Run, folder_outside: Folder
) -> None:
    folder_outside.root.rmdir()
    folder_outside.root.write_text("not mounted")

    code, told = run("edge", "sync", NAME)

    assert code == 3
    assert f"边缘节点“{NAME}”不可用（Not a directory）" in told


@pytest.mark.parametrize(
    "arguments",
    [("nowhere",), ("s3://bucket?endpoint=ftp://x",), (NAME, "--tenant", "nowhere")],
)
def test_what_is_no_edge_is_the_callers_mistake(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("edge", "sync", *arguments)[0] == 2
    assert run("edge", "sync", NAME, "--once", "--every", "5")[0] == 2


def test_a_copy_goes_on_behind_a_link_that_states_the_whole(
    copied: Newsroom, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosting.publishing.verify.LONGEST_CHAIN", 1)
    place = copied.place
    verify_site(copied.runtime, place.tenant_id, place.site_id, repair=True)
    sync(copied.runtime, place)

    copied.write(_1="更正")
    copied.publish()
    sync(copied.runtime, place)

    assert at_edge(copied).is_there
    assert outside.files(SITE) == tree_of(copied)
