"""Old pages are read by what they share and what is each one's own, not by class names."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from migrations.legacy.reading.dates import first_date, labelled_date
from migrations.legacy.reading.files import Kind
from migrations.legacy.reading.reader import read_site
from migrations.legacy.reading.sites import Site
from migrations.legacy.sources.mirror import Mirror
from parts.old_site import ARTICLES, Article
from parts.samples import samples_root

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_every_page_of_an_old_table_site_has_its_kind(old_site: Site) -> None:
    kinds = {address: page.kind for address, page in old_site.pages.items()}

    assert kinds["/index.asp"] is Kind.HOME
    assert [a for a, kind in kinds.items() if kind is Kind.LIST] == [
        f"/list.asp?cid={number}" for number in (1, 2, 3)
    ]
    assert [a for a, kind in kinds.items() if kind is Kind.ARTICLE] == [
        f"/show.asp?id={article.number}" for article in ARTICLES
    ]
    assert Kind.UNKNOWN not in kinds.values()


@pytest.mark.parametrize("article", ARTICLES, ids=lambda one: one.title)
def test_an_article_has_title_date_source_and_column(old_site: Site, article: Article) -> None:
    page = old_site.pages[f"/show.asp?id={article.number}"]

    assert page.title == article.title
    assert page.date is not None
    assert page.date.at == datetime.fromisoformat(article.date).replace(tzinfo=SHANGHAI)
    assert page.date_source == "page"
    assert page.source_name == article.source
    assert page.column == (article.column,)


def test_the_text_is_the_articles_own_and_nothing_around_it(old_site: Site) -> None:
    page = old_site.pages["/show.asp?id=1"]

    assert page.text.startswith("各村民委员会：汛期将至")
    assert page.text.endswith("附件：防汛预案.pdf")
    assert "朱镕江" in old_site.pages["/show.asp?id=2"].text


def test_a_table_of_facts_is_text_and_not_layout(old_site: Site) -> None:
    assert "财政所 预算、决算" in old_site.pages["/show.asp?id=3"].text


def test_pictures_and_files_are_known_also_where_they_are_gone(old_site: Site) -> None:
    held = old_site.pages["/show.asp?id=2"].images
    gone = old_site.pages["/show.asp?id=5"].images
    files = old_site.pages["/show.asp?id=1"].attachments

    assert [one.address for one in held] == ["/uploadfile/2009/hui.png"]
    assert [one.address for one in gone] == [None]
    assert [(one.name, one.address) for one in files] == [
        ("防汛预案.pdf", "/uploadfile/2009/fangxun.pdf")
    ]


def test_reading_twice_reads_the_same(old_folder: Path) -> None:
    one, other = (read_site(Mirror(old_folder), SHANGHAI) for _ in range(2))

    assert one.pages == other.pages
    assert one.columns == other.columns


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("【时间：2018年07月06日 16:06】", "2018-07-06T16:06:00"),
        ("更新时间：2019-01-02 发布时间：2018-12-31 08:00:01", "2018-12-31T08:00:01"),
        ("日　期：［２０１８－７－６］", "2018-07-06T00:00:00"),
        ("Date: 2018/7/6", "2018-07-06T00:00:00"),
    ],
)
def test_the_date_of_publication_is_told_from_others(text: str, written: str) -> None:
    found = labelled_date(text, SHANGHAI)

    assert found is not None
    assert found.at == datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)


def test_what_is_no_date_is_not_taken_for_one() -> None:
    assert first_date("2018-13-45", SHANGHAI) is None
    assert first_date("电话 1985-2003", SHANGHAI) is None


@pytest.mark.sample("sites/gxpopss_cn")
def test_the_first_real_site_is_read_whole(sample_site: Site) -> None:
    articles = list(sample_site.of_kind(Kind.ARTICLE))

    assert len(articles) == 73
    assert len(sample_site.markup()) == 92
    assert all(page.title and page.date and page.column for page in articles)
    assert all(page.text or page.images or page.attachments for page in articles)
    assert {page.column for page in articles} == {
        ("通知公告",),
        ("工作动态",),
        ("成果集萃",),
        ("资料下载",),
        ("首页大图",),
        ("联系我们",),
    }
    assert sum(1 for page in articles if page.source_name) == 60
    assert not any(mark in page.text for page in articles for mark in ("版权所有", "当前位置"))


@pytest.mark.sample("sites/gxpopss_cn")
def test_several_pages_of_one_list_are_one_column(sample_site: Site) -> None:
    column = next(one for one in sample_site.columns if one.names == ("通知公告",))

    assert column.addresses == tuple(f"/staticmores/003/003-{n}.html" for n in range(1, 8))


@pytest.mark.sample("sites/puchengedu_com")
def test_a_site_of_another_system_is_read_by_the_same_rules(sample_site: Site) -> None:
    articles = list(sample_site.of_kind(Kind.ARTICLE))

    assert len(articles) == 136
    assert sum(1 for _ in sample_site.of_kind(Kind.REDIRECT)) == 18
    assert all(page.title and page.date and page.column for page in articles)


@pytest.mark.sample("sites/hcdd_cq_cn")
def test_a_tangled_site_is_read_without_losing_its_articles(sample_site: Site) -> None:
    articles = {page.address for page in sample_site.of_kind(Kind.ARTICLE)}
    published = [page.address for page in sample_site.markup() if page.address.startswith("/info/")]

    assert len(published) == 74
    assert set(published) <= articles
    assert sum(1 for _ in sample_site.of_kind(Kind.HOME)) == 7


@pytest.mark.sample("pages/gne_tests")
def test_single_pages_of_any_site_are_read_by_weight() -> None:
    wanted = {
        "cjn": ("外媒眼中的武汉长假：蓬勃发展，欢声笑语", "2020-10-04"),
        "cmse": ("天宫一号与神舟九号载人交会对接任务第二场新闻发布会", "2012-06-24"),
        "sxmu": ("中华人民共和国监察法", "2018-05-17"),
        "xinhuanet": ("法国全国大罢工再次严重影响交通", "2019-12-10"),
    }
    for name, (title, day) in wanted.items():
        site = read_site(Mirror(samples_root() / "pages/gne_tests" / name), SHANGHAI)
        (page,) = site.of_kind(Kind.ARTICLE)

        assert page.title == title
        assert page.date is not None
        assert f"{page.date.at:%Y-%m-%d}" == day
        assert len(page.text) > 400
