"""What every page of the console shows, and to whom."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from hosting.console.application import UnguardedRoute, refuse_unguarded
from hosting.console.assets import FOLDER

OLD_ADDRESS = "/static/console/000000000000/css/base.css"


def token(client: FlaskClient) -> str:
    """A token for forms, as a page of this browser holds it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/t/plain").text)
    assert found
    return found[1]


def text_of(client: FlaskClient, address: str, selector: str) -> str:
    return " ".join(
        element.text_content()
        for element in html.fromstring(client.get(address).text).cssselect(selector)
    )


def test_the_menu_offers_what_this_person_may_do_here(client: FlaskClient) -> None:
    shown = text_of(client, "/t/river/guide", ".menu-sections")

    assert "待办" in shown
    assert "稿件" in shown
    assert "不给看的" not in shown
    assert "全市的" not in shown
    assert "修改口令" not in shown


def test_the_line_one_stands_on_is_marked(client: FlaskClient) -> None:
    assert text_of(client, "/t/river/list", ".menu [aria-current=page]").strip() == "稿件"


def test_addresses_in_a_tenant_stay_in_it(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/t/river/guide").text)

    links = {link.get("href") for link in page.cssselect(".menu-sections a")}
    assert "/t/river/list" in links
    assert page.cssselect(".finder")[0].get("action") == "/t/river/palette"


def test_one_click_changes_the_language_and_leads_back(client: FlaskClient) -> None:
    answer = client.post(
        "/language",
        data={"locale": "en", "back": "/t/river/list?page=2", "csrf_token": token(client)},
    )

    assert answer.status_code == 303
    assert answer.location == "/t/river/list?page=2"
    assert '<html lang="en">' in client.get("/t/river/list").text
    assert '<html lang="en">' in client.get("/t/plain").text


def test_the_browsers_language_does_not_change_the_page(client: FlaskClient) -> None:
    page = client.get("/t/plain", headers={"Accept-Language": "en-GB"}).text

    assert '<html lang="zh-CN">' in page


@pytest.mark.parametrize(("locale", "back"), [("fr", "/"), ("", "/"), ("../en", "/")])
def test_an_unknown_language_is_refused(client: FlaskClient, locale: str, back: str) -> None:
    answer = client.post(
        "/language", data={"locale": locale, "back": back, "csrf_token": token(client)}
    )

    assert answer.status_code == 422


def test_the_language_switch_leads_nowhere_else(client: FlaskClient) -> None:
    answer = client.post(
        "/language",
        data={"locale": "en", "back": "//evil.example/", "csrf_token": token(client)},
    )

    assert answer.location == "/"


def test_the_palette_finds_menu_lines_workplaces_and_what_areas_offer(client: FlaskClient) -> None:
    assert "图片与附件" in text_of(client, "/t/river/palette?q=附件", ".places")
    assert "市教育局" in text_of(client, "/t/river/palette?q=教育", ".places")
    assert "国庆节放假" in text_of(client, "/t/river/palette?q=国庆", ".places")
    assert "没有找到“无此物”" in client.get("/t/river/palette?q=无此物").text


def test_the_open_palette_gets_its_lines_alone(client: FlaskClient) -> None:
    part = client.get("/t/river/palette?q=稿件", headers={"HX-Request": "true"}).text

    assert "<html" not in part
    assert 'role="option"' in part


def test_what_is_typed_into_the_palette_is_shown_as_text(client: FlaskClient) -> None:
    typed = "<script>alert(1)</script>"

    assert typed not in client.get("/t/river/palette", query_string={"q": typed}).text


@pytest.mark.parametrize(
    ("kind", "says", "advises"),
    [
        ("403", "审发由审发人办理", "联系平台安全管理员"),
        ("409", "刚刚被他人改动", "刷新后核对"),
        ("422", "第 9 行日期有误", "修改后重新提交"),
        ("429", "次数过多", "稍等几分钟"),
        ("503", "数据库暂时不可用", "过一会儿再试"),
    ],
)
def test_a_refusal_says_what_happened_and_what_to_do(
    client: FlaskClient, kind: str, says: str, advises: str
) -> None:
    answer = client.get(f"/t/river/refused/{kind}")

    assert answer.status_code == int(kind)
    assert says in answer.text
    assert advises in answer.text
    assert ("Retry-After" in answer.headers) == (kind in ("429", "503"))


def test_a_refused_form_names_each_field_with_a_link_to_it(client: FlaskClient) -> None:
    answer = client.post("/t/river/form", data={"column": "1", "csrf_token": token(client)})

    page = html.fromstring(answer.text)
    links = [link.get("href") for link in page.cssselect("[role=alert] a")]
    assert answer.status_code == 422
    assert links == ["#title", "#formed_on"]
    [title] = page.cssselect("#title")
    assert title.get("aria-invalid") == "true"
    assert title.get("aria-describedby") == "title-help title-wrong"
    assert page.cssselect("#title-wrong")[0].text_content().strip() == "请填写此项"


def test_what_was_typed_comes_back_as_text(client: FlaskClient) -> None:
    typed = '"><script>alert(1)</script>'
    data = dict.fromkeys(("title", "summary", "body", "column"), typed)

    page = client.post("/t/river/form", data={**data, "csrf_token": token(client)}).text

    assert "<script>alert" not in page
    assert html.fromstring(page).cssselect("#title")[0].get("value") == typed


def test_a_confirmation_says_what_will_happen_before_it_asks(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/t/river/withdrawal").text)

    [confirm] = page.cssselect("#confirm")
    assert "同时撤下" in confirm.text_content()
    assert confirm.cssselect("form")[0].get("method") == "post"
    assert confirm.cssselect("a")[0].get("href") == "/t/river/list"


def test_long_work_is_asked_after_until_it_ends(client: FlaskClient) -> None:
    assert 'hx-get="/t/river/work/2"' in client.get("/t/river/work/1").text
    assert "hx-get" not in text_attributes(client.get("/t/river/work/3").text, "#import")


def text_attributes(page: str, selector: str) -> str:
    [element] = html.fromstring(page).cssselect(selector)
    return str(dict(element.attrib))


def test_static_files_are_kept_for_ever_under_their_digest(client: FlaskClient) -> None:
    sheet = re.search(
        r'href="(/static/console/[0-9a-f]{12}/css/base.css)"', client.get("/t/plain").text
    )
    assert sheet

    with client.get(sheet[1]) as current, client.get(OLD_ADDRESS) as old:
        assert "immutable" in current.headers["Cache-Control"]
        assert current.headers["Content-Type"].startswith("text/css")
        assert "immutable" not in old.headers["Cache-Control"]
        assert "no-cache" in old.headers["Cache-Control"]
        assert "Set-Cookie" not in current.headers


def test_every_icon_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (FOLDER / "icons.svg").read_text("utf-8")))
    templates = FOLDER.parent / "templates"

    used = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r"icon\('([\w-]+)'\)", path.read_text("utf-8"))
    }

    assert used - drawn == set()


def test_a_view_without_a_guard_stops_the_start(console: Flask) -> None:
    console.view_functions["forgotten"] = lambda: "everybody's"

    with pytest.raises(UnguardedRoute, match="forgotten"):
        refuse_unguarded(console)


@pytest.mark.parametrize(
    "path", ["/t/river/list/", "//t/river/list", "/t//river/list", "/palette/"]
)
def test_no_redirect_names_a_host(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url="http://evil.example/")

    assert "evil.example" not in answer.headers.get("Location", "")
    assert answer.status_code in (200, 404)


def test_the_first_page_leads_to_where_one_works(client: FlaskClient) -> None:
    answer = client.get("/", headers={"X-Signed-In": "yes"})

    assert answer.location == "/t/river/"


def test_who_works_nowhere_is_told_whom_to_ask(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 403
    assert "还没有分配到任何单位" in answer.text
