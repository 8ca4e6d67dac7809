"""Sites of other widespread systems are read by the same rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from migrations.legacy.drafts import Surroundings, article_item
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.mirror import Mirror
from migrations_tests.conftest import SHANGHAI
from parts.old_kinds import (
    LAW_COLUMNS,
    PER_COLUMN,
    SCRIPT_COLUMNS,
    documents_by_law,
    listed_by_script,
)


def read(root: Path) -> Site:
    return read_site(Mirror(root), SHANGHAI)


def columns_of(site: Site) -> dict[tuple[str, ...], int]:
    articles = [page.column for page in site.of_kind(Kind.ARTICLE)]
    return {column.names: articles.count(column.names) for column in site.columns}


def test_lists_that_a_script_shows_are_read(tmp_path: Path) -> None:
    site = read(listed_by_script(tmp_path))

    lists = {page.address: len(page.entries) for page in site.of_kind(Kind.LIST)}

    assert lists == {f"/col/col{one}/index.html": PER_COLUMN for one in SCRIPT_COLUMNS}
    assert columns_of(site) == dict.fromkeys(SCRIPT_COLUMNS.values(), PER_COLUMN)


def test_articles_that_name_their_column_are_no_lists(tmp_path: Path) -> None:
    site = read(listed_by_script(tmp_path))

    articles = list(site.of_kind(Kind.ARTICLE))

    assert len(articles) == PER_COLUMN * len(SCRIPT_COLUMNS)
    assert all(one.date and one.source_name == "县府办" and one.text for one in articles)
    assert not [one for one in articles if "网站标识码" in one.text or "当前位置" in one.text]


def test_a_document_that_a_program_hands_out_is_missed_by_its_name(tmp_path: Path) -> None:
    site = read(listed_by_script(tmp_path))

    files = [one for page in site.of_kind(Kind.ARTICLE) for one in page.attachments]

    assert [(one.name, one.address) for one in files] == [("名单", None)] * len(SCRIPT_COLUMNS)


def test_the_table_above_a_document_is_kept(tmp_path: Path) -> None:
    site = read(documents_by_law(tmp_path))
    page = site.pages["/zwgk/gwgg/201005/t20100502_4014.htm"]

    around = Surroundings({}, {}, lambda _: None)
    facts = article_item(site, page, "1", column_id=1, around=around).facts.facts

    assert columns_of(site) == dict.fromkeys(LAW_COLUMNS.values(), PER_COLUMN)
    assert (facts.index_no, facts.doc_number) == ("00001/2010-4014", "区政发〔2010〕2号")
    assert (facts.issuing_body, facts.validity) == ("区政府办公室", "废止")
    assert facts.original_date == date(2010, 5, 2)
    assert "索引号" not in facts.body_html.replace(" ", "")


def test_cut_titles_and_pages_that_only_a_script_turns_do_no_harm(tmp_path: Path) -> None:
    site = read(documents_by_law(tmp_path))

    assert len(list(site.of_kind(Kind.ARTICLE))) == PER_COLUMN * len(LAW_COLUMNS)
    assert len(list(site.of_kind(Kind.LIST))) == 2 * len(LAW_COLUMNS)
    assert not [page for page in site.of_kind(Kind.ARTICLE) if page.title.endswith("...")]
