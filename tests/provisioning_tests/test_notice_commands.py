"""`jiyue banner`: the operator's hand on all sites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hosting.publishing.tree import PublicFolder
from hosting.runtime.clock import local, now
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.office import office
from parts.platform import Place
from tenants.sites.events import SiteChanged

Jiyue = Callable[..., Any]


def at(hours: int) -> str:
    return f"{local(now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def read(runtime: Runtime, place: Place, name: str) -> str:
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    return (tree / name).read_text(encoding="utf-8")


def test_a_banner_is_set_listed_and_ended(
    runtime: Runtime, river: Place, hill: Place, jiyue: Jiyue
) -> None:
    for place in (river, hill):
        with office(runtime, place) as desk:
            desk.session.record(SiteChanged(place.tenant_id, place.site_id))
    drain(runtime)
    said = ("--until", at(6), "--level", "urgent", "--tenant", "river", "--reason", "市防指通知")

    done = jiyue("banner", "set", "台风红色预警", *said)

    assert (done.code, done.data["state"], done.data["for_all"]) == (0, "standing", False)
    assert "台风红色预警" in read(runtime, river, "index.html")
    assert "台风红色预警" not in read(runtime, hill, "index.html")
    number = done.data["id"]
    assert [each["id"] for each in jiyue("banner", "list").data] == [number]
    ended = jiyue("banner", "end", number, "--reason", "预警解除")
    assert (ended.code, ended.data["state"]) == (0, "over")
    assert "台风红色预警" not in read(runtime, river, "index.html")


def test_a_day_of_mourning_is_planned_by_the_clock_here(runtime: Runtime, jiyue: Jiyue) -> None:
    done = jiyue(
        "banner", "greyscale", "--from", at(5), "--until", at(29), "--reason", "国务院公告"
    )

    assert (done.code, done.data["kind"], done.data["state"]) == (0, "greyscale", "planned")
    assert timedelta(hours=4) < _begins(done.data) - now() < timedelta(hours=6)


def _begins(data: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(data["begins_at"])


def test_what_cannot_be_is_the_callers_mistake(runtime: Runtime, jiyue: Jiyue) -> None:
    wrong = jiyue("banner", "set", "预警", "--until", at(-1), "--reason", "演练")
    strange = jiyue("banner", "set", "预警", "--until", at(1), "--tenant", "x", "--reason", "演练")
    nothing = jiyue("banner", "end", "x", "--reason", "演练")

    assert (wrong.code, wrong.data["error"]["code"]) == (2, "wrong_notice")
    assert strange.code == 2
    assert (nothing.code, nothing.data["error"]["code"]) == (2, "wrong_number")
    assert jiyue("banner", "list").data == []
