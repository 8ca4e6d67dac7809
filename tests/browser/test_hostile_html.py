"""Hostile HTML through every door, looked at in a real browser: nothing runs, loads or leads away.

What stands in a page's text is looked at without any policy, so that the sanitiser alone is
proven; the pages themselves with their policy, which has nothing to refuse, and without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hosting.publishing.headers import page_headers
from hosting.security.html import clean
from parts.hostile import documents, payloads
from parts.hostile_house import (
    HostileHouse,
    by_import,
    by_moving,
    by_the_editor,
    hostile_house,
    publish_hostile,
)
from parts.samples import samples_root
from parts.tripwire import Tripwire
from tenants.pages.preview import PREVIEW_HEADERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sample("hostile"), pytest.mark.timeout(1200)]

BLANK = "http://blank.localhost/"
_A_PAGE = 150
MOST = [60, pytest.param(230, marks=pytest.mark.prove)]
# What is seen of the work, and by whom. The editor's own component is among it.
SEEN = (
    ("editor", "items/"),
    ("editor", "items/{live.item_id}/"),
    ("editor", "items/{live.item_id}/versions"),
    ("editor", "items/{live.item_id}/draft"),
    ("editor", "items/{draft.item_id}/draft"),
    ("editor", "items/{draft.item_id}/deletion"),
    ("editor", "items/{returned.item_id}/"),
    ("editor", "media/"),
    ("editor", "palette?q=script"),
    ("editor", "items/?words=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"),
    ("issuer", "reviews/{revision.edition_id}/"),
    ("issuer", "items/{live.item_id}/withdrawal"),
    ("issuer", ""),
)
READ = (
    "/tzgg/",
    "{live.path}",
    "/-/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/-/search?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
)


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, quick_hashes: None
) -> Iterator[HostileHouse]:
    with hostile_house(tmp_path_factory.mktemp("hostile"), sqlite_template) as opened:
        yield opened


Watch = Callable[..., Tripwire]


@pytest.fixture
def watch(chromium: Browser) -> Iterator[Watch]:
    """`watch(heeds_policy=True)` opens a page that is watched."""
    contexts = []

    def open_one(*, heeds_policy: bool = True) -> Tripwire:
        context = chromium.new_context(locale="zh-CN", bypass_csp=not heeds_policy)
        contexts.append(context)
        tripwire = Tripwire(context.new_page(), ".localhost", heeds_policy)
        tripwire.lay()
        return tripwire

    yield open_one
    for context in contexts:
        context.close()


def shown(page: Page, tripwire: Tripwire, bodies: Sequence[str]) -> list[str]:
    """What texts do on a page that allows everything."""
    whole = "".join(f"<div>{body}</div>" for body in bodies)
    serve(page, whole, {})
    return tripwire.look(BLANK)


def serve(page: Page, body: str, headers: dict[str, str]) -> None:
    """Answer the blank address with these words."""
    html = f"<!doctype html><html><head><meta charset=utf-8></head><body>{body}</body></html>"
    sent = {"Content-Type": "text/html", **headers}
    page.unroute(BLANK)
    page.route(BLANK, lambda route: route.fulfill(body=html, headers=sent))


def guilty(tripwire: Tripwire, bodies: Sequence[str]) -> list[str]:
    """The texts that did something; many are looked at on one page."""
    found = []
    for start in range(0, len(bodies), _A_PAGE):
        part = bodies[start : start + _A_PAGE]
        if did := shown(tripwire.page, tripwire, part):
            found += [f"{did}: {each}" for each in part if shown(tripwire.page, tripwire, [each])]
    return found


def cases() -> list[str]:
    return payloads(samples_root() / "hostile")


def test_the_tripwire_is_set_off_by_what_nobody_cleaned(watch: Watch) -> None:
    """Or nothing below would prove anything."""
    tripwire = watch()

    set_off = [case for case in cases()[:80] if shown(tripwire.page, tripwire, [case])]

    assert len(set_off) > 30


@pytest.mark.parametrize("most", MOST)
def test_nothing_that_came_through_the_editor_acts(
    house: HostileHouse, watch: Watch, most: int, record_property: Callable[[str, object], None]
) -> None:
    kept = by_the_editor(house, cases()[:most])

    assert len(kept) > 0.8 * len(cases()[:most])
    record_property("tried", len(kept))
    assert guilty(watch(), list(kept.values())) == []


@pytest.mark.parametrize("most", [230, pytest.param(10_000, marks=pytest.mark.prove)])
def test_nothing_that_was_imported_acts(
    house: HostileHouse,
    watch: Watch,
    tmp_path: Path,
    most: int,
    record_property: Callable[[str, object], None],
) -> None:
    kept = by_import(house, cases()[:most], tmp_path)

    assert len(kept) == len(cases()[:most])
    record_property("tried", len(kept))
    assert guilty(watch(), list(kept.values())) == []


@pytest.mark.parametrize("most", MOST)
def test_nothing_that_moved_in_acts(
    house: HostileHouse,
    watch: Watch,
    tmp_path: Path,
    most: int,
    record_property: Callable[[str, object], None],
) -> None:
    kept = by_moving(house, cases()[:most], tmp_path)

    assert len(kept) > 0.4 * most
    record_property("tried", len(kept))
    assert guilty(watch(), kept) == []


@pytest.mark.parametrize("heeds_policy", [True, False], ids=["policy", "no policy"])
def test_no_page_lets_anything_act(house: HostileHouse, watch: Watch, heeds_policy: bool) -> None:
    if not house.work:
        publish_hostile(house, cases()[:230])
    tripwire, found = watch(heeds_policy=heeds_policy), {}
    for role, path in SEEN:
        house.enter(tripwire.page, role)
        if did := tripwire.look(house.console + house.office.path(house.placed(path))):
            found[f"{path} as {role}"] = did
    for path in READ:
        if did := tripwire.look(house.site + house.placed(path)):
            found[path] = did
    house.enter(tripwire.page, "editor")
    draft = f"items/{house.work['draft'].item_id}/preview"
    if did := tripwire.look(house.console + house.office.path(draft)):
        found[draft] = did

    assert found == {}


@pytest.mark.parametrize("whose", ["site", "console", "preview"])
def test_the_policy_stops_what_a_sanitiser_would_have_let_through(
    house: HostileHouse, watch: Watch, whose: str, record_property: Callable[[str, object], None]
) -> None:
    """Raw payloads under the headers of a page of ours."""
    tripwire = watch()
    heads = {"site": dict(page_headers("/a.html")), "preview": PREVIEW_HEADERS}
    heads["console"] = dict(house.office.browser("editor").get("/account").headers)
    policy = {"Content-Security-Policy": heads[whose]["Content-Security-Policy"]}
    raw, ran = [case for case in cases()[:230] if "alert" in case][::2], []
    for case in raw:
        serve(tripwire.page, case, policy)
        tripwire.look(BLANK)
        ran += [case] if tripwire.page.evaluate("window.tripped.length") else []

    record_property("tried", len(raw))
    assert len(raw) > 50
    assert ran == []


def test_documents_are_harmless_to_a_parser_too() -> None:
    folder = samples_root() / "hostile"

    assert [clean(clean(case)) for case in documents(folder)] == [
        clean(case) for case in documents(folder)
    ]
