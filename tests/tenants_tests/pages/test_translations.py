"""An item in two languages: its pages lead to one another while both are public, and no longer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest

from hosting.directory.asking import Asker
from hosting.publishing.build import build_site
from hosting.publishing.tree import PublicFolder
from hosting.runtime.errors import Invalid
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.languages import english_desk, open_english
from parts.office import EDITOR, ISSUER, Desk, office
from parts.platform import Place
from tenants.content.importing import ImportedItem, import_items
from tenants.content.models import Edition
from tenants.content.operations import save_draft
from tenants.content.queries import content_of, item
from tenants.content.translations import translations_of, versions_of
from tenants.content.writing import clean_facts
from tenants.review.operations.withdraw import withdraw

WWW, EN = "http://www.river.gov.cn:8000", "http://en.river.gov.cn:8000"


@pytest.fixture
def english(runtime: Runtime, river: Place) -> Place:
    return open_english(runtime, river)


def issued(desk: Desk, title: str, **said: Any) -> tuple[int, str]:
    edition = desk.write(title, **said)
    desk.pass_all(edition)
    return edition.item_id, item(desk.session, edition.item_id).path


def both(runtime: Runtime, river: Place, english: Place) -> tuple[tuple[int, str], tuple[int, str]]:
    """An item and its translation, both public."""
    with office(runtime, river) as desk:
        original = issued(desk, "防汛通知")
    with english_desk(runtime, english) as desk:
        translation = issued(desk, "Flood warning", translation_of_id=original[0])
    drain(runtime)
    return original, translation


def page(runtime: Runtime, place: Place, path: str) -> str:
    return Asker(runtime).ask(place.host, path).body.decode()


def alternates(html: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', html))


def language_link(html: str) -> str:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    (tools,) = (each for each in tree.iter("ul") if each.get("class") == "tools")
    return next(each.get("href", "") for each in tools.iter("a") if each.get("hreflang"))


def test_both_pages_name_both_in_head_header_and_sitemap(
    runtime: Runtime, river: Place, english: Place
) -> None:
    (_, chinese_path), (_, english_path) = both(runtime, river, english)
    pages = page(runtime, river, chinese_path), page(runtime, english, english_path)

    wanted = {"zh-CN": WWW + chinese_path, "en": EN + english_path, "x-default": WWW + chinese_path}
    assert [alternates(each) for each in pages] == [wanted, wanted]
    assert language_link(pages[0]) == EN + english_path
    assert language_link(pages[1]) == WWW + chinese_path
    assert '"inLanguage":"en"' in pages[1]
    assert '<meta property="og:locale" content="en_US">' in pages[1]
    for place, own in ((river, WWW + chinese_path), (english, EN + english_path)):
        assert sitemap_links(runtime, place)[own] == wanted


def sitemap_links(runtime: Runtime, place: Place) -> dict[str, dict[str, str]]:
    """The alternates of each address that the site's sitemaps name."""
    index = page(runtime, place, "/sitemap.xml")
    parts = re.findall(r"<loc>http://[^/]*(/sitemap-[^<]*)</loc>", index)
    found = {}
    for part in parts:
        for url in page(runtime, place, part).split("<url>")[1:]:
            (address,) = re.findall("<loc>([^<]*)</loc>", url)
            found[address] = dict(re.findall(r'hreflang="([^"]*)" href="([^"]*)"', url))
    return found


def take_original(runtime: Runtime, river: Place, english: Place, original: int, _t: int) -> None:
    with office(runtime, river) as desk:
        withdraw(desk.session, original, reason="内容有误", by=ISSUER)


def take_translation(runtime: Runtime, _r: Place, english: Place, _o: int, own: int) -> None:
    with english_desk(runtime, english) as desk:
        withdraw(desk.session, own, reason="译文有误", by=ISSUER)


def translate_nothing(runtime: Runtime, _r: Place, english: Place, _o: int, own: int) -> None:
    with english_desk(runtime, english) as desk:
        facts = desk.facts("Flood warning")
        desk.pass_all(save_draft(desk.session, own, facts=facts, expected_digest=None, by=EDITOR))


@pytest.mark.parametrize("end", [take_original, take_translation, translate_nothing])
def test_nothing_leads_to_the_other_once_they_are_not_both_public(
    runtime: Runtime,
    river: Place,
    english: Place,
    end: Callable[[Runtime, Place, Place, int, int], None],
) -> None:
    (original, chinese_path), (translation, english_path) = both(runtime, river, english)
    end(runtime, river, english, original, translation)
    drain(runtime)

    for place, path in ((river, chinese_path), (english, english_path)):
        html = page(runtime, place, path)
        assert alternates(html) == {}
        other = EN + english_path if place is river else WWW + chinese_path
        assert other not in html
        assert sitemap_links(runtime, place).get(f"http://{place.host}:8000{path}", {}) == {}


def test_a_second_build_writes_nothing(runtime: Runtime, river: Place, english: Place) -> None:
    both(runtime, river, english)

    for place in (river, english):
        assert build_site(runtime, place.tenant_id, place.site_id, following=True).written == 0


def test_only_what_leads_to_it_is_made_again(
    runtime: Runtime, river: Place, english: Place
) -> None:
    with office(runtime, river) as desk:
        original, path = issued(desk, "防汛通知")
        issued(desk, "停水通知")
    drain(runtime)
    with english_desk(runtime, english) as desk:
        issued(desk, "Flood warning", translation_of_id=original)
    before = modified(runtime, river)
    drain(runtime)

    changed = {name for name, at in modified(runtime, river).items() if before.get(name) != at}
    assert {each.removesuffix(".gz") for each in changed if each.endswith(".html")} == {path[1:]}


def modified(runtime: Runtime, place: Place) -> dict[str, bytes]:
    tree = PublicFolder(runtime.settings.home).site(place.site_id).current.resolve()
    return {
        str(each.relative_to(tree)): each.read_bytes() for each in tree.rglob("*") if each.is_file()
    }


def test_what_it_is_a_translation_of_is_signed(
    runtime: Runtime, river: Place, english: Place
) -> None:
    with office(runtime, river) as desk:
        original, _ = issued(desk, "防汛通知")
    with english_desk(runtime, english) as desk:
        plain = desk.write("Flood warning")
        named = desk.write("Flood warning", translation_of_id=original)

        assert plain.digest != named.digest
        assert content_of(desk.session, named.id).digest() == named.digest


@pytest.mark.parametrize("what", ["missing", "foreign", "draft", "english", "withdrawn"])
def test_an_original_is_a_public_item_of_the_own_main_site(
    each_runtime: Runtime, river: Place, hill: Place, what: str
) -> None:
    english = open_english(each_runtime, river)
    originals = {"missing": 1}
    with office(each_runtime, hill) as desk:
        originals["foreign"], _ = issued(desk, "教育局通知")
    with office(each_runtime, river) as desk:
        originals["draft"] = desk.write("草稿").item_id
        originals["withdrawn"], _ = issued(desk, "撤下的通知")
        withdraw(desk.session, originals["withdrawn"], reason="内容有误", by=ISSUER)
    with english_desk(each_runtime, english) as desk:
        originals["english"], _ = issued(desk, "Flood warning")

    with pytest.raises(Invalid) as refused, english_desk(each_runtime, english) as desk:
        desk.write("Warning", translation_of_id=originals[what])

    assert [each.code for each in refused.value.problems] == ["no_such_original"]


def test_a_batch_names_no_original_that_a_person_could_not(
    runtime: Runtime, river: Place, hill: Place, english: Place
) -> None:
    with office(runtime, hill) as desk:
        foreign, _ = issued(desk, "教育局通知")

    with english_desk(runtime, english) as desk:
        facts = clean_facts(desk.facts("Notice", translation_of_id=foreign))
        rows = [ImportedItem("n1", facts)]
        with pytest.raises(Invalid) as refused:
            import_items(desk.session, english.site_id, rows, run="batch", by=EDITOR)

    assert [each.code for each in refused.value.problems] == ["no_such_original"]


def test_the_main_sites_items_are_translations_of_nothing(
    runtime: Runtime, river: Place, english: Place
) -> None:
    with office(runtime, river) as desk:
        original, _ = issued(desk, "防汛通知")

        with pytest.raises(Invalid) as refused:
            desk.write("又一篇", translation_of_id=original)

    assert [each.code for each in refused.value.problems] == ["not_foreign"]


def test_no_item_has_two_translations_on_one_site(each_runtime: Runtime, river: Place) -> None:
    english = open_english(each_runtime, river)
    (original, _), (translation, path) = both(each_runtime, river, english)
    with english_desk(each_runtime, english) as desk:
        with pytest.raises(Invalid) as refused:
            desk.write("Flood warning again", translation_of_id=original)

        found = translations_of(desk.session, original)
        versions = versions_of(desk.session, [translation], is_main=False)
    assert [each.code for each in refused.value.problems] == ["already_translated"]
    assert [each.id for each in found] == [translation]
    assert versions[translation][english.site_id].path == path


def test_a_translation_keeps_its_original_when_that_is_withdrawn(
    runtime: Runtime, river: Place, english: Place
) -> None:
    (original, _), (translation, _) = both(runtime, river, english)
    with office(runtime, river) as desk:
        withdraw(desk.session, original, reason="内容有误", by=ISSUER)
    with english_desk(runtime, english) as desk:
        facts = desk.facts("Flood warning, corrected", translation_of_id=original)
        saved: Edition = save_draft(
            desk.session, translation, facts=facts, expected_digest=None, by=EDITOR
        )

        assert content_of(desk.session, saved.id).translation_of_id == original
