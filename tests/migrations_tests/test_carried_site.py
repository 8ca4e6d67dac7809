"""The old site that the project carries is read whole, and moved into the sample municipality."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from hosting.directory.queries import tenant_id_of
from hosting.runtime.runtime import Runtime
from migrations.legacy.demo import CODE, NAME, SAMPLE, move_old_site
from migrations.legacy.findings.finding import Finding
from migrations.legacy.findings.inspection import inspect
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.pages import Page
from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.mirror import Mirror
from migrations.legacy.steps.certificate import certify
from migrations_tests.conftest import SHANGHAI
from provisioning.demo.steps import open_people, open_tenants
from tenants.content.models import Item
from tenants.sites.models import Column

INJECTED = "http://tongji.kb-stat.invalid/js/kb.js"
SERVED = [f"/show.asp?id={number}" for number in range(101, 127)]


@pytest.fixture(scope="module")
def carried() -> Site:
    return read_site(Mirror(SAMPLE), SHANGHAI)


@pytest.fixture(scope="module")
def findings(carried: Site) -> list[Finding]:
    return inspect(carried, datetime(2026, 11, 1, tzinfo=UTC))


def served(site: Site) -> list[Page]:
    return [site.pages[address] for address in SERVED]


def test_every_article_has_what_an_article_has(carried: Site) -> None:
    lacking = {
        page.address
        for page in served(carried)
        if not (page.title and page.date and page.source_name and page.column and page.text)
    }

    assert {page.kind for page in served(carried)} == {Kind.ARTICLE}
    assert lacking == set()


def test_chrome_that_stands_around_a_whole_layout_stays_out_of_texts(carried: Site) -> None:
    texts = "".join(page.text for page in served(carried))

    assert not [word for word in ("版权所有", "上一篇", "您现在的位置", "点击：") if word in texts]


def test_a_column_with_one_text_is_an_article_among_lists(carried: Site) -> None:
    lists = {page.address for page in carried.of_kind(Kind.LIST)}

    assert carried.pages["/list.asp?cid=5"].kind is Kind.ARTICLE
    assert carried.pages["/list.asp?cid=5"].column == ("机构设置",)
    assert {f"/list.asp?cid={number}" for number in (1, 2, 3, 4)} <= lists
    assert carried.pages["/guestbook.asp"].kind is Kind.OTHER


def test_a_list_is_asked_for_by_its_first_page_too(carried: Site) -> None:
    assert "/list.asp?cid=1&page=1" in carried.pages["/list.asp?cid=1"].aliases


def test_what_befell_the_site_is_found(findings: list[Finding]) -> None:
    def targets(code: str) -> set[str]:
        return {one.target for one in findings if one.code == code}

    script = next(one for one in findings if one.code == "injected_script")
    assert (script.target, len(script.pages)) == (INJECTED, 36)
    assert {one.address for one in findings if one.code == "hidden_links"} == {
        "/index.asp",
        "/index.html",
        "/show.asp?id=101",
        "/show.asp?id=112",
        "/show.asp?id=118",
    }
    assert targets("missing_file") == {"/upload/2010/sfml.xls"}
    assert targets("missing_image") == {"/images/zt.gif", "/upload/2013/ykt.jpg"}
    assert targets("broken_link") >= {"/show.asp?id=997", "/show.asp?id=998"}
    assert [one.address for one in findings if one.code == "unlisted"] == ["/show.asp?id=109"]


def test_a_date_of_coming_into_force_is_no_signature(findings: list[Finding]) -> None:
    assert [one for one in findings if one.code == "date_before_content"] == []


def test_the_sample_municipality_has_its_old_site_moved_in(runtime: Runtime) -> None:
    open_tenants(runtime)
    open_people(runtime)

    told = move_old_site(runtime)
    again = move_old_site(runtime)

    tenant_id = tenant_id_of(runtime, CODE)
    account = certify(runtime, tenant_id, NAME)
    with runtime.tenant_session(tenant_id, reading=True) as session:
        items = session.scalar(select(func.count(Item.id)))
        notices = select(func.count(Column.id)).where(Column.name == "通知公告")
        assert session.scalar(notices) == 1, "the tenant's own column of the name is used"
    assert told["old_pages_public"] == len(SERVED)
    assert told["old_addresses_leading_here"] >= len(SERVED)
    assert again == {"old_pages_public": 0}
    assert account["adds_up"]
    assert items == len(SERVED) + 1
