"""What the city puts over sites is read by tenants with their own role's rights, and only read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from hosting.directory.queries import main_site
from hosting.runtime.clock import now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Work
from hosting.security.actor import PLATFORM_ACTOR
from parts.platform import HILL, RIVER, Place
from provisioning.notices.jobs import city_notices_due, spread_city_notice
from provisioning.notices.operations import NoticeFacts, end_notice, order_notice
from tenants.pages.banners import Overhead, overhead_of
from tenants.sites.banners import BannerWords
from tenants.sites.models import BANNER, GREYSCALE, CityNotice


def over(runtime: Runtime, place: Place) -> Overhead:
    with runtime.tenant_session(place.tenant_id, reading=True) as session:
        return overhead_of(session, main_site(session), drafts=False)


def test_tenants_read_what_is_over_them(each_runtime: Runtime) -> None:
    ends = now() + timedelta(hours=6)
    with each_runtime.platform_session(reason="test") as session:
        grey = NoticeFacts(GREYSCALE, ends)
        words = BannerWords("台风红色预警", level="urgent")
        banner = NoticeFacts(BANNER, ends, words=words, tenant_ids=(RIVER.tenant_id,))
        made = [
            order_notice(session, facts=each, reason="通知", by=PLATFORM_ACTOR).id
            for each in (grey, banner)
        ]

    assert [each.title for each in over(each_runtime, RIVER).banners] == ["台风红色预警"]
    assert over(each_runtime, HILL).banners == ()
    assert over(each_runtime, HILL).is_grey
    for notice_id in made:
        spread_city_notice(Work(each_runtime, 0), notice_id=notice_id)
    city_notices_due(Work(each_runtime, 0))
    with each_runtime.platform_session(reason="test") as session:
        end_notice(session, made[0], reason="结束", by=PLATFORM_ACTOR)
    assert not over(each_runtime, HILL).is_grey


def test_a_tenant_changes_none_of_it(each_runtime: Runtime) -> None:
    with each_runtime.platform_session(reason="test") as session:
        facts = NoticeFacts(GREYSCALE, now() + timedelta(hours=6))
        order_notice(session, facts=facts, reason="通知", by=PLATFORM_ACTOR)

    with (
        pytest.raises(DatabaseError, match=r"permission denied|tenant wall"),
        each_runtime.tenant_session(RIVER.tenant_id) as session,
    ):
        session.execute(update(CityNotice).values(state="over"))

    assert over(each_runtime, RIVER).is_grey
