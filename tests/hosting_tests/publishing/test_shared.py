"""Host links and the platform's own notices are watched as sites' trees are."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hosting.directory.models import Site
from hosting.directory.operations import bind_host
from hosting.publishing.hosts import bind_hosts
from hosting.publishing.jobs import sweep_publishing
from hosting.publishing.notices import notice_files
from hosting.publishing.shared import mend_shared, shared_findings
from hosting.publishing.tree import PublicFolder
from hosting.publishing.watching import Watcher
from hosting.runtime.records import PLATFORM_ID
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Work
from hosting.security.audit import AuditEntry
from parts.platform import RIVER, Place

_PATIENCE_SECONDS = 60


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    """The whole platform, with its trail."""
    return runtime


@pytest.fixture
def public(house: Runtime) -> PublicFolder:
    """A public folder in which all is well."""
    bind_hosts(house)
    return PublicFolder(house.settings.home)


def alarms(runtime: Runtime) -> list[list[str]]:
    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "shared_tampering_found")
        )
        return [row.facts["details"] for row in rows]


def state(folder: Path) -> dict[str, bytes | str]:
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def alter_a_notice(public: PublicFolder) -> None:
    (public.notices / "503.html").write_bytes(b"hacked")


def open_a_notice_to_all(public: PublicFolder) -> None:
    (public.notices / "503.html").chmod(0o666)


def remove_a_notice(public: PublicFolder) -> None:
    (public.notices / "suspended/.suspended").unlink()


def add_to_the_notices(public: PublicFolder) -> None:
    (public.notices / "deep").mkdir()
    (public.notices / "deep/casino.html").write_bytes(b"casino")


def link_a_notice_elsewhere(public: PublicFolder) -> None:
    (public.notices / "404.html").unlink()
    (public.notices / "404.html").symlink_to("/etc/passwd")


def link_a_folder_of_notices_elsewhere(public: PublicFolder) -> None:
    shutil.rmtree(public.notices / "closed")
    (public.notices / "closed").symlink_to("/etc")


def link_all_notices_elsewhere(public: PublicFolder) -> None:
    public.notices.rename(public.root / "aside")
    public.notices.symlink_to("aside")


def link_a_host_elsewhere(public: PublicFolder) -> None:
    (public.hosts / RIVER.host).unlink()
    (public.hosts / RIVER.host).symlink_to("/srv/casino")


def add_a_host(public: PublicFolder) -> None:
    (public.hosts / "casino.example").symlink_to("../sites/1/current")


def link_all_hosts_elsewhere(public: PublicFolder) -> None:
    public.hosts.rename(public.root / "aside")
    public.hosts.symlink_to("aside")


ATTACKS = {
    alter_a_notice: ["altered /notices/503.html"],
    open_a_notice_to_all: ["altered /notices/503.html"],
    remove_a_notice: ["missing /notices/suspended/.suspended"],
    add_to_the_notices: ["foreign /notices/deep/casino.html"],
    link_a_notice_elsewhere: ["altered /notices/404.html"],
    link_a_folder_of_notices_elsewhere: [
        "foreign /notices/closed",
        "missing /notices/closed/.closed",
        "missing /notices/closed/410.html",
    ],
    link_all_notices_elsewhere: ["altered /notices"],
    link_a_host_elsewhere: [f"altered /hosts/{RIVER.host}"],
    add_a_host: ["foreign /hosts/casino.example"],
    link_all_hosts_elsewhere: ["altered /hosts"],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_undone_and_told(
    house: Runtime, public: PublicFolder, attack: Callable[[PublicFolder], None]
) -> None:
    assert shared_findings(house) == []
    before = state(public.notices), state(public.hosts)
    attack(public)
    assert [f"{each.problem} {each.path}" for each in shared_findings(house)] == ATTACKS[attack]

    sweep_publishing(Work(house, PLATFORM_ID))

    assert (state(public.notices), state(public.hosts)) == before
    assert not public.notices.is_symlink()
    assert not public.hosts.is_symlink()
    assert alarms(house) == [ATTACKS[attack]]
    assert mend_shared(house) == []


def test_what_did_not_belong_there_is_kept_as_evidence(
    house: Runtime, public: PublicFolder
) -> None:
    alter_a_notice(public)
    add_to_the_notices(public)

    mend_shared(house)

    kept = (house.settings.home / "quarantine/notices").rglob("*.html")
    assert {path.read_bytes() for path in kept} == {b"hacked", b"casino"}


def test_a_link_that_a_job_is_yet_to_make_is_no_alarm(
    house: Runtime, public: PublicFolder, river: Place
) -> None:
    with house.platform_session(reason="test") as session:
        site = session.get_one(Site, (river.tenant_id, river.site_id))
        bind_host(session, site, "new.river.gov.cn", is_main=False)

    mend_shared(house)

    assert alarms(house) == []
    assert (public.hosts / "new.river.gov.cn").is_symlink()


@pytest.fixture
def watched(house: Runtime, public: PublicFolder) -> Iterator[PublicFolder]:
    """The same with the watcher at work."""
    stop, ready = threading.Event(), threading.Event()
    watcher = Watcher(house)
    thread = threading.Thread(target=watcher.run, args=(stop,), kwargs={"ready": ready.set})
    thread.start()
    assert ready.wait(_PATIENCE_SECONDS)
    yield public
    stop.set()
    thread.join()


@pytest.mark.parametrize("attack", [alter_a_notice, add_to_the_notices, add_a_host])
def test_the_watcher_undoes_it_at_once(
    house: Runtime, watched: PublicFolder, attack: Callable[[PublicFolder], None]
) -> None:
    attack(watched)

    end = time.monotonic() + _PATIENCE_SECONDS
    while not alarms(house):
        assert time.monotonic() < end, "nobody saw it"
        time.sleep(0.05)

    assert alarms(house) == [ATTACKS[attack]]
    assert state(watched.notices) == notice_files()
    assert not (watched.hosts / "casino.example").is_symlink()
