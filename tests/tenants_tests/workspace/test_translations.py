"""Editors of a tenant with an English site: where they write, what they translate, what is told."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from parts.languages import english_desk, open_english
from parts.platform import HILL, RIVER, Place
from parts.workplace import Office, bench_of
from tenants.content.models import Item
from tenants.content.queries import content_of, item
from tenants.review.operations.withdraw import withdraw


@pytest.fixture
def english(county: Office) -> Place:
    return open_english(county.runtime, RIVER)


def original_of(county: Office, title: str = "防汛通知") -> tuple[int, str]:
    with bench_of(county) as bench:
        edition = bench.publish(bench.write(title))
        return edition.item_id, item(bench.session, edition.item_id).path


def news(county: Office, english: Place) -> int:
    with english_desk(county.runtime, english) as desk:
        return desk.columns[0].id


def translate(county: Office, english: Place, original: int, path: str) -> int:
    """What an editor does: opens the draft, chooses a column, saves; the translation's id."""
    browser = county.browser("editor")
    new = county.path(f"items/new?site={english.site_id}&translation_of={original}")
    answer = browser.post(
        new,
        on=new,
        title="Flood warning",
        column_id=news(county, english),
        translation_of_id=f"http://www.river.gov.cn:8000{path}",
    )
    assert answer.status_code == 303, answer.text
    with english_desk(county.runtime, english) as desk:
        found = desk.session.scalars(select(Item).where(Item.site_id == english.site_id)).one()
        return found.id


def test_a_tenant_with_one_site_is_asked_for_none(county: Office) -> None:
    browser = county.browser("tenant_admin")
    pages = [browser.get(county.path(each)).text for each in ("items/", "columns/", "items/new")]

    assert all("English" not in page[page.index("<main") :] for page in pages)
    assert all("site=" not in page for page in pages)


def test_what_is_to_be_translated_stands_in_the_draft(county: Office, english: Place) -> None:
    original, path = original_of(county)
    page = county.browser("editor").get(
        county.path(f"items/new?site={english.site_id}&translation_of={original}")
    )

    assert 'value="防汛通知"' in page.text
    assert f'value="http://www.river.gov.cn:8000{path}"' in page.text
    assert "通知公告" not in page.text[page.text.index('name="column_id"') :]


def test_a_translation_stands_on_its_columns_site_and_names_its_original(
    county: Office, english: Place
) -> None:
    original, path = original_of(county)
    translation = translate(county, english, original, path)

    with english_desk(county.runtime, english) as desk:
        draft = item(desk.session, translation).draft_edition_id
        assert content_of(desk.session, draft or 0).translation_of_id == original
    page = county.browser("editor").get(county.path(f"items/{original}/")).text
    assert f"/items/{translation}/" in page
    assert "与原文一致" in page


@pytest.mark.parametrize("what", ["foreign", "own draft", "of the foreign-language site"])
def test_only_what_is_public_here_can_be_opened_for_translation(
    county: Office, department: Office, english: Place, what: str
) -> None:
    ids = {}
    with bench_of(department) as bench:
        ids["foreign"] = bench.publish(bench.write("教育局通知")).item_id
    with bench_of(county) as bench:
        ids["own draft"] = bench.write("草稿").item_id
    with english_desk(county.runtime, english) as desk:
        shown = desk.write("Flood warning")
        desk.pass_all(shown)
        ids["of the foreign-language site"] = shown.item_id
    browser = county.browser("editor")

    def opened(id_: int) -> tuple[int, str]:
        new = county.path(f"items/new?site={english.site_id}&translation_of={id_}")
        answer = browser.get(new)
        main = answer.text[answer.text.index("<body") :]
        return answer.status_code, re.sub(r'(value|nonce|id|href)="[^"]*"', "", main)

    assert opened(ids[what]) == opened(1)
    assert opened(ids[what])[0] == 404


def test_another_tenants_site_is_like_none(
    county: Office, department: Office, english: Place
) -> None:
    foreign = open_english(county.runtime, HILL)
    browser = county.browser("tenant_admin")
    asked = [browser.get(county.path(f"columns/?site={each}")) for each in (foreign.site_id, 1)]

    assert [each.status_code for each in asked] == [404, 404]


def test_the_desk_tells_of_originals_issued_anew_or_withdrawn(
    county: Office, english: Place
) -> None:
    original, path = original_of(county)
    translate(county, english, original, path)
    browser = county.browser("editor")
    before = browser.get(county.path("")).text
    with bench_of(county) as bench:
        live = item(bench.session, original).live_edition_id
        edition = content_of(bench.session, live or 0).edition
        bench.publish(bench.change(edition, body_html="<p>水位上涨。</p>"))
    behind = browser.get(county.path("")).text
    with bench_of(county) as bench:
        withdraw(bench.session, original, reason="内容有误", by=bench.actor("issuer"))
    alone = browser.get(county.path("")).text

    assert "译文需要处理" not in before
    assert "译文待更新" in behind
    assert "原文已撤下" in alone


def test_columns_are_shown_site_by_site_and_the_choice_stays(
    county: Office, english: Place
) -> None:
    browser = county.browser("tenant_admin")
    chinese = browser.get(county.path("columns/")).text
    page = browser.get(county.path(f"columns/?site={english.site_id}")).text

    assert "/news/" not in chinese
    assert "/news/" in page
    assert "/tzgg/" not in page
    assert f"/columns/new?site={english.site_id}" in page


def test_items_are_listed_by_site(county: Office, english: Place) -> None:
    original_of(county)
    with english_desk(county.runtime, english) as desk:
        desk.write("Flood warning")
    browser = county.browser("editor")

    def listed(query: str) -> list[str]:
        page = browser.get(county.path(f"items/{query}")).text
        return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)

    assert sorted(listed("")) == ["Flood warning", "防汛通知"]
    assert listed(f"?site={english.site_id}") == ["Flood warning"]
    assert listed(f"?site={RIVER.site_id}") == ["防汛通知"]


def test_the_list_of_originals_leads_to_what_there_is_of_them(
    county: Office, english: Place
) -> None:
    original, path = original_of(county)
    other, _ = original_of(county, "停水通知")
    translation = translate(county, english, original, path)

    page = county.browser("editor").get(county.path("translations/")).text

    assert f"/items/{translation}/" in page
    assert f"translation_of={other}" in page
    assert f"translation_of={original}" not in page
