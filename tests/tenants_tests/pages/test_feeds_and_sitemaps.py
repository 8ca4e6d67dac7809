"""What a site's feeds and sitemaps name, and where readers' programs find them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
import time_machine
from lxml import etree
from sqlalchemy import delete, select
from werkzeug.test import Client, TestResponse

from hosting.directory.application import create_application
from hosting.publishing.models import StaleMark
from hosting.runtime.clock import now
from hosting.runtime.ids import id_text
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import Worker, drain
from parts.office import ISSUER, Desk, office
from parts.platform import Place
from tenants.pages.models import SitemapPart
from tenants.review.operations.withdraw import withdraw
from tenants.sites.events import SiteChanged

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "http://www.river.gov.cn:8000"


@pytest.fixture
def opened(runtime: Runtime, river: Place) -> Place:
    """The county's site with its first pages."""
    with office(runtime, river) as desk:
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
    drain(runtime)
    return river


def do(runtime: Runtime, place: Place, work: Callable[[Desk], Any]) -> Any:
    """Some work at the desk, published."""
    with office(runtime, place) as desk:
        done = work(desk)
    drain(runtime)
    return done


def issue(desk: Desk, title: str, **said: Any) -> int:
    edition = desk.write(title, **said)
    desk.pass_all(edition)
    return edition.item_id


def get(runtime: Runtime, place: Place, path: str) -> TestResponse:
    client = Client(create_application(runtime))
    return client.get(path, base_url=f"http://{place.host}", buffered=True)


def addresses(runtime: Runtime, place: Place, path: str) -> dict[str, str | None]:
    """What a sitemap names, with the time of the last change."""
    answer = get(runtime, place, path)
    assert answer.status_code == 200, path
    root = etree.fromstring(answer.data)
    found = {n.findtext(f"{SITEMAP}loc"): n.findtext(f"{SITEMAP}lastmod") for n in root}
    assert len(found) == len(root)
    return found


def all_addresses(runtime: Runtime, place: Place) -> Counter[str]:
    """Every address that the parts of the index name."""
    parts = addresses(runtime, place, "/sitemap.xml")
    return Counter(
        address.removeprefix(HOST)
        for part in parts
        for address in addresses(runtime, place, part.removeprefix(HOST))
    )


def titles(runtime: Runtime, place: Place, path: str) -> list[str]:
    return [item["title"] for item in json.loads(get(runtime, place, path).data)["items"]]


def test_every_public_page_stands_in_the_sitemaps_once(runtime: Runtime, opened: Place) -> None:
    def several(desk: Desk) -> None:
        other = desk.columns[1].id
        issue(desk, "两栏都显示的通知", extra_column_ids=(other,))
        issue(desk, "政策文件", column_id=other)
        desk.write("还没有审完的草稿")

    do(runtime, opened, several)

    named = all_addresses(runtime, opened)

    assert set(named.values()) == {1}
    items = [path for path in named if path.startswith("/art/")]
    assert len(items) == 2
    assert set(named) - set(items) == {"/", "/sitemap.html", "/tzgg/", "/zcwj/"}
    assert {get(runtime, opened, path).status_code for path in named} == {200}


def test_a_withdrawn_item_leaves_feeds_and_sitemaps(runtime: Runtime, opened: Place) -> None:
    item_id = do(runtime, opened, lambda desk: issue(desk, "将被撤回的通知"))
    column = do(runtime, opened, lambda desk: desk.columns[0].id)
    feeds = ("/feeds/site.jsonfeed", f"/feeds/{id_text(column)}.jsonfeed")
    assert [titles(runtime, opened, path) for path in feeds] == [["将被撤回的通知"]] * 2

    do(runtime, opened, lambda desk: withdraw(desk.session, item_id, reason="有误", by=ISSUER))

    assert [titles(runtime, opened, path) for path in feeds] == [[], []]
    assert not [path for path in all_addresses(runtime, opened) if path.startswith("/art/")]
    assert get(runtime, opened, f"/sitemap-{id_text(column)}-1.xml").status_code == 404


def test_sitemaps_say_when_an_item_was_issued(runtime: Runtime, opened: Place) -> None:
    do(runtime, opened, lambda desk: issue(desk, "通知"))
    column = do(runtime, opened, lambda desk: id_text(desk.columns[0].id))

    index = addresses(runtime, opened, "/sitemap.xml")
    [(_, issued)] = addresses(runtime, opened, f"/sitemap-{column}-1.xml").items()

    assert issued is not None
    assert datetime.fromisoformat(issued).tzinfo is not None
    changed = index.pop(f"{HOST}/sitemap-{column}-1.xml")
    assert changed is not None
    assert datetime.fromisoformat(changed) >= datetime.fromisoformat(issued)
    assert index == {f"{HOST}/sitemap-site-1.xml": None}


def test_the_index_says_when_a_part_lost_an_item(runtime: Runtime, opened: Place) -> None:
    do(runtime, opened, lambda desk: issue(desk, "留下的通知"))
    item_id = do(runtime, opened, lambda desk: issue(desk, "将被撤回的通知"))
    column = do(runtime, opened, lambda desk: id_text(desk.columns[0].id))
    part = f"{HOST}/sitemap-{column}-1.xml"
    before = addresses(runtime, opened, "/sitemap.xml")[part]

    with time_machine.travel(now() + timedelta(hours=1)):
        do(runtime, opened, lambda desk: withdraw(desk.session, item_id, reason="有误", by=ISSUER))

    after = addresses(runtime, opened, "/sitemap.xml")[part]
    assert before is not None
    assert after is not None
    assert datetime.fromisoformat(after) > datetime.fromisoformat(before)


def test_parts_from_before_changes_were_noted_stand_in_the_index(
    runtime: Runtime, opened: Place
) -> None:
    do(runtime, opened, lambda desk: issue(desk, "旧的通知"))
    column = do(runtime, opened, lambda desk: id_text(desk.columns[0].id))

    def forget(desk: Desk) -> None:
        desk.session.execute(delete(SitemapPart))
        desk.session.record(SiteChanged(opened.tenant_id, opened.site_id))

    do(runtime, opened, forget)

    assert addresses(runtime, opened, "/sitemap.xml")[f"{HOST}/sitemap-{column}-1.xml"] is None


def test_either_database_gives_the_same_lists(each_runtime: Runtime, river: Place) -> None:
    with office(each_runtime, river) as desk:
        desk.session.record(SiteChanged(river.tenant_id, river.site_id))
        both = (desk.columns[1].id,)
        for number in range(1, 4):
            issue(desk, f"第{number}号", extra_column_ids=both)
        withdrawn = issue(desk, "将被撤回")
        withdraw(desk.session, withdrawn, reason="有误", by=ISSUER)
        columns = [id_text(each.id) for each in desk.columns]
    drain(each_runtime)

    for name in ("site", *columns):
        path = f"/feeds/{name}.jsonfeed"
        assert titles(each_runtime, river, path) == ["第3号", "第2号", "第1号"]
    index = addresses(each_runtime, river, "/sitemap.xml")
    named = [f"{HOST}/sitemap-site-1.xml", f"{HOST}/sitemap-{columns[0]}-1.xml"]
    assert list(index) == named
    assert len(all_addresses(each_runtime, river)) == 4 + 3


def test_robots_txt_leads_to_the_sitemap(runtime: Runtime, opened: Place) -> None:
    lines = get(runtime, opened, "/robots.txt").text.splitlines()

    assert lines == ["User-agent: *", "Disallow: /-/", "", f"Sitemap: {HOST}/sitemap.xml"]


def test_pages_announce_feeds_that_are_there_with_their_types(
    runtime: Runtime, opened: Place
) -> None:
    do(runtime, opened, lambda desk: issue(desk, "防汛通知", summary="各镇："))

    announced = [*alternates(runtime, opened, "/"), *alternates(runtime, opened, "/tzgg/")]

    assert len(announced) == 6
    for link in announced:
        answer = get(runtime, opened, link["href"])
        assert answer.status_code == 200
        assert answer.mimetype == link["type"]
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "防汛通知" in answer.text
    assert alternates(runtime, opened, "/zcwj/") == [], "nothing was ever issued in this column"


def alternates(runtime: Runtime, place: Place, path: str) -> list[dict[str, str]]:
    page = html5lib.parse(get(runtime, place, path).data, namespaceHTMLElements=False)
    return [link.attrib for link in page.iter("link") if link.get("rel") == "alternate"]


def test_a_feed_says_what_the_item_says(runtime: Runtime, opened: Place) -> None:
    item_id = do(
        runtime,
        opened,
        lambda desk: issue(
            desk, "防汛 <通知>", source_name="水利局", author="李晓芸", body_html="<p>各镇：</p>"
        ),
    )

    entry = etree.fromstring(get(runtime, opened, "/feeds/site.atom").data).find(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}title") == "防汛 <通知>"
    assert entry.findtext(f"{ATOM}summary") == "各镇："
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "李晓芸"
    assert entry.find(f"{ATOM}category").get("term") == "通知公告"
    address = entry.find(f"{ATOM}link").get("href")
    assert address.startswith(f"{HOST}/art/")
    assert id_text(item_id) in address


def test_a_feed_holds_the_newest_twenty(runtime: Runtime, opened: Place) -> None:
    do(runtime, opened, lambda desk: [issue(desk, f"第{n}号") for n in range(1, 24)])

    assert titles(runtime, opened, "/feeds/site.jsonfeed") == [f"第{n}号" for n in range(23, 3, -1)]


def test_an_item_in_two_columns_is_one_entry_of_the_site(runtime: Runtime, opened: Place) -> None:
    def both(desk: Desk) -> tuple[int, int]:
        issue(desk, "两栏都显示", extra_column_ids=(desk.columns[1].id,))
        return desk.columns[0].id, desk.columns[1].id

    columns = do(runtime, opened, both)

    assert titles(runtime, opened, "/feeds/site.jsonfeed") == ["两栏都显示"]
    for column in columns:
        assert titles(runtime, opened, f"/feeds/{id_text(column)}.jsonfeed") == ["两栏都显示"]


def test_a_click_does_not_wait_for_feeds_which_follow_by_themselves(
    runtime: Runtime, opened: Place
) -> None:
    with office(runtime, opened) as desk:
        issue(desk, "防汛通知")
    worker = Worker(runtime)
    while worker.step():
        pass

    assert "防汛通知" in get(runtime, opened, "/tzgg/").text
    assert titles(runtime, opened, "/feeds/site.jsonfeed") == []

    drain(runtime)

    assert titles(runtime, opened, "/feeds/site.jsonfeed") == ["防汛通知"]
    with runtime.tenant_session(opened.tenant_id, reading=True) as session:
        assert session.scalars(select(StaleMark)).all() == []


def test_a_feed_of_another_tenant_is_not_here(runtime: Runtime, opened: Place, hill: Place) -> None:
    do(runtime, opened, lambda desk: issue(desk, "清河的通知"))
    do(runtime, hill, lambda desk: issue(desk, "教育局的通知"))
    theirs = do(runtime, hill, lambda desk: id_text(desk.columns[0].id))

    assert titles(runtime, opened, "/feeds/site.jsonfeed") == ["清河的通知"]
    assert get(runtime, opened, f"/feeds/{theirs}.rss").status_code == 404
    assert get(runtime, opened, f"/sitemap-{theirs}-1.xml").status_code == 404
