"""What the rules ask of every header and footer (STANDARDS of the guide, 国徽法, ICP办法)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parts.specimens.items import NEWS_ITEM
from parts.specimens.pages import SITES, pages
from parts.specimens.sites import CITY, DEPARTMENT
from themes.contract import Banner, Marks, MessageView, Picture
from themes.registry import theme_names
from themes.renderer import render

THEMES = theme_names()


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_bears_the_required_marks(theme: str) -> None:
    site = SITES[theme]
    for kind, view in pages(theme).items():
        text = render(theme, view).decode()
        marks = view.site.marks

        for required in (
            view.site.name,
            f"主办单位</dt><dd>{view.site.sponsor}",
            f"网站标识码：{view.site.site_id_code}",
            marks.icp_number,
            marks.police_number,
            "党政机关网站标识",
            "我为政府网站找错",
            "站点地图",
            "IPv6",
        ):
            assert required in text, (kind, required)
    assert site.site_id_code in render(theme, MessageView(site=site, reason="gone")).decode()


def test_the_filing_numbers_lead_to_the_registers() -> None:
    text = render("city", NEWS_ITEM).decode()

    assert '<a href="https://beian.miit.gov.cn/" rel="external noopener">桂ICP备' in text
    assert "https://beian.mps.gov.cn/#/query/webSearch?code=45990002000001" in text


def test_marks_not_yet_issued_leave_no_trace() -> None:
    bare = replace(NEWS_ITEM, site=replace(CITY, marks=Marks(), site_id_code=""))

    text = render("city", bare).decode()

    for absent in ("党政机关网站标识", "找错", "网站标识码", "beian", "IPv6", "None"):
        assert absent not in text


def test_the_emblem_stands_only_where_one_was_uploaded() -> None:
    entitled = render("city", replace(NEWS_ITEM, site=CITY)).decode()
    department = render("department", replace(NEWS_ITEM, site=DEPARTMENT)).decode()

    assert 'class="emblem"' in entitled
    assert "国徽" in entitled
    assert 'class="emblem"' not in department


def test_official_artwork_replaces_the_words_of_a_mark() -> None:
    artwork = Picture("/m/0123456789abcdef/mark.png", "", 64, 80)
    site = replace(CITY, marks=replace(CITY.marks, gov_mark_picture=artwork))

    text = render("city", replace(NEWS_ITEM, site=site)).decode()

    assert '<img src="/m/0123456789abcdef/mark.png" alt="党政机关网站标识"' in text


def test_leaving_for_a_foreign_site_has_its_question_ready() -> None:
    text = render("city", NEWS_ITEM).decode()

    assert "您访问的链接即将离开“云溪市人民政府”网站，是否继续？" in text


def test_a_banner_stands_on_every_page_of_the_site() -> None:
    banner = Banner(title="本网站将于5月1日迁移", level="warning", path="/tzgg/")
    site = replace(CITY, banners=(banner,), banners_version="a1")
    for view in (replace(NEWS_ITEM, site=site), MessageView(site=site, reason="not_found")):
        page = render("city", view).decode()
        assert (
            '<section class="banner banner-warning" aria-label="警示公告：本网站将于5月1日迁移">'
            in page
        )
        assert page.index("本网站将于5月1日迁移") < page.index("<main")
        assert '/site.css?a1"' in page
