"""The city's pages for banners and days of mourning over all sites."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from hosting.runtime.clock import local, now
from parts.city_hall import CityHall
from parts.people import Browser
from parts.platform import HILL, RIVER
from tenants.sites.models import OVER, PLANNED_NOTICE, STANDING, CityNotice

NOTICES = "/city/notices/"
BANNER, GREYSCALE = NOTICES + "banner", NOTICES + "greyscale"


@pytest.fixture
def admin(hall: CityHall) -> Browser:
    return hall.browser("system_admin")


def typed(hours: int) -> str:
    return f"{local(now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def send(browser: Browser, path: str, **said: object) -> tuple[int, str]:
    """Send the form: (status, page)."""
    fields = {"scope": "all", "ends_at": typed(6), "reason": "国务院公告", "confirmed": "y", **said}
    if path == BANNER:
        fields = {"level": "urgent", "title": "台风红色预警", **fields}
    answer = browser.post(path, on=path, **fields)
    return answer.status_code, unescape(answer.text)


def kept(hall: CityHall) -> list[CityNotice]:
    with hall.runtime.platform_session(reason="test", reading=True) as session:
        return list(session.scalars(select(CityNotice).order_by(CityNotice.id)))


def listed(browser: Browser) -> str:
    return unescape(browser.get(NOTICES).text)


def test_a_day_of_mourning_is_set_watched_and_ended(hall: CityHall, admin: Browser) -> None:
    assert "没有全市公告" in listed(admin)

    status, _ = send(admin, GREYSCALE)

    assert status == 303
    (made,) = kept(hall)
    assert (made.state, made.is_for_all, made.ordered_name) == (STANDING, True, "系统管理员")
    assert "网页灰度显示" in listed(admin)
    assert "全部网站" in listed(admin)
    ending = f"{NOTICES}{made.id}/ending"
    assert admin.post(ending, on=ending, reason="").status_code == 422
    assert admin.post(ending, on=ending, reason="悼念结束").status_code == 303
    assert kept(hall)[0].state == OVER
    assert "系统管理员 提前结束：悼念结束" in listed(admin)


def test_a_banner_is_put_over_chosen_tenants_at_a_later_time(
    hall: CityHall, admin: Browser
) -> None:
    status, _ = send(admin, BANNER, scope="chosen", tenants=str(HILL.tenant_id), begins_at=typed(1))

    assert status == 303
    (made,) = kept(hall)
    assert (made.state, made.is_for_all, made.tenant_ids) == (
        PLANNED_NOTICE,
        False,
        [HILL.tenant_id],
    )
    assert "待开始" in listed(admin)


def test_it_is_shown_before_it_is_ordered(hall: CityHall, admin: Browser) -> None:
    status, page = send(admin, BANNER, text="请勿外出", next="preview")

    assert status == 200
    assert "预览" in page
    assert "请勿外出" in page
    assert kept(hall) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"confirmed": ""}, "confirmed"),
        ({"reason": ""}, "reason"),
        ({"ends_at": ""}, "ends_at"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"scope": "chosen"}, "tenants"),
        ({"scope": "chosen", "tenants": "7"}, "tenants"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    hall: CityHall, admin: Browser, said: dict[str, str], field: str
) -> None:
    status, page = send(admin, BANNER, **said)

    assert status == 422
    assert f'href="#{field}' in page
    assert kept(hall) == []


def test_hostile_words_stay_words_on_the_citys_own_pages(admin: Browser) -> None:
    send(admin, BANNER, title="<script>alert(1)</script>", text='"><img src=x>')

    page = admin.get(NOTICES).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("role", ["ops", "security_admin", "audit_admin"])
def test_it_is_the_system_administrators_alone(hall: CityHall, role: str) -> None:
    browser = hall.browser(role)

    for path in (NOTICES, BANNER, GREYSCALE):
        assert browser.get(path).status_code == 403


def test_a_tenants_people_find_no_such_page(hall: CityHall) -> None:
    assert hall.browser("editor").get(NOTICES).status_code == 404


def test_it_needs_a_fresh_proof_of_who_one_is(hall: CityHall) -> None:
    permissions = {each.name: each for area in hall.runtime.areas for each in area.permissions}

    assert permissions["notices.order"].needs_proof


def test_what_does_not_exist_is_not_found(admin: Browser) -> None:
    assert admin.get(f"{NOTICES}{RIVER.tenant_id}/ending").status_code == 404
