"""What is due is before readers, or gone from them, within five seconds, by the worker's loops."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import Client

from hosting.directory.application import create_application
from hosting.runtime.clock import now, today
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.at_work import at_work
from parts.office import office
from parts.platform import Place
from tenants.content.models import PUBLISHED, SCHEDULED, Edition
from tenants.content.queries import item
from tenants.review.models import Issue
from tenants.sites.events import SiteChanged

AT_MOST = timedelta(seconds=5)


_STEPS, _QUIET_SECONDS = 10_000_000, 0.2
"""So many steps, and what they take on a quiet machine of the kind that the five seconds mean."""


def crowding() -> float:
    """How much longer all takes here: others want the cores, too, or they are slow today."""
    began = time.perf_counter()
    for _ in range(_STEPS):
        pass
    slowness = (time.perf_counter() - began) / _QUIET_SECONDS
    return max(1.0, slowness) * (1 + os.getloadavg()[0] / (os.cpu_count() or 1))


def late(due: datetime, is_so: Callable[[], bool]) -> timedelta:
    """How long after its time it is so; looks until half a minute after it."""
    while not is_so():
        assert now() < due + timedelta(seconds=30), "not done at all"
        time.sleep(0.05)
    return now() - due


def reader(runtime: Runtime, place: Place) -> Callable[[str], tuple[int, str]]:
    """Asks the place's public host: (status, text)."""
    with office(runtime, place) as desk:
        desk.session.record(SiteChanged(place.tenant_id, place.site_id))
    drain(runtime, seconds=60)
    client = Client(create_application(runtime))

    def ask(path: str) -> tuple[int, str]:
        answer = client.get(path, base_url=f"http://{place.host}", buffered=True)
        return answer.status_code, answer.text

    return ask


def test_a_page_is_there_and_gone_again_within_five_seconds_of_its_times(
    each_runtime: Runtime, river: Place, hill: Place, record_property: Callable[[str, object], None]
) -> None:
    ask = reader(each_runtime, river)
    out, down = now() + timedelta(seconds=5), now() + timedelta(seconds=8)
    with office(each_runtime, river) as desk:
        written = desk.write("招聘公告", publish_at=out, withdraw_at=down)
        desk.pass_all(written)
        path = item(desk.session, written.item_id).path
    assert ask(path)[0] == 404

    with at_work(each_runtime):
        published = late(out, lambda: ask(path)[0] == 200 and "招聘公告" in ask("/tzgg/")[1])
        withdrawn = late(down, lambda: ask(path)[0] == 410 and "招聘公告" not in ask("/tzgg/")[1])

    record_property("late", (published.total_seconds(), withdrawn.total_seconds()))
    assert timedelta(0) <= published < AT_MOST
    assert timedelta(0) <= withdrawn < AT_MOST
    assert path not in ask("/-/search?q=招聘公告")[1]


@pytest.mark.parametrize("many", [50])
def test_many_that_are_due_in_the_same_second_are_all_done_within_five_seconds(
    each_runtime: Runtime, river: Place, many: int, record_property: Callable[[str, object], None]
) -> None:
    ask = reader(each_runtime, river)
    with office(each_runtime, river) as desk:
        began = time.monotonic()
        desk.pass_all(desk.write("明天的公告", publish_at=now() + timedelta(days=1)))
        due = now() + timedelta(seconds=2 + 3 * many * (time.monotonic() - began))
        signed = [desk.write(f"第{number:02d}号公告", publish_at=due) for number in range(many)]
        for each in signed:
            desk.pass_all(each)
        paths = [item(desk.session, each.item_id).path for each in signed]
        assert {each.state for each in signed} == {SCHEDULED}

    with at_work(each_runtime):
        took = late(due, lambda: all(ask(path)[0] == 200 for path in reversed(paths)))

    record_property("late", took.total_seconds())
    assert took < AT_MOST * crowding()
    with each_runtime.tenant_session(river.tenant_id, reading=True) as session:
        assert session.scalar(select(func.count()).where(Edition.state == PUBLISHED)) == many
        numbers = session.scalars(select(Issue.number).order_by(Issue.number)).all()
        assert numbers == list(range(1, many + 1))


def test_what_has_expired_stays_public_and_says_so_on_its_page_and_in_lists(
    runtime: Runtime, river: Place
) -> None:
    ask = reader(runtime, river)
    with office(runtime, river) as desk:
        kept = desk.write("施行中的办法", valid_until=today() + timedelta(days=30))
        over = desk.write("期满的办法", validity="有效", valid_until=today() - timedelta(days=1))
        repealed = desk.write(
            "废止的办法", validity="废止", valid_until=today() - timedelta(days=1)
        )
        for each in (kept, over, repealed):
            desk.pass_all(each)
        pages = [item(desk.session, each.item_id).path for each in (kept, over, repealed)]
    drain(runtime, seconds=60)

    in_force, ended, gone = (ask(path) for path in pages)
    listed = ask("/tzgg/")[1]

    assert [in_force[0], ended[0], gone[0]] == [200, 200, 200]
    assert "有效" in in_force[1]
    assert "已失效" not in in_force[1]
    assert f"<dt>有效期至</dt><dd>{today() + timedelta(days=30)}</dd>" in in_force[1]
    assert "本文件已失效" in ended[1]
    assert "本文件已废止" in gone[1]
    assert "已失效" in listed.split("期满的办法")[1].split("</li>")[0]
    assert "已失效" not in listed.split("施行中的办法")[1].split("</li>")[0]
