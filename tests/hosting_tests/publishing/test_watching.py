"""Whoever changes a public tree is undone in moments; whoever publishes is left in peace."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hosting.directory.models import Tenant
from hosting.publishing.build import build_site
from hosting.publishing.files import Files
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.lock import locks_folder, publish_lock, site_lock
from hosting.publishing.press import Press
from hosting.publishing.tree import PublicFolder
from hosting.publishing.verify import verify_site
from hosting.publishing.watching import Watcher, sweep
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.runtime import Runtime
from hosting.security.audit import AuditEntry
from parts.newsroom import GONE, Newsroom
from parts.platform import Place

_PATIENCE_SECONDS = 30


@contextmanager
def watching(newsroom: Newsroom) -> Iterator[None]:
    """The watcher at work beside the test."""
    stop, ready = threading.Event(), threading.Event()
    watcher = Watcher(newsroom.runtime)
    thread = threading.Thread(target=watcher.run, args=(stop,), kwargs={"ready": ready.set})
    thread.start()
    assert ready.wait(_PATIENCE_SECONDS)
    try:
        yield
    finally:
        stop.set()
        thread.join()


def holds(true: Callable[[], bool]) -> bool:
    """Whether it is so; not while a file moves under our eyes."""
    try:
        return true()
    except FileNotFoundError:
        return False


def until(true: Callable[[], bool]) -> float:
    """Wait until it is so; the seconds it took."""
    began = time.monotonic()
    while not holds(true):
        assert time.monotonic() - began < _PATIENCE_SECONDS, "it was not put right"
        time.sleep(0.02)
    return time.monotonic() - began


def state(tree: Path) -> dict[str, tuple[int, bytes | str]]:
    """Every file and link of a tree with its mode and what it holds."""
    found: dict[str, tuple[int, bytes | str]] = {}
    for folder, _, files in os.walk(tree):
        for name in files:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            kept = str(path.readlink()) if path.is_symlink() else path.read_bytes()
            found[str(path.relative_to(tree))] = (mode, kept)
    for path in tree.rglob("*"):
        if path.is_dir() and path.is_symlink():
            found[str(path.relative_to(tree))] = (0, str(path.readlink()))
    return found


@pytest.fixture
def standing(newsroom: Newsroom) -> Newsroom:
    """A site with a few pages and a gone marker."""
    newsroom.write_all({str(n): f"第{n}号通告" for n in range(1, 13)} | {"3": GONE})
    newsroom.publish()
    bind_hosts(newsroom.runtime)
    return newsroom


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said of tampering."""
    return [r.getMessage() for r in caplog.records if r.name == "hosting.publishing.verify"]


def pages(tree: Path) -> list[Path]:
    return sorted(path for path in tree.rglob("*.html") if ".gone" not in path.parts)


def flip(tree: Path, chance: random.Random) -> None:
    page = chance.choice(pages(tree))
    data = bytearray(page.read_bytes())
    data[chance.randrange(len(data))] ^= 1
    page.write_bytes(data)


def remove(tree: Path, chance: random.Random) -> None:
    chance.choice(pages(tree)).unlink()


def swap(tree: Path, chance: random.Random) -> None:
    one, two = chance.sample(pages(tree), 2)
    aside = tree / "aside"
    one.rename(aside)
    two.rename(one)
    aside.rename(two)


def add(tree: Path, chance: random.Random) -> None:
    name = chance.choice(("shell.php", ".htaccess", "art/x.svg", "casino/deep/index.html"))
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("博彩")


def link(tree: Path, chance: random.Random) -> None:
    page = chance.choice(pages(tree))
    page.unlink()
    page.symlink_to("/etc/passwd")


def link_a_folder(tree: Path, chance: random.Random) -> None:
    (tree / f"etc{chance.randrange(9)}").symlink_to("/etc")


def open_to_all(tree: Path, chance: random.Random) -> None:
    chance.choice(pages(tree)).chmod(chance.choice((0o666, 0o600, 0o755)))


def replace_the_copy(tree: Path, chance: random.Random) -> None:
    copies = sorted(tree.rglob("*.gz"))
    one, two = chance.sample(copies, 2)
    one.write_bytes(two.read_bytes())


def move_a_folder(tree: Path, chance: random.Random) -> None:
    (tree / "art").rename(tree / f"moved{chance.randrange(9)}")


def remove_a_folder(tree: Path, _chance: random.Random) -> None:
    shutil.rmtree(tree / "art")


def bring_back(tree: Path, _chance: random.Random) -> None:
    (tree / "art/3.html").write_text("已撤回的内容")


ATTACKS: tuple[Callable[[Path, random.Random], None], ...] = (
    flip,
    remove,
    swap,
    add,
    link,
    link_a_folder,
    open_to_all,
    replace_the_copy,
    move_a_folder,
    remove_a_folder,
    bring_back,
)


def test_every_kind_of_attack_is_undone_in_moments_and_told(
    standing: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    chance, tree = random.Random(7), standing.tree
    before = state(tree)
    with watching(standing):
        for attack in ATTACKS:
            attack(tree, chance)
            assert state(tree) != before, attack.__name__
            until(lambda: state(tree) == before)

    assert len(alarms(caplog)) >= len(ATTACKS)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_a_thousand_random_attacks_are_all_undone(
    standing: Newsroom, record_property: Callable[[str, object], None]
) -> None:
    chance, tree = random.Random(11), standing.tree
    before = state(tree)
    took = []
    with watching(standing):
        for _ in range(1_000):
            chance.choice(ATTACKS)(tree, chance)
            took.append(until(lambda: state(tree) == before))

    record_property("tried", len(took))
    record_property("median_seconds", sorted(took)[500])
    record_property("p95_seconds", sorted(took)[950])
    assert sorted(took)[950] < 5


def test_a_switch_to_another_tree_and_a_foreign_host_are_undone(standing: Newsroom) -> None:
    place, home = standing.place, standing.runtime.settings.home
    rebuild_site(standing.runtime, place.tenant_id, place.site_id)
    host = PublicFolder(home).hosts / place.host
    led = host.readlink()
    with watching(standing):
        standing.folder.switch(Files(), 1)
        until(lambda: standing.folder.current_number() == 2)
        host.unlink()
        host.symlink_to("/etc")
        until(lambda: host.is_symlink() and host.readlink() == led)
        foreign = host.with_name("www.foreign.gov.cn")
        foreign.symlink_to(led)
        until(lambda: not foreign.is_symlink())


@pytest.mark.parametrize("rounds", [30, pytest.param(1_000, marks=pytest.mark.prove)])
@pytest.mark.timeout(1800)
def test_publishing_raises_no_alarm(
    standing: Newsroom,
    rounds: int,
    record_property: Callable[[str, object], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = threading.Event()
    sweeping = threading.Thread(
        target=sweep, args=(standing.runtime, stop), kwargs={"every_seconds": 1}
    )
    chance = random.Random(5)
    with watching(standing):
        sweeping.start()
        for number in range(rounds):
            said = {str(chance.randrange(1, 40)): chance.choice((f"第{number}版", GONE))}
            standing.write_all({**said, "layout": f"版式{number // 10}"})
            standing.publish()
        stop.set()
        sweeping.join()

    record_property("tried", rounds)
    assert alarms(caplog) == []


def test_a_long_change_set_raises_no_alarm(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put = Press.put_in_tree

    def slowly(press: Press, *arguments: object, **more: object) -> None:
        put(press, *arguments, **more)  # type: ignore[arg-type]
        # Longer than what the watcher takes for settled.
        time.sleep(2)

    with watching(standing), monkeypatch.context() as patched:
        patched.setattr(Press, "put_in_tree", slowly)
        standing.write(_1="改版", _5=GONE)
        standing.publish()
        time.sleep(1.5)

    assert alarms(caplog) == []
    assert "改版" in standing.read("/art/1.html")


@contextmanager
def held(newsroom: Newsroom) -> Iterator[None]:
    """Somebody publishes the site all the while."""
    home, name = newsroom.runtime.settings.home, publish_lock(newsroom.place.site_id)
    with site_lock(locks_folder(home), name) as lock:
        assert lock is not None
        yield


def test_a_site_that_is_published_for_long_keeps_no_other_waiting(
    standing: Newsroom, neighbour: Newsroom
) -> None:
    neighbour.write(_1="通知")
    neighbour.publish()
    before = {each: state(each) for each in (standing.tree, neighbour.tree)}
    with watching(standing):
        with held(standing):
            for tree in before:
                flip(tree, random.Random(2))
            until(lambda: state(neighbour.tree) == before[neighbour.tree])
            assert state(standing.tree) != before[standing.tree]
        until(lambda: state(standing.tree) == before[standing.tree])


def test_what_cannot_be_looked_at_is_looked_at_again(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, away, tries = state(standing.tree), threading.Event(), []
    known = Watcher._known

    def database(watcher: Watcher) -> dict[int, int]:
        tries.append(1)
        if away.is_set():
            raise OperationalError("select", {}, Exception("the database is away"))
        return known(watcher)

    monkeypatch.setattr(Watcher, "_known", database)
    away.set()
    with watching(standing):
        (standing.tree / "art/1.html").unlink()
        until(lambda: len(tries) > 2)
        away.clear()
        until(lambda: state(standing.tree) == before)


def test_the_tree_of_a_closed_tenant_is_left_to_its_deletion(
    standing: Newsroom, neighbour: Newsroom
) -> None:
    neighbour.write(_1="通知")
    neighbour.publish()
    whole = state(neighbour.tree)
    with standing.runtime.platform_session(reason="test") as session:
        session.get_one(Tenant, standing.place.tenant_id).state = "closed"
    stop = threading.Event()
    sweeping = threading.Thread(
        target=sweep, args=(standing.runtime, stop), kwargs={"every_seconds": 1}
    )
    with watching(standing):
        sweeping.start()
        shutil.rmtree(standing.folder.root)
        flip(neighbour.tree, random.Random(4))
        until(lambda: state(neighbour.tree) == whole)
        flip(neighbour.tree, random.Random(5))
        until(lambda: state(neighbour.tree) == whole)
        stop.set()
        sweeping.join()

    assert not standing.folder.root.exists()


def test_the_sweep_finds_what_nobody_saw_happen(
    standing: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    before = state(standing.tree)
    for attack in (flip, swap, add, link, link_a_folder, bring_back, remove_a_folder):
        attack(standing.tree, random.Random(3))
    stop = threading.Event()
    sweeping = threading.Thread(
        target=sweep, args=(standing.runtime, stop), kwargs={"every_seconds": 1}
    )
    sweeping.start()
    try:
        until(lambda: state(standing.tree) == before)
    finally:
        stop.set()
        sweeping.join()

    assert alarms(caplog)


def test_what_is_marked_while_a_site_is_verified_is_published_at_once(
    standing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hosting.publishing import verify as module

    finish = module.finish_interrupted

    def edited_meanwhile(press: Press) -> None:
        finish(press)
        standing.write(_1="核对时的改动")
        assert standing.publish().busy, "somebody else holds the site"

    (standing.tree / "art/2.html").unlink()
    monkeypatch.setattr(module, "finish_interrupted", edited_meanwhile)
    module.verify_site(standing.runtime, standing.place.tenant_id, standing.place.site_id)

    assert "核对时的改动" in standing.read("/art/1.html")


def test_an_alarm_stands_in_the_tenants_trail(runtime: Runtime, river: Place) -> None:
    build_site(runtime, river.tenant_id, river.site_id)
    tree = PublicFolder(runtime.settings.home).site(river.site_id).current.resolve()
    (tree / "shell.php").write_text("博彩")

    verify_site(runtime, river.tenant_id, river.site_id, repair=True)

    with runtime.platform_session(reason="test", reading=True) as session:
        (told,) = session.scalars(
            select(AuditEntry).where(
                AuditEntry.for_tenant_id == river.tenant_id,
                AuditEntry.action == "tampering_found",
            )
        )
    assert told.facts["details"] == ["foreign /shell.php"]
    assert told.facts["is_repaired"] is True
