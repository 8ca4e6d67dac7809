"""A tenant deleted leaves nothing but its sealed trail and the record of its deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hosting.directory.asking import Asker
from hosting.directory.models import Tenant
from hosting.directory.queries import tenant_by_code
from hosting.runtime.clock import now
from hosting.runtime.erasing import RowErasure, ThingErasure, erased_tables
from hosting.runtime.jobs import Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings
from hosting.runtime.worker import drain
from hosting.security.audit import AuditEntry
from hosting.security.audit_verification import verify
from hosting.security.models import Account
from hosting.security.operations import RoleFacts, grant_role
from hosting.security.queries import account_by_login
from parts.full_house import (
    ADMIN,
    GOING,
    RECORD,
    STAYING,
    TRAIL,
    House,
    Kept,
    empty_house,
    full_house,
    kept,
    needles,
    put_off,
)
from parts.platform import make_home, postgresql_settings
from parts.refusals import refused
from parts.storage import bucket
from provisioning.deletion import running
from provisioning.deletion.models import DONE, SCRUBBING
from provisioning.deletion.operations import begin_deletion
from provisioning.deletion.running import carry_out
from provisioning.events import TenantRenamed
from tenants.pages.preview import preview_address

EMBEDDED = "sqlite, disk"
SERVERS = "postgresql, s3, redis"


@dataclass
class Gone:
    """What was kept before one of the two tenants was deleted, and what is kept since."""

    house: House
    before: Kept
    preview_host: str
    birds: set[str]
    after: Kept


def settings_of(kind: str, request: pytest.FixtureRequest, home: Any) -> Iterator[Settings]:
    """Settings for a new platform with two small tenants in it already."""
    make_home(home.parent)
    if kind == EMBEDDED:
        template = request.getfixturevalue("sqlite_template")
        (home / "jiyue.sqlite3").write_bytes(template.read_bytes())
        yield Settings(home=home)
        return
    cluster = request.getfixturevalue("postgresql_cluster")
    urls = cluster.create_database(request.getfixturevalue("postgresql_template"))
    with bucket(request.getfixturevalue("s3_server")) as storage_url:
        yield replace(
            postgresql_settings(home, urls),
            storage_url=storage_url,
            redis_url=request.getfixturevalue("redis_server"),
            host_cache_seconds=60,
        )


@pytest.fixture(scope="module", params=[EMBEDDED, SERVERS])
def gone(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gone]:
    """The embedded platform, and one with servers for everything, each with a tenant deleted."""
    folder = tmp_path_factory.mktemp("gone")
    for settings in settings_of(request.param, request, folder / "home"):
        runtime = Runtime.open(settings)
        house = full_house(runtime, folder)
        place = house.going.place
        shown = preview_address(runtime, place.tenant_id, place.site_id).split("/")[2].split(":")[0]
        assert Asker(runtime).ask(shown).status == 200
        assert Asker(runtime).ask(place.host).status == 410
        put_off(runtime, house.staying.place.tenant_id)
        before = kept(runtime)
        birds = needles(house, before)
        house.begin()
        drain(runtime, seconds=240)
        yield Gone(house, before, shown, birds, kept(runtime))
        runtime.close()


def test_there_was_something_of_every_kind(gone: Gone) -> None:
    tenant_id = gone.house.going.place.tenant_id
    mine = rows_of(gone.before, tenant_id)
    walled = {each.__tablename__ for each in erased_tables(gone.house.runtime.areas)}

    # Sign-ins are of accounts; events and marks are gone when there is nothing left to do.
    assert walled - mine.keys() <= {
        "sign_in",
        "tenant_turn",
        "outbox_event",
        "stale_mark",
    }
    assert len(gone.birds) > 300
    for bird in (GOING.name, "云岭县没写完的草稿", *GOING.hosts, str(tenant_id)):
        assert gone.before.places(bird), bird


def test_nothing_of_it_is_left_anywhere(gone: Gone) -> None:
    assert gone.house.record().state == DONE
    assert {bird: found for bird in gone.birds if (found := gone.after.places(bird))} == {}


def test_the_databases_file_holds_no_residue(gone: Gone) -> None:
    """SQLite leaves deleted rows in free pages and in its log: neither has any left."""
    home = gone.house.runtime.settings.home
    raw = b"".join(path.read_bytes() for path in sorted(home.glob("jiyue.sqlite3*")))
    allowed = gone.after.words(*TRAIL, RECORD)
    birds = {bird for bird in gone.birds if bird not in allowed}
    ids = {int(bird) for bird in birds if bird.isdecimal()}

    assert len(birds) > 200
    assert len(ids) > 50
    assert {bird for bird in birds if bird.encode() in raw} == set()
    assert {each for each in ids if each.to_bytes(8, "big") in raw} == set()


def test_the_other_tenant_is_as_it_was_to_the_byte(gone: Gone) -> None:
    place = gone.house.staying.place

    assert rows_of(gone.after, place.tenant_id) == rows_of(gone.before, place.tenant_id)
    for old, new in (
        (gone.before.files, gone.after.files),
        (gone.before.objects, gone.after.objects),
    ):
        mine = {n for n in old if str(place.site_id) in n or str(place.tenant_id) in n}
        assert {n: new.get(n) for n in mine} == {n: old[n] for n in mine}
        assert not old or len(mine) > 20
    assert Asker(gone.house.runtime).ask(place.host).status == 200


def rows_of(found: Kept, tenant_id: int) -> dict[str, list[dict[str, Any]]]:
    """Rows of a tenant; when it was last served by a worker may change."""

    def is_mine(row: dict[str, Any]) -> bool:
        return tenant_id in (row.get("tenant_id"), row.get("for_tenant_id"))

    mine = {name: [row for row in rows if is_mine(row)] for name, rows in found.rows.items()}
    return {name: rows for name, rows in mine.items() if rows and name != "tenant_turn"}


def test_the_trail_ends_with_the_deletion_and_takes_no_other_row(gone: Gone) -> None:
    runtime, tenant_id = gone.house.runtime, gone.house.going.place.tenant_id
    with runtime.platform_session(reason="test", reading=True) as session:
        last = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.for_tenant_id == tenant_id)
            .order_by(AuditEntry.sequence.desc())
            .limit(1)
        ).one()
        assert verify(session, runtime.settings).faults == ()

    assert (last.action, last.account_name) == ("tenant_deleted", ADMIN.name)
    assert last.facts["reason"] == "机构撤销"
    assert last.facts["found"]["items"] == gone.house.record().found["items"] > 10
    assert last.facts["removed"] == gone.house.record().removed
    with refused("chain_sealed"), runtime.platform_session(reason="test") as session:
        session.record(TenantRenamed(tenant_id, "甲", "乙"))


def test_the_report_adds_up(gone: Gone) -> None:
    mine = rows_of(gone.before, gone.house.going.place.tenant_id)
    done = gone.house.record()

    def count(*tables: str) -> int:
        return sum(len(mine[name]) for name in tables)

    assert done.removed["素材"] == count("asset")
    assert done.removed["栏目"] == count("column_node")
    assert done.removed["迁移方案"] == count("legacy_run", "legacy_address", "legacy_finding")
    content = ("item", "edition", "edition_asset", "edition_column", "edition_translation")
    assert done.removed["稿件和版本"] == count(*content)
    assert done.removed["人员职责"] == done.found["accounts"] == 6
    assert done.removed["域名"] == done.removed["域名指向"] == 2
    assert done.found["bytes"] > 0


def test_its_hosts_and_previews_answer_nobody(gone: Gone) -> None:
    asker = Asker(gone.house.runtime)

    assert asker.ask(gone.house.going.place.host).status == 421
    assert asker.ask(gone.preview_host).status == 404


@pytest.fixture
def house(runtime: Runtime) -> House:
    """Two tenants with little in them; one is closed."""
    return empty_house(runtime)


def test_who_worked_there_alone_has_no_name_any_more_and_who_works_elsewhere_has(
    house: House,
) -> None:
    with house.runtime.platform_session(reason="test") as session:
        both = account_by_login(session, f"{GOING.code}.editor")
        facts = RoleFacts("editor", tenant_id=house.staying.place.tenant_id)
        grant_role(session, both, facts=facts, by=ADMIN)
        alone = account_by_login(session, f"{GOING.code}.issuer").id

    carry_out(house.runtime, house.begin())

    with house.runtime.platform_session(reason="test", reading=True) as session:
        kept_on = account_by_login(session, f"{GOING.code}.editor")
        erased = session.get(Account, alone)
        assert (kept_on.name, kept_on.state) == ("李晓芸", "active")
        assert erased is not None
        assert (erased.name, erased.state) == ("已注销用户", "disabled")
        assert "issuer" not in erased.login


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Switch:
    """Counts the steps in which a deletion removes something, and ends it in a chosen one."""

    at: int
    count: int = 0

    def around(self, work: Callable[..., int]) -> Callable[..., int]:
        """Work that is hit when it is done and not yet counted; at most 40 things a step."""

        def wrapped(*arguments: Any) -> int:
            done = work(*arguments[:-1], min(arguments[-1], 40))
            self.count += bool(done)
            if done and self.count == self.at:
                raise Killed
            return done

        return wrapped


def survive(house: House, deletion_id: int, at: int) -> bool:
    """Kill a run in its Nth step; whether there was one."""
    switch = Switch(at)

    def wired(each: RowErasure | ThingErasure) -> RowErasure | ThingErasure:
        return replace(each, remove=switch.around(each.remove))

    areas = tuple(
        replace(area, erases=tuple(wired(each) for each in area.erases))
        for area in house.runtime.areas
    )
    runtime = Runtime.open(house.runtime.settings, areas)
    try:
        carry_out(runtime, deletion_id)
    except Killed:
        return True
    finally:
        runtime.close()
    return False


def kill_to_the_end(house: House) -> int:
    """Kill every second step of a deletion until one run ends it; how many were killed."""
    birds = needles(house, kept(house.runtime))
    deletion_id = house.begin()
    kills = 0
    while survive(house, deletion_id, at=2):
        kills += 1
        assert kills < 1_000
    after = kept(house.runtime)
    assert house.record().state == DONE
    assert {bird: places for bird in birds if (places := after.places(bird))} == {}
    with house.runtime.platform_session(reason="test", reading=True) as session:
        assert verify(session, house.runtime.settings).faults == ()
    return kills


def test_a_deletion_that_is_killed_again_and_again_comes_to_its_end(house: House) -> None:
    assert kill_to_the_end(house) >= 8


@pytest.mark.prove
@pytest.mark.parametrize("kind", [EMBEDDED, SERVERS])
def test_a_full_tenants_deletion_survives_a_kill_in_every_second_step(
    kind: str, request: pytest.FixtureRequest, tmp_path: Any
) -> None:
    for settings in settings_of(kind, request, tmp_path / "killed" / "home"):
        runtime = Runtime.open(settings)
        assert kill_to_the_end(full_house(runtime, tmp_path)) >= 20
        runtime.close()


def test_a_kill_between_the_last_row_and_the_scrubbing_is_made_good(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    deletion_id = house.begin()
    with monkeypatch.context() as patched:
        patched.setattr(type(house.runtime.database), "scrub", lambda _self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_out(house.runtime, deletion_id)
    assert house.record().state == SCRUBBING

    carry_out(house.runtime, deletion_id)

    assert house.record().state == DONE


def test_what_comes_meanwhile_is_removed_as_well(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row written after its table was emptied keeps the tenant from being ended without it."""
    deletion_id, tenant_id = house.begin(), house.going.place.tenant_id
    real, late = running.left_over, []

    def left_over(session: Any, *facts: Any) -> list[str]:
        if not late:
            late.append(Job(for_tenant_id=tenant_id, kind="publish_site"))
            session.add_all(late)
            session.flush()
        return real(session, *facts)

    monkeypatch.setattr(running, "left_over", left_over)
    carry_out(house.runtime, deletion_id)

    with house.runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Job.id).where(Job.for_tenant_id == tenant_id)).all() == []
    assert house.record().state == DONE


def test_a_tenant_for_whom_somebody_works_is_waited_for(house: House) -> None:
    deletion_id, tenant_id = house.begin(), house.going.place.tenant_id
    with house.runtime.platform_session(reason="test") as session:
        lease = now() + timedelta(seconds=60)
        session.add(
            Job(for_tenant_id=tenant_id, kind="publish_site", state="running", lease_until=lease)
        )

    with refused("tenant_busy"):
        carry_out(house.runtime, deletion_id)
    with house.runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(Tenant).where(Tenant.code == GOING.code)).one()


def test_only_a_closed_tenant_is_deleted_and_only_after_its_time(house: House) -> None:
    with house.runtime.platform_session(reason="test") as session:
        staying = tenant_by_code(session, STAYING.code)
        with refused("tenant_not_closed"):
            begin_deletion(session, staying, reason="误", wait_days=0, is_early=True, by=ADMIN)
    with refused("deletion_too_early"):
        house.begin(is_early=False)
    with refused("reason_missing"):
        house.begin(reason=" ")

    assert house.begin(is_early=False, wait_days=0) == house.begin(), "one that has begun goes on"
