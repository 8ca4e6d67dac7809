"""What the city puts over sites stands on all of them, and begins and ends by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from hosting.directory.models import Site
from hosting.publishing.build import build_site
from hosting.publishing.changesets import entries_of
from hosting.publishing.models import ChangeSet
from hosting.publishing.tree import PublicFolder
from hosting.publishing.whole_site import rebuild_site
from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid
from hosting.runtime.jobs import Job
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Work, drain
from hosting.security.actor import PLATFORM_ACTOR, Actor
from hosting.security.audit import AuditEntry
from parts.office import office
from parts.platform import Place
from parts.refusals import refused
from provisioning.domains.names import PlatformHosts
from provisioning.notices import jobs
from provisioning.notices.jobs import city_notices_due, spread_city_notice
from provisioning.notices.operations import NoticeFacts, end_notice, order_notice
from provisioning.notices.queries import notice
from provisioning.onboarding.opening import Opening, check_opening
from provisioning.onboarding.operations import open_tenant
from tenants.sites.banners import BannerWords
from tenants.sites.events import SiteChanged
from tenants.sites.models import BANNER, GREYSCALE, OVER, STANDING, CityNotice

BY = Actor(9, "市府办值班", frozenset({"system_admin"}))
AN_HOUR = timedelta(hours=1)
GREY = "html{filter:grayscale(1)}"
STORM = BannerWords("台风红色预警", "请勿外出", "https://www.cma.gov.cn/", "urgent")
FRONT = {"/index.html", "/site.css", "/tzgg/index.html", "/zcwj/index.html"}


@pytest.fixture
def sites(runtime: Runtime, river: Place, hill: Place) -> list[Place]:
    """Two tenants' sites with items, all public."""
    for place in (river, hill):
        with office(runtime, place) as desk:
            desk.session.record(SiteChanged(place.tenant_id, place.site_id))
            for number in range(3):
                desk.pass_all(desk.write(f"通知{number}"))
    drain(runtime)
    return [river, hill]


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(now(), tick=True) as traveller:
        yield traveller


def order(runtime: Runtime, kind: str, **said: Any) -> int:
    reason = said.pop("reason", "市委市政府通知")
    said.setdefault("ends_at", now() + 6 * AN_HOUR)
    if kind == BANNER:
        said.setdefault("words", STORM)
    with runtime.platform_session(reason="test") as session:
        made = order_notice(session, facts=NoticeFacts(kind, **said), reason=reason, by=BY).id
    drain(runtime)
    return made


def end(runtime: Runtime, notice_id: int, reason: str = "预警解除") -> None:
    with runtime.platform_session(reason="test") as session:
        end_notice(session, notice_id, reason=reason, by=BY)
    drain(runtime)


def read(runtime: Runtime, place: Place, path: str) -> str:
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    return (tree / path.lstrip("/")).read_text(encoding="utf-8")


def pages(runtime: Runtime, place: Place) -> list[str]:
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    return [each.read_text(encoding="utf-8") for each in sorted(tree.rglob("*.html"))]


def change_sets(runtime: Runtime, place: Place, do: Callable[[], object]) -> list[set[str]]:
    """The paths of each change set of a site that came of what was done, in their order."""
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        before = session.scalar(select(func.max(ChangeSet.number))) or 0
    do()
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        new = session.scalars(
            select(ChangeSet).where(ChangeSet.number > before).order_by(ChangeSet.number)
        ).all()
        return [{entry.path for entry in entries_of(each)} for each in new]


def state_of(runtime: Runtime, notice_id: int) -> str:
    with runtime.platform_session(reason="test", reading=True) as session:
        return notice(session, notice_id).state


def test_a_day_of_mourning_costs_one_file_a_site(runtime: Runtime, sites: list[Place]) -> None:
    for place in sites:
        assert GREY not in read(runtime, place, "/site.css")
    seen = {}

    def begin() -> None:
        seen["id"] = order(runtime, GREYSCALE)

    changed = change_sets(runtime, sites[0], begin)
    assert changed == [{"/site.css"}]
    for place in sites:
        assert GREY in read(runtime, place, "/site.css")

    changed = change_sets(runtime, sites[0], lambda: end(runtime, seen["id"]))
    assert changed == [{"/site.css"}]
    for place in sites:
        assert GREY not in read(runtime, place, "/site.css")


def test_a_banner_of_the_city_is_first_where_people_come_first(
    runtime: Runtime, sites: list[Place]
) -> None:
    first, *rest = change_sets(runtime, sites[0], lambda: order(runtime, BANNER))

    assert first == FRONT
    assert FRONT.isdisjoint(*rest)
    for place in sites:
        for page in pages(runtime, place):
            assert page.count("台风红色预警</strong>") == 1


def test_the_citys_banner_stands_above_the_tenants_and_leaves_it_alone(
    runtime: Runtime, sites: list[Place]
) -> None:
    with office(runtime, sites[0]) as desk:
        desk.pass_all(desk.banner("全县停水通知"))
    drain(runtime)

    made = order(runtime, BANNER)
    both = read(runtime, sites[0], "/index.html")
    end(runtime, made)
    own = read(runtime, sites[0], "/index.html")

    assert both.index("台风红色预警") < both.index("全县停水通知")
    assert "台风" not in own
    assert "全县停水通知" in own
    assert "全县停水通知" not in "".join(pages(runtime, sites[1]))


def test_it_is_over_the_chosen_tenants_alone(runtime: Runtime, sites: list[Place]) -> None:
    chosen, other = sites
    untouched = change_sets(
        runtime, other, lambda: order(runtime, BANNER, tenant_ids=(chosen.tenant_id,))
    )

    assert untouched == []
    assert "台风" in read(runtime, chosen, "/index.html")
    assert "台风" not in read(runtime, other, "/index.html")


def test_a_site_that_is_opened_while_it_lasts_has_it_from_its_first_page(runtime: Runtime) -> None:
    order(runtime, GREYSCALE)
    order(runtime, BANNER)
    facts = Opening(code="yunling", name="云岭县", kind="county", hosts=("www.yunling.gov.cn",))
    with runtime.platform_session(reason="test") as session:
        hosts = PlatformHosts.of(runtime.settings)
        opening = check_opening(session, facts, platform_hosts=hosts)
        tenant = open_tenant(session, opening, by=PLATFORM_ACTOR)
        site_id = session.scalars(select(Site.id).where(Site.tenant_id == tenant.id)).one()
        place = Place(tenant.id, site_id, "yunling", "www.yunling.gov.cn")
    drain(runtime)

    assert GREY in read(runtime, place, "/site.css")
    assert "台风红色预警" in read(runtime, place, "/index.html")


@pytest.mark.parametrize("kind", [BANNER, GREYSCALE])
def test_it_begins_and_ends_by_itself(
    runtime: Runtime, sites: list[Place], clock: time_machine.Coordinates, kind: str
) -> None:
    mark = {BANNER: "台风红色预警", GREYSCALE: GREY}[kind]
    begins = now() + AN_HOUR
    made = order(runtime, kind, begins_at=begins, ends_at=begins + AN_HOUR)
    seen = [mark in read(runtime, sites[0], "/site.css")]

    for at in (begins, begins + AN_HOUR):
        clock.move_to(at + timedelta(seconds=1))
        drain(runtime)
        seen.append(mark in read(runtime, sites[0], "/site.css"))

    assert seen == [False, True, False]
    assert state_of(runtime, made) == OVER


def test_its_jobs_are_promised_to_the_instant(runtime: Runtime, sites: list[Place]) -> None:
    begins = now() + AN_HOUR
    order(runtime, GREYSCALE, begins_at=begins, ends_at=begins + AN_HOUR)

    with runtime.platform_session(reason="test", reading=True) as session:
        promised = session.scalars(
            select(Job.run_at).where(Job.kind == "city_notices_due", Job.run_at > now())
        ).all()

    assert set(promised) == {begins, begins + AN_HOUR}


def test_what_would_begin_and_end_in_one_sleep_never_stands(
    runtime: Runtime, sites: list[Place], clock: time_machine.Coordinates
) -> None:
    begins = now() + AN_HOUR
    made = order(runtime, GREYSCALE, begins_at=begins, ends_at=begins + AN_HOUR)
    clock.move_to(begins + 3 * AN_HOUR)

    assert change_sets(runtime, sites[0], lambda: drain(runtime)) == []
    assert state_of(runtime, made) == OVER


def test_one_that_has_not_begun_is_called_off_and_no_page_is_made(
    runtime: Runtime, sites: list[Place]
) -> None:
    made = order(runtime, BANNER, begins_at=now() + AN_HOUR)

    assert change_sets(runtime, sites[0], lambda: end(runtime, made)) == []
    with refused("notice_over"):
        end(runtime, made)


def test_late_twice_and_out_of_order_its_jobs_do_no_harm(
    runtime: Runtime, sites: list[Place]
) -> None:
    made = order(runtime, BANNER)
    end(runtime, made)

    def again() -> None:
        spread_city_notice(Work(runtime, 0), notice_id=made)
        city_notices_due(Work(runtime, 0))
        drain(runtime)

    assert change_sets(runtime, sites[0], again) == []


def test_killed_among_the_sites_it_goes_on_with_the_next(
    runtime: Runtime, sites: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_SITES_A_STEP", 1)
    real, calls = jobs.tell_some, []

    def dies_at_the_second(*arguments: Any, **facts: Any) -> bool:
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError("killed")
        return real(*arguments, **facts)

    monkeypatch.setattr(jobs, "tell_some", dies_at_the_second)
    with runtime.platform_session(reason="test") as session:
        facts = NoticeFacts(GREYSCALE, now() + AN_HOUR)
        made = order_notice(session, facts=facts, reason="悼念", by=BY).id
    with pytest.raises(ConnectionError):
        spread_city_notice(Work(runtime, 0), notice_id=made)

    spread_city_notice(Work(runtime, 0), notice_id=made)
    drain(runtime)

    for place in sites:
        assert GREY in read(runtime, place, "/site.css")
    with runtime.platform_session(reason="test", reading=True) as session:
        told = session.scalars(
            select(AuditEntry.for_tenant_id).where(AuditEntry.action == "notice_changed")
        ).all()
    assert sorted(told) == sorted(place.tenant_id for place in sites)


def test_what_stands_is_in_a_full_build_byte_for_byte(runtime: Runtime, sites: list[Place]) -> None:
    order(runtime, BANNER)
    end(runtime, order(runtime, BANNER, words=BannerWords("演练")))
    order(runtime, GREYSCALE)
    (place, _) = sites
    before = [read(runtime, place, "/site.css"), *pages(runtime, place)]

    again = build_site(runtime, place.tenant_id, place.site_id, following=True)
    rebuild_site(runtime, place.tenant_id, place.site_id)

    assert again.written == 0
    assert [read(runtime, place, "/site.css"), *pages(runtime, place)] == before


def wrong(runtime: Runtime, kind: str = BANNER, **said: Any) -> list[str]:
    """The fields at which an order is refused."""
    with pytest.raises(Invalid) as found:
        order(runtime, kind, **said)
    return [each.field for each in found.value.problems]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ends_at": None}, "ends_at"),
        ({"ends_at": datetime(2020, 1, 1, tzinfo=now().tzinfo)}, "ends_at"),
        ({"words": BannerWords("")}, "title"),
        ({"words": BannerWords("x", link="javascript:alert(1)")}, "link"),
        ({"tenant_ids": ()}, "tenants"),
        ({"tenant_ids": (7,)}, "tenants"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_ordered_is_said(runtime: Runtime, said: dict[str, Any], field: str) -> None:
    assert field in wrong(runtime, **said)
    with runtime.platform_session(reason="test", reading=True) as session:
        assert session.scalars(select(CityNotice)).all() == []


def test_the_trail_of_each_tenant_tells_what_the_city_did_to_its_site(
    runtime: Runtime, sites: list[Place]
) -> None:
    made = order(runtime, GREYSCALE)
    end(runtime, made)

    with runtime.platform_session(reason="test", reading=True) as session:
        rows = session.execute(select(AuditEntry.for_tenant_id, AuditEntry.action)).all()

    for place in sites:
        assert [each for each in rows if each[0] == place.tenant_id].count(
            (place.tenant_id, "notice_changed")
        ) == 2
    city = {action for tenant_id, action in rows if tenant_id == 0}
    assert {"city_notice_ordered", "city_notice_begun", "city_notice_ended"} <= city
    assert state_of(runtime, made) != STANDING
