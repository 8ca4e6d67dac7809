"""Edges follow by the job ledger, and nothing that people wait for waits for an edge."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from hosting.publishing.edges.jobs import compare_edges, look_at_edges
from hosting.publishing.edges.promising import quick_lane, slow_lane
from hosting.publishing.erasing import remove_copies
from hosting.publishing.jobs import bind_host
from hosting.publishing.lock import locks_folder, site_lock
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.clock import now
from hosting.runtime.erasing import Erasing
from hosting.runtime.errors import Unavailable
from hosting.runtime.jobs import Job
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.runtime.worker import Work, Worker, drain, loops
from hosting.security.audit import AuditEntry
from parts.edges import NAME, Folder, sync, target, tree_of, with_edge
from parts.newsroom import GONE, Newsroom, newsroom_runtime
from parts.platform import HILL, RIVER, Place

SITE = RIVER.site_id


@pytest.fixture
def copied(newsroom: Newsroom, folder_outside: Folder) -> Iterator[Newsroom]:
    """A site that was copied once, and whose ledger is empty."""
    room = with_edge(newsroom, folder_outside)
    room.write(_1="通告")
    drain(room.runtime)
    sync(room.runtime, room.place)
    lose_all_jobs(room)
    yield room
    room.runtime.close()


@pytest.fixture
def copied_on_each(each_newsroom: Newsroom, folder_outside: Folder) -> Iterator[Newsroom]:
    """The same on either database."""
    room = with_edge(each_newsroom, folder_outside)
    room.write(_1="通告")
    drain(room.runtime)
    sync(room.runtime, room.place)
    yield room
    room.runtime.close()


def lose_all_jobs(room: Newsroom) -> None:
    with room.runtime.platform_session(reason="test") as session:
        session.execute(delete(Job))


def waiting(room: Newsroom, kind: str = "sync_copy") -> Sequence[Job]:
    with room.runtime.platform_session(reason="test", reading=True) as session:
        return session.scalars(select(Job).where(Job.kind == kind, Job.state == "waiting")).all()


def work_at_edge(room: Newsroom, name: str = NAME) -> None:
    """What the loops of one edge do at once."""
    worker = Worker(room.runtime, (quick_lane(name), slow_lane(name)))
    while worker.step():
        pass


def be_in_the_way(folder: Folder) -> None:
    """The edge's folder is no folder any more."""
    shutil.move(folder.root, folder.root.with_name("unmounted"))
    folder.root.write_text("not mounted")


def test_a_publish_promises_that_the_edges_follow(copied: Newsroom, folder_outside: Folder) -> None:
    begun_at = now()
    copied.write(_1=GONE, _2="公示")
    copied.publish()

    [job] = waiting(copied)
    assert (job.lane, job.for_tenant_id) == (f"edge:{NAME}", RIVER.tenant_id)
    assert job.run_at <= begun_at + timedelta(seconds=30)
    work_at_edge(copied)
    assert folder_outside.files(SITE) == tree_of(copied)


def test_many_publishes_are_one_job(copied: Newsroom) -> None:
    for text in ("一", "二", "三"):
        copied.write(_1=text)
        copied.publish()

    assert len(waiting(copied)) == 1


def test_a_command_waits_for_no_edge(copied: Newsroom, folder_outside: Folder) -> None:
    before = folder_outside.files(SITE)
    copied.write(_1="更正")

    drain(copied.runtime)

    assert "更正" in copied.read("/art/1.html")
    assert folder_outside.files(SITE) == before
    assert len(waiting(copied)) == 1


def test_while_an_edge_is_away_the_site_is_published_and_the_edge_is_tried_again(
    copied: Newsroom, folder_outside: Folder
) -> None:
    be_in_the_way(folder_outside)
    copied.write(_1="更正")
    copied.publish()
    work_at_edge(copied)

    assert "更正" in copied.read("/art/1.html")
    [job] = waiting(copied)
    assert job.attempts >= 1
    assert job.run_at > now()
    assert NAME in job.last_error
    folder_outside.root.unlink()
    shutil.move(folder_outside.root.with_name("unmounted"), folder_outside.root)
    with copied.runtime.platform_session(reason="test") as session:
        session.execute(update(Job).where(Job.kind == "sync_copy").values(run_at=now()))
    work_at_edge(copied)
    assert folder_outside.files(SITE) == tree_of(copied)


def test_what_was_given_up_is_taken_up_within_a_minute_of_the_edges_return(
    copied_on_each: Newsroom, folder_outside: Folder
) -> None:
    copied_on_each.write(_1="更正")
    copied_on_each.publish()
    lose_all_jobs(copied_on_each)

    look_at_edges(Work(copied_on_each.runtime, PLATFORM_ID))
    work_at_edge(copied_on_each)

    assert folder_outside.files(SITE) == tree_of(copied_on_each)


def test_an_edge_that_is_away_holds_up_no_other(copied: Newsroom, folder_outside: Folder) -> None:
    east = Folder(folder_outside.root.with_name("east"))
    copied.runtime.close()
    edges = f"{NAME}={folder_outside.address} east={east.address}"
    settings = replace(copied.runtime.settings, edges=edges)
    room = Newsroom(newsroom_runtime(settings), RIVER)
    sync(room.runtime, room.place)
    settle_east = replace(settings, edges=f"{NAME}={east.address}")
    alone = newsroom_runtime(settle_east)
    sync(alone, RIVER)
    alone.close()
    be_in_the_way(folder_outside)
    room.write(_1="更正")
    room.publish()

    work_at_edge(room, "east")

    assert east.files(SITE) == tree_of(room)
    assert [job.key for job in waiting(room)] == [f"{NAME}:{SITE}"]
    assert {("edge:east",), (f"edge:{NAME}",)} <= {each._lanes for each in loops(room.runtime)}
    room.runtime.close()


def test_a_folder_that_is_not_mounted_is_not_filled(
    copied: Newsroom, folder_outside: Folder
) -> None:
    shutil.move(folder_outside.root, folder_outside.root.with_name("unmounted"))
    folder_outside.root.mkdir()
    copied.write(_1="更正")
    copied.publish()

    work_at_edge(copied)

    assert list(folder_outside.root.iterdir()) == []
    assert "没有挂载" in waiting(copied)[0].last_error


def test_a_job_that_finds_the_copy_held_comes_again(
    copied: Newsroom, folder_outside: Folder
) -> None:
    copied.write(_1="更正")
    copied.publish()
    name = f"{target(copied.runtime).lock}-{SITE}"

    with site_lock(locks_folder(copied.runtime.settings.home), name):
        work_at_edge(copied)

    [job] = waiting(copied)
    assert job.run_at > now()


def test_jobs_of_an_edge_that_was_taken_out_of_the_settings_do_nothing(
    copied: Newsroom, folder_outside: Folder
) -> None:
    before = folder_outside.files(SITE)
    copied.write(_1="更正")
    copied.publish()
    copied.runtime.close()
    room = Newsroom(newsroom_runtime(replace(copied.runtime.settings, edges="")), RIVER)

    work_at_edge(room)

    assert waiting(room) == []
    assert folder_outside.files(SITE) == before
    room.runtime.close()


def test_an_edges_hosts_follow_when_a_host_changes(
    copied: Newsroom, folder_outside: Folder
) -> None:
    (folder_outside.root / "public/hosts" / RIVER.host).unlink()

    bind_host(Work(copied.runtime, PLATFORM_ID), host=RIVER.host)
    work_at_edge(copied)

    assert folder_outside.hosts() == {RIVER.host: f"sites/{SITE}"}


@pytest.fixture
def watched(runtime: Runtime, folder_outside: Folder, river: Place) -> Iterator[Runtime]:
    """The whole platform, with an audit trail, whose sites are copied."""
    runtime.close()
    settings: Settings = replace(runtime.settings, edges=f"{NAME}={folder_outside.address}")
    watched = Runtime.open(settings)
    rebuild_site(watched, river.tenant_id, river.site_id)
    sync(watched, river)
    yield watched
    watched.close()


def test_an_hourly_comparison_mends_and_stands_in_the_tenants_trail(
    watched: Runtime, folder_outside: Folder, river: Place
) -> None:
    folder_outside.write(SITE, "/shell.php", b"casino")
    folder_outside.leave("public/sites/4242/index.html", b"casino")

    compare_edges(Work(watched, PLATFORM_ID))
    work_at_edge(Newsroom(watched, river))

    assert "/shell.php" not in folder_outside.files(SITE)
    assert folder_outside.sites() == {str(SITE)}
    assert list(folder_outside.root.glob("quarantine/*/*/shell.php"))
    with watched.platform_session(reason="test", reading=True) as session:
        (told,) = session.scalars(
            select(AuditEntry).where(
                AuditEntry.for_tenant_id == river.tenant_id,
                AuditEntry.action == "edge_tampering_found",
            )
        )
    assert told.facts["edge"] == NAME
    assert told.facts["details"] == ["/shell.php"]


def erasing_of(room: Newsroom) -> Erasing:
    return Erasing(room.runtime, RIVER.tenant_id, (SITE,), (RIVER.host,))


def test_a_tenants_deletion_removes_its_copies_little_by_little(
    copied: Newsroom, folder_outside: Folder
) -> None:
    neighbour = Newsroom(copied.runtime, HILL)
    neighbour.write(_1="教育局的通知")
    neighbour.publish()
    sync(copied.runtime, HILL)
    folder_outside.write(SITE, "/shell.php", b"casino")
    sync(copied.runtime, RIVER, compare=True)

    rounds = 0
    while remove_copies(erasing_of(copied), 3):
        rounds += 1

    assert rounds > 2
    assert folder_outside.sites() == {str(HILL.site_id)}
    assert f"sites/{SITE}.json" not in folder_outside.own()
    left = [path for path in folder_outside.root.rglob("*") if path.is_file()]
    assert not any(str(SITE) in str(path) for path in left)
    assert folder_outside.files(HILL.site_id) == tree_of(neighbour)


def test_a_tenants_deletion_waits_for_an_edge_that_is_away(
    copied: Newsroom, folder_outside: Folder
) -> None:
    be_in_the_way(folder_outside)

    with pytest.raises(Unavailable):
        remove_copies(erasing_of(copied), 10)
