"""The column tree and the library of files, by the hands of those who keep them."""

from __future__ import annotations

import io
from html import unescape

from hosting.publishing.blobs import open_store
from parts.workplace import PDF, Office, bench_of, picture
from tenants.content.facts import Attachment
from tenants.sites.queries import columns_of


def paths(office: Office) -> list[str]:
    with bench_of(office) as bench:
        return [each.path for each in columns_of(bench.session, bench.site_id)]


COLUMN = {"kind": "column", "column_type": "工作动态", "page_size": "20"}


def test_a_column_without_a_path_name_takes_the_letters_of_its_pinyin(county: Office) -> None:
    admin = county.browser("tenant_admin")
    new = county.path("columns/new")

    first = admin.post(new, on=new, name="人事信息", **COLUMN)
    second = admin.post(new, on=new, name="人事信箱", **COLUMN)

    assert first.status_code == second.status_code == 303
    assert "/rsxx/" in paths(county)
    assert "/rsxx2/" in paths(county)


def test_a_column_is_made_below_another(county: Office) -> None:
    with bench_of(county) as bench:
        parent = bench.columns["/tzgg/"].id
    admin = county.browser("tenant_admin")
    new = county.path(f"columns/new?parent={parent}")

    shown = admin.get(new).text
    made = admin.post(new, on=new, name="公示", slug="gs", **COLUMN)

    assert "在“通知公告”下新建栏目" in shown
    assert made.status_code == 303
    assert "/tzgg/gs/" in paths(county)


def test_what_is_wrong_with_a_column_is_said_at_its_field(county: Office) -> None:
    admin = county.browser("tenant_admin")
    new = county.path("columns/new")

    wrong = admin.post(new, on=new, name="栏目", slug="含中文", **COLUMN)
    taken = admin.post(new, on=new, name="栏目", slug="tzgg", **COLUMN)

    assert wrong.status_code == taken.status_code == 422
    assert 'id="slug-wrong"' in wrong.text
    assert "只能用小写字母、数字和连字符" in wrong.text
    assert 'id="slug-wrong"' in taken.text
    assert "已被占用" in taken.text


def test_empty_and_late_columns_are_named_on_the_first_page(county: Office) -> None:
    page = county.browser("editor").get(county.path("")).text

    assert "需要更新的栏目" in page
    assert "政务公开 › 政策文件 › 县政府文件" in page


def test_files_are_brought_found_and_shown(county: Office) -> None:
    editor = county.browser("editor")
    library = county.path("media/")

    brought = editor.post(
        library,
        on=library,
        files=[(io.BytesIO(picture()), "会议.png"), (io.BytesIO(PDF), "清单.pdf")],
    )
    all_ = editor.get(library).text
    images = editor.get(f"{library}?kind=image").text
    named = editor.get(f"{library}?words=清单").text

    assert brought.status_code == 303
    assert "会议.png" in all_
    assert "清单.pdf" in all_
    assert "清单.pdf" not in images
    assert "会议.png" not in named


def test_a_refused_file_leaves_nothing_behind(county: Office) -> None:
    editor = county.browser("editor")
    library = county.path("media/")

    refused = editor.post(library, on=library, files=[(io.BytesIO(b"<script>"), "页面.html")])
    none = editor.post(library, on=library)

    assert refused.status_code == 422
    assert "页面.html" in unescape(refused.text)
    assert none.status_code == 422
    assert "还没有文件" in editor.get(library).text


def test_a_file_names_the_items_that_show_it(county: Office) -> None:
    with bench_of(county) as bench:
        used, unused = bench.keep("清单.pdf", PDF), bench.keep("图.png", picture())
        bench.write("关于公布清单的公告", attachments=(Attachment(used.id, "清单"),))
    editor = county.browser("editor")

    assert "关于公布清单的公告" in editor.get(county.path(f"media/{used.id}/")).text
    assert "没有稿件使用这个文件" in editor.get(county.path(f"media/{unused.id}/")).text


def test_a_file_does_not_name_items_beyond_the_readers_reach(county: Office) -> None:
    with bench_of(county) as bench:
        used = bench.keep("清单.pdf", PDF)
        bench.write("关于公布清单的公告", attachments=(Attachment(used.id, "清单"),))

    page = county.browser("contributor").get(county.path(f"media/{used.id}/")).text

    assert "关于公布清单的公告" not in page
    assert "有 1 篇不在您职责范围内的稿件使用这个文件" in page
    assert "没有稿件使用这个文件" not in page


def test_pictures_are_listed_small(county: Office) -> None:
    with bench_of(county) as bench:
        large = bench.keep("大图.png", picture(1600, 1200))
    editor = county.browser("editor")

    small = editor.get(county.path(f"media/{large.id}/thumbnail"))

    assert small.mimetype == "image/jpeg"
    assert len(small.data) < 10_000


def test_a_file_whose_bytes_are_gone_is_not_found(county: Office) -> None:
    with bench_of(county) as bench:
        asset = bench.keep("图.png", picture())
    open_store(county.runtime.settings).delete(county.place.tenant_id, asset.digest)

    assert county.browser("editor").get(county.path(asset.path[1:])).status_code == 404
