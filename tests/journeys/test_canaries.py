"""What one tenant keeps shows up nowhere at another: every text that stands in a row is a canary.

The department's rows are read behind all walls; whatever text of theirs the county does not keep as
well is then looked for in all that the county's people and readers can get.
"""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest
from sqlalchemy import String, Text, select

from hosting.directory.asking import Asker
from hosting.publishing.blobs import open_store
from hosting.publishing.tree import PublicFolder
from hosting.runtime.records import Base, TenantRecord
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from hosting.security.actor import PLATFORM_ACTOR
from hosting.security.operations import RoleFacts, grant_role
from hosting.security.queries import account_by_login
from hosting.security.roles import TENANT_ROLES
from parts.people import Browser
from parts.platform import HILL, RIVER
from parts.workplace import PDF, Bench, Office, bench_of, login_of, picture
from tenants.content.columns import propose_column, standing
from tenants.content.facts import Attachment
from tenants.exchange.exporting import export_items
from tenants.review.operations.withdraw import withdraw
from tenants.sites.rules import ColumnProposal

OTHER = "市教育局"
"""What the other tenant is called."""

_SHORTEST = 4
_MOST_PAGES = 600
_LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def work(bench: Bench, whose: str) -> None:
    """Work of every kind, in words that nobody else uses."""
    photo = bench.keep(
        f"{whose}的照片.png", picture(40, 30, "#123456" if whose == "甲县" else "#654321")
    )
    table = bench.keep(f"{whose}的清单.pdf", PDF + whose.encode())
    said = {
        "subtitle": f"{whose}的副标题",
        "summary": f"{whose}的摘要文字",
        "keywords": f"{whose}关键词",
        "source_name": f"{whose}来源单位",
        "author": f"{whose}某作者",
        "doc_number": f"{whose}发〔2026〕8号",
        "issuing_body": f"{whose}发文机关",
        "theme_class": f"{whose}主题分类",
        "original_date": date(2015, 1, 1),
        "original_date_source": f"{whose}公报第三期",
        "body_html": f'<p>{whose}的正文<img src="{photo.path}" alt="{whose}图"></p>',
        "attachments": (Attachment(table.id, f"{whose}附件名"),),
    }
    bench.publish(bench.write(f"{whose}公开的文件", **said))
    bench.write(f"{whose}没写完的草稿", **said)
    bench.hand_in(bench.write(f"{whose}待审的文件", **said))
    returned = bench.hand_in(bench.write(f"{whose}退回的文件", **said))
    bench.sign(returned, "first", "return", f"{whose}的退回意见")
    gone = bench.publish(bench.write(f"{whose}撤下的文件", **said))
    withdraw(bench.session, gone.item_id, reason=f"{whose}撤稿原因", by=bench.actor("issuer"))
    node = bench.columns["/zwdt/"]
    facts = {**vars(standing(node).facts), "name": f"{whose}的栏目", "description": f"{whose}说明"}
    proposal = ColumnProposal(type(standing(node).facts)(**facts))
    propose_column(bench.session, node.id, proposal=proposal, by=bench.actor("tenant_admin"))


@pytest.fixture
def two(county: Office, department: Office) -> Office:
    """Both offices with work of every kind, all of it published; the county's."""
    for office, whose in ((county, "甲县"), (department, "乙局")):
        with bench_of(office) as bench:
            work(bench, whose)
    drain(county.runtime, seconds=120)
    return county


def texts_of(runtime: Runtime, tenant_id: int) -> set[str]:
    """Every text in every row of a tenant."""
    found: set[str] = set()
    with runtime.platform_session(reason="test", reading=True) as session:
        for mapper in Base.registry.mappers:
            if not issubclass(mapper.class_, TenantRecord):
                continue
            for row in session.scalars(
                select(mapper.class_).where(mapper.class_.tenant_id == tenant_id)
            ):
                for attribute in mapper.column_attrs:
                    kind = attribute.columns[0].type
                    value = getattr(row, attribute.key)
                    is_text = isinstance(kind, String | Text) and isinstance(value, str)
                    found |= {value} if is_text else set(_within(value))
    return found


def _within(value: object) -> Iterator[str]:
    """Texts of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _within(each)
    elif isinstance(value, list):
        for each in value:
            yield from _within(each)


def canaries(runtime: Runtime) -> list[str]:
    """What the department keeps and the county does not."""
    foreign = texts_of(runtime, HILL.tenant_id) - texts_of(runtime, RIVER.tenant_id)
    return sorted(
        each
        for each in foreign
        if len(each) >= _SHORTEST and (_CHINESE.search(each) or len(each) > 30)
    )


def singing(text: str, birds: list[str]) -> list[str]:
    """The canaries in a text, as it is or as markup and JSON write it."""
    plain = markup.unescape(text)
    return [each for each in birds if each in plain or json.dumps(each)[1:-1] in text]


def crawled(browser: Browser, first: str) -> Iterator[tuple[str, str]]:
    """(path, answer) of all that one finds by following links from a page of the console."""
    waiting, seen = [first], {first}
    while waiting and len(seen) < _MOST_PAGES:
        path = waiting.pop()
        answer = browser.get(path)
        if not answer.mimetype.startswith(("text/", "application/json")):
            continue
        yield path, answer.text
        for link in _LINK.findall(answer.text):
            address = markup.unescape(link)
            if address not in seen and not address.startswith("/static/"):
                seen.add(address)
                waiting.append(address)


def everybody(county: Office) -> Browser:
    """A person of the county who holds every role there."""
    with county.runtime.platform_session(reason="test") as session:
        account = account_by_login(session, login_of(RIVER, "editor"))
        for role in TENANT_ROLES:
            facts = RoleFacts(role, tenant_id=RIVER.tenant_id)
            grant_role(session, account, facts=facts, by=PLATFORM_ACTOR)
    return county.browser("editor")


def test_there_are_canaries_of_every_kind(two: Office) -> None:
    birds = "\n".join(canaries(two.runtime))

    for word in ("草稿", "退回意见", "撤稿原因", "附件名", "照片.png", "的栏目", "公报", "正文"):
        assert f"乙局{word}" in birds or word in birds, word
    assert len(canaries(two.runtime)) > 30


def test_no_page_of_the_console_shows_what_another_tenant_keeps(two: Office) -> None:
    birds, pages = canaries(two.runtime), dict(crawled(everybody(two), "/t/river/"))
    # What tenants are called is public: whose content is carried is chosen by name.
    pages = {
        path: text.replace(OTHER, "") if "/reposts" in path else text
        for path, text in pages.items()
    }

    assert {path: found for path, text in pages.items() if (found := singing(text, birds))} == {}
    assert len(pages) > 60
    assert "甲县没写完的草稿" in "".join(pages.values())


def test_no_search_or_filter_of_the_console_finds_what_another_tenant_keeps(two: Office) -> None:
    browser, birds = everybody(two), canaries(two.runtime)
    asked = ("items/?words={}", "media/?words={}", "palette?q={}")

    for bird in [each for each in birds if "乙局" in each and len(each) < 20]:
        for path in asked:
            text = browser.get(two.path(path.format(quote(bird)))).text
            found = [each for each in singing(text, birds) if each not in bird]
            assert found == [], (path, bird)


def test_no_public_page_or_file_of_a_site_holds_what_another_tenant_keeps(two: Office) -> None:
    birds = canaries(two.runtime)
    tree = PublicFolder(two.runtime.settings.home).site(RIVER.site_id).current.resolve()
    files = [each for each in tree.rglob("*") if each.is_file()]

    for file in files:
        assert singing(file.read_bytes().decode("utf-8", "ignore"), birds) == [], file
    assert any("甲县公开的文件" in f.read_text("utf-8", "ignore") for f in files)


def test_no_dynamic_page_of_a_site_finds_what_another_tenant_keeps(two: Office) -> None:
    birds, asker = canaries(two.runtime), Asker(two.runtime)
    with two.runtime.tenant_session(HILL.tenant_id, reading=True) as session:
        paths = [each for each in texts_of(two.runtime, HILL.tenant_id) if each.startswith("/art/")]
        assert session.tenant_id == HILL.tenant_id

    for bird in ("乙局公开的文件", "乙局"):
        answer = asker.ask(RIVER.host, f"/-/search?q={bird}")
        found = singing(answer.body.decode(), birds)
        assert [each for each in found if each not in bird] == []
    assert paths
    assert {asker.ask(RIVER.host, path).status for path in paths} == {404}


def test_no_export_or_store_of_a_tenant_holds_what_another_keeps(two: Office) -> None:
    birds, runtime = canaries(two.runtime), two.runtime
    lines = [
        json.dumps(each, ensure_ascii=False)
        for each in export_items(runtime, RIVER.tenant_id, RIVER.site_id)
    ]
    store = open_store(runtime.settings)

    assert singing("\n".join(lines), birds) == []
    assert len(lines) == 5
    own, foreign = (set(store.digests(each.tenant_id)) for each in (RIVER, HILL))
    assert not {each for each in birds if each in own}
    assert foreign - own
