"""The editor: what is typed is kept, files come in checked, nobody overwrites a colleague."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask import template_rendered
from sqlalchemy import select
from werkzeug.test import TestResponse

from hosting.runtime import web
from hosting.runtime.errors import Invalid
from hosting.security.audit import AuditEntry
from parts.people import Browser
from parts.platform import RIVER
from parts.workplace import PDF, Office, bench_of, picture
from tenants.content.facts import Attachment
from tenants.content.models import DRAFT
from tenants.content.queries import content_of, editions_of, item
from tenants.review.operations.signing import open_edition_of


def column_of(office: Office, path: str = "/tzgg/") -> int:
    with bench_of(office) as bench:
        return bench.columns[path].id


def create(office: Office, browser: Browser, **fields: object) -> TestResponse:
    new = office.path("items/new")
    return browser.post(new, on=new, **{"title": "公告", "column_id": column_of(office), **fields})


def digest_on(page: str) -> str:
    found = re.search(r'name="digest"[^>]* value="([^"]*)"', page)
    assert found
    return found[1]


def typed_in(page: str) -> set[str]:
    """What the fields of a page hold."""
    lines = re.findall(r'<input[^>]* value="([^"]*)"', page)
    areas = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    return {*lines, *areas, *chosen}


def send_file(browser: Browser, path: str, name: str, data: bytes) -> TestResponse:
    """What the editor's script does with a file."""
    return browser.client.post(
        path,
        data={"file": (io.BytesIO(data), name)},
        headers={
            "X-CSRFToken": browser.form_token("/t/river/items/new"),
            "Referer": browser.host + "/",
        },
        base_url=browser.host,
        environ_base=browser.environ,
    )


def test_all_that_is_typed_is_there_when_the_editor_opens_again(county: Office) -> None:
    editor = county.browser("editor")
    typed = {
        "title": "关于印发《若干措施》的通知",
        "subtitle": "（征求意见稿）",
        "summary": "摘要一句",
        "keywords": "营商环境、惠企",
        "source_name": "县政府办公室",
        "source_url": "https://www.river.gov.cn/",
        "author": "李晓芸",
        "original_date": "2019-05-01",
        "original_date_source": "县政府公报 2019 年第 3 期",
        "publish_at": "2030-01-01T09:30",
        "withdraw_at": "2030-02-01T00:30",
        "valid_until": "2035-12-31",
        "doc_number": "清政发〔2026〕8号",
        "index_no": "113400/2026-00031",
        "issuing_body": "清河县人民政府",
        "theme_class": "综合政务",
        "formed_date": "2026-11-03",
        "effective_date": "2026-12-01",
        "validity": "有效",
    }
    other = column_of(county, "/zwgk/zcjd/")

    answer = create(county, editor, **typed, extra_column_ids=[other], body_html="<p>正文一段</p>")

    page = unescape(editor.get(answer.location).text)
    for name, value in typed.items():
        assert value in typed_in(page), name
    assert f'value="{other}" checked' in page
    assert "<p>正文一段</p>" in page


def test_a_wrong_field_is_named_and_what_was_typed_stays(county: Office) -> None:
    editor = county.browser("editor")

    answer = create(
        county, editor, title="", original_date="2019-05-01", body_html="<p>我写的内容</p>"
    )
    page = unescape(answer.text)

    assert answer.status_code == 422
    assert "请填写此项" in page
    assert "我写的内容" in page

    answer = create(county, editor, original_date="2019-05-01", body_html="<p>我写的内容</p>")
    page = unescape(answer.text)

    assert answer.status_code == 422
    assert "填写原始日期时须注明日期出处" in page
    assert "我写的内容" in page


def test_what_a_colleague_saved_meanwhile_is_shown_and_what_i_typed_is_kept(
    county: Office,
) -> None:
    with bench_of(county) as bench:
        written = bench.write("公告", body_html="<p>周一至周五办理。</p>")
    editor, admin = county.browser("editor"), county.browser("tenant_admin")
    draft = county.path(f"items/{written.item_id}/draft")
    seen = digest_on(editor.get(draft).text)
    fields = {"title": "公告", "column_id": written.column_id}
    admin.post(
        draft, on=draft, **fields, digest=seen, body_html="<p>已改由行政审批局统一受理此事项。</p>"
    )

    refused = editor.post(draft, on=draft, **fields, digest=seen, body_html="<p>全周办理。</p>")
    page = unescape(refused.text)

    assert refused.status_code == 409
    assert "他人在您编辑期间保存了这篇稿件" in page
    assert "已改由行政审批局统一受理此事项" in page
    assert "<p>全周办理。</p>" in page

    kept = editor.post(
        draft, on=draft, **fields, digest=digest_on(refused.text), body_html="<p>全周办理。</p>"
    )

    assert kept.status_code == 303
    with bench_of(county) as bench:
        bodies = [each.body_html for each in editions_of(bench.session, written.item_id)]
    assert bodies == [
        "<p>全周办理。</p>",
        "<p>已改由行政审批局统一受理此事项。</p>",
        "<p>周一至周五办理。</p>",
    ]


def test_no_page_is_rendered_while_a_transaction_writes(county: Office) -> None:
    editor = county.browser("editor")
    writing: list[bool] = []

    def look(*_: object, **__: object) -> None:
        writing.append(not web.session().reading)

    with template_rendered.connected_to(look, county.app):
        create(county, editor, title="")
        create(county, editor, original_date="2019-05-01", body_html="<p>文</p>")
        editor.post(county.path("media/"), on=county.path("media/"))

    assert writing
    assert not any(writing)


def test_an_edit_in_review_sends_the_item_back_and_says_so_before(county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.bring_to(bench.write("公告"), "first")
    editor = county.browser("editor")
    draft = county.path(f"items/{written.item_id}/draft")

    warned = editor.get(draft).text
    editor.post(
        draft,
        on=draft,
        title="公告（改）",
        column_id=written.column_id,
        body_html="<p>新</p>",
        digest=written.digest,
    )

    assert "已有签署作废" in warned
    with bench_of(county) as bench:
        assert open_edition_of(bench.session, written.item_id).state == DRAFT


def test_files_are_attached_with_the_form_in_one_go(county: Office) -> None:
    editor = county.browser("editor")

    answer = create(
        county,
        editor,
        body_html="<p>文</p>",
        new_files=[(io.BytesIO(PDF), "清单（2026年）.pdf"), (io.BytesIO(picture()), "图.png")],
    )

    page = editor.get(answer.location).text
    assert answer.status_code == 303
    assert "清单（2026年）.pdf" in page
    assert "图.png" in page


def test_attachments_are_renamed_put_in_order_and_removed(county: Office) -> None:
    with bench_of(county) as bench:
        files = [bench.keep(f"{n}.pdf", PDF + b"%" * n + b"\n%%EOF\n") for n in (1, 2, 3)]
        written = bench.write(
            "公告", attachments=tuple(Attachment(each.id, each.name) for each in files)
        )
    editor = county.browser("editor")
    draft = county.path(f"items/{written.item_id}/draft")
    fields = {
        f"attachments-{place}-{name}": value
        for place, (each, position, label) in enumerate(
            zip(files, ("3", "1", "2"), ("附件三", "附件一", "不要"), strict=True)
        )
        for name, value in (("asset_id", each.id), ("position", position), ("name", label))
    }

    answer = editor.post(
        draft,
        on=draft,
        title="公告",
        column_id=written.column_id,
        digest=written.digest,
        body_html="<p>文</p>",
        **fields,
        **{"attachments-2-is_removed": "y"},
    )

    assert answer.status_code == 303
    with bench_of(county) as bench:
        saved = content_of(bench.session, open_edition_of(bench.session, written.item_id).id)
    assert [each.name for each in saved.facts.attachments] == ["附件一", "附件三"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("木马.php", b"<?php system($_GET['c']);", "程序类扩展名"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不能上传 SVG 图"),
        ("空.pdf", b"", "空文件"),
    ],
)
def test_a_file_that_may_not_come_in_is_refused_with_the_reason(
    county: Office, name: str, data: bytes, reason: str
) -> None:
    editor = county.browser("editor")
    upload = county.path("media/uploads")

    by_script = send_file(editor, upload, name, data)
    with_form = create(
        county, editor, body_html="<p>我写的</p>", new_files=[(io.BytesIO(data), name)]
    )

    assert by_script.status_code == 422
    assert reason in by_script.json["message"]
    assert with_form.status_code == 422
    assert reason in unescape(with_form.text)
    assert "<p>我写的</p>" in unescape(with_form.text)


def test_an_image_of_the_text_lies_here_while_one_writes_and_under_its_address_when_stored(
    county: Office,
) -> None:
    editor = county.browser("editor")

    sent = send_file(editor, county.path("media/uploads"), "现场.png", picture(30, 20))
    location = sent.json["location"]
    answer = create(county, editor, body_html=f'<p><img src="{location}" alt="现场"></p>')

    assert location.startswith("/t/river/m/")
    assert editor.get(location).mimetype == "image/png"
    item_id = int(answer.location.split("/")[-2])
    with bench_of(county) as bench:
        saved = content_of(bench.session, open_edition_of(bench.session, item_id).id)
    assert f'src="{location.removeprefix("/t/river")}"' in saved.edition.body_html
    assert [each.name for each in saved.images] == ["现场.png"]
    assert f'src="{location}"' in unescape(editor.get(answer.location).text)


def test_what_was_refused_comes_back_as_typed_but_for_what_could_act(county: Office) -> None:
    typed = (
        '<p style="text-indent:2em">正文</p><div role="dialog" class="msg" onclick="a()">窗</div>'
    )

    answer = create(county, county.browser("editor"), title="", body_html=typed)

    assert answer.status_code == 422
    shown = unescape(answer.text)
    assert '<p style="text-indent:2em">正文</p><div>窗</div>' in shown
    assert "onclick" not in shown


def test_a_file_that_is_brought_while_writing_is_on_record(county: Office) -> None:
    send_file(county.browser("editor"), county.path("media/uploads"), "现场.png", picture(30, 20))

    with county.runtime.tenant_session(RIVER.tenant_id, reading=True) as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert newest is not None
    assert (newest.action, newest.result) == ("assets_stored", "done")


def test_a_document_is_handed_over_and_never_shown_on_the_consoles_host(county: Office) -> None:
    with bench_of(county) as bench:
        path = bench.keep("清单.pdf", PDF).path

    answer = county.browser("editor").get(f"/t/{RIVER.code}{path}")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_draft_is_deleted_after_a_question(county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.write("写错的稿")
    editor = county.browser("editor")
    ask = county.path(f"items/{written.item_id}/deletion")

    asked = editor.get(ask)
    done = editor.post(ask, on=ask, digest=digest_on(asked.text))

    assert "无法恢复" in asked.text
    assert done.status_code == 303
    assert editor.get(county.path(f"items/{written.item_id}/")).status_code == 404


def test_two_versions_are_compared(county: Office) -> None:
    with bench_of(county) as bench:
        first = bench.write("公告", body_html="<p>周一办理。</p>")
        bench.change(first, title="公告", body_html="<p>周二办理。</p>")
        bench.change(first, title="通告", body_html="<p>周二办理。</p>")
    editor = county.browser("editor")
    versions = county.path(f"items/{first.item_id}/versions")

    latest = editor.get(versions).text
    chosen = editor.get(f"{versions}?before=1&after=3").text

    assert "第 2 版 → 第 3 版" in latest
    assert ">通</ins>" in latest
    assert ">一</del>" not in latest
    assert "第 1 版 → 第 3 版" in chosen
    assert ">一</del>" in chosen


def test_the_preview_leads_to_a_host_where_no_cookie_of_the_console_is(county: Office) -> None:
    with bench_of(county) as bench:
        written = bench.write("公告")
        path = item(bench.session, written.item_id).path

    answer = county.browser("editor").get(county.path(f"items/{written.item_id}/preview"))

    assert answer.status_code == 303
    assert re.fullmatch(rf"http://[a-z0-9]+\.preview\.localhost:8000{path}", answer.location)


@pytest.mark.parametrize("field", ["column_id", "extra_column_ids"])
def test_an_item_is_written_into_no_column_that_the_tenant_does_not_have(
    county: Office, field: str
) -> None:
    with bench_of(county) as bench:
        draft = bench.write("关于公布目录的通知")
        nowhere: object = 1 << 60
        said = {field: nowhere if field == "column_id" else (nowhere,)}

        with pytest.raises(Invalid) as answer:
            bench.change(draft, **said)

    assert [each.code for each in answer.value.problems] == ["no_such_column"]
